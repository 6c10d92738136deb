// An image study's data: the folder read, split and checked, the pixels' scale learned from the
// training images; and how its budget of work is spent, known before anything is trained.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/image_split.hpp"
#include "cupel/study/design_options.hpp"
#include "cupel/study/images/image_space.hpp"
#include "cupel/training/train_images.hpp"

namespace cupel {

/// The stages of the search; a trial's `repeat` is its stage.
enum class ImageStage {
  augmentation,  ///< one fixed network, trained with each kind of augmentation
  shrink,        ///< Algorithm 1 of tcnas: random networks of the whole space, trained briefly
  search,        ///< Algorithm 2, or generations: networks of the space that is left
  halve,         ///< the best third of them, trained three times as long
  finals,        ///< the best of those, at full length
};
constexpr int kImageStages = 5;
std::string_view stage_name(ImageStage stage);

struct ImageStagePlan {
  int trials = 0;
  double epochs = 0;
  /// More trials than that, up to `most`, as long as their work stays within `flop`.
  int most = 0;
  double flop = 0;
};

/// Work in floating-point operations, forward and backward.
struct ImagePlan {
  double flop = 0;       ///< of the whole budget
  double mean_flop = 0;  ///< of training a network of the space on one image, on average
  ImageStagePlan stages[kImageStages];
  double final_epochs = 0;
  bool published = false;
  ImageStagePlan& of(ImageStage stage) { return stages[static_cast<int>(stage)]; }
  const ImageStagePlan& of(ImageStage stage) const { return stages[static_cast<int>(stage)]; }
};

struct ImageStudyData {
  ImageFolder folder;
  ImageSplit split;
  std::vector<Finding> findings;
  ImageScaler scaler;  ///< of the training images
  ImageSpace space;    ///< with every cell of the table
  ImagePlan plan;
  ImagePrecision precision = ImagePrecision::f32;

  const ImageSet& images() const { return folder.images; }
  /// Labels of some images, in order.
  std::vector<int> labels(const std::vector<int>& rows) const;
  /// Share of the most frequent class among the validation images.
  double majority_rate() const;
};

/// Throws Error{bad_data} for folders that nothing can be learned from, Error{usage} for options
/// (cells, groups) that do not fit.
ImageStudyData load_image_data(const DesignOptions& options);

/// Images of a batch where so many are learned from: 64, or a quarter of few.
int batch_size(int images);

/// How the options' budget is spent on so many training images; sets the limits of `space`.
ImagePlan plan_images(const DesignOptions& options, ImageSpace& space, int images);

/// "3.2e13 floating-point operations: about 9 minutes at 30 GFLOP/s on each of 2 threads".
std::string plan_text(const ImagePlan& plan, int jobs);

}  // namespace cupel
