// Batches of training images: every image once an epoch in random order, changed at random.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cupel/base/rng.hpp"
#include "cupel/data/images.hpp"
#include "cupel/training/train_images.hpp"

namespace cupel {

class ImageBatches {
 public:
  /// All references must outlive this. `batch` is at most the number of rows.
  ImageBatches(const ImageSet& images, std::span<const int> rows, const ImageScaler& scaler,
               const Augmentation& augmentation, int batch, std::uint64_t seed);

  /// The next batch: pixels [batch x channels x size x size], scaled. A new epoch begins when
  /// fewer images are left than a batch takes; those return in a later one.
  void next(std::span<float> pixels, std::span<int> labels);
  /// Batches in one epoch.
  int per_epoch() const { return static_cast<int>(rows_.size()) / batch_; }

 private:
  const ImageSet* images_;
  std::span<const int> rows_;
  const ImageScaler* scaler_;
  Augmentation augmentation_;
  int batch_;
  Rng rng_;
  std::vector<int> order_;
  std::size_t at_ = 0;
  std::vector<float> spare_;  ///< one image, before it is shifted
};

/// Changes one scaled image [channels x size x size] in place; `spare` has the same length.
/// Brightness and contrast are in the unit of the scaled image: its deviation is 1.
void augment(std::span<float> image, int channels, int size, const Augmentation& augmentation,
             Rng& rng, std::span<float> spare);

}  // namespace cupel
