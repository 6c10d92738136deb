// Automatic design of image networks: from a folder to a front of networks, a pick trained on all
// design images, one look at the test images, and the model.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cupel/model/image_model.hpp"
#include "cupel/study/design.hpp"
#include "cupel/study/images/image_data.hpp"
#include "cupel/training/class_metrics.hpp"

namespace cupel {

/// A trial of the search as tables show it.
struct ImageMember {
  int trial = 0;
  ImageCandidate candidate;
  ImageNetworkCost cost;
  double epochs = 0;
  double accuracy = 0;  ///< on validation images, trained on training images only
  double f1 = 0, recall = 0;
  double score = 0;      ///< S
  double latency_s = 0;  ///< one image on one thread; measured here, 0 where it was not
  std::string text() const { return chain_text(candidate.chain); }
};

struct ReferenceResult {
  std::string name;
  int scale = 1;  ///< its widths are the published ones over this
  ImageNetworkCost cost;
  ClassFigures validation;
  std::optional<ClassFigures> test;
  double latency_s = 0;
};

/// Means over the six trials of best S at one β.
struct BetaRow {
  double beta = 0, accuracy = 0, parameters = 0, topology = 0, score = 0;
};

struct ImageDesignResult {
  DesignEnd end = DesignEnd::complete;
  std::vector<Trial> trials;
  int failed_trials = 0;
  int augmentation = 0;
  std::optional<Effectiveness> effectiveness;  ///< of Algorithm 1
  CellChoice kept;
  WeightedScore score;
  std::vector<ImageMember> ranked;  ///< of the last stage, best S first
  std::vector<ImageMember> front;   ///< not dominated in (error, cost), the cheapest first
  int picked = 0;                   ///< index into `ranked`
  std::string why;
  std::vector<BetaRow> beta_sweep;
  ClassFigures validation;  ///< of the pick trained on the training images only
  std::optional<ClassFigures> test;
  Matrix test_probabilities;
  Vector test_distance;  ///< in the space of features, valid up to 1
  double calibration_before = 0, calibration_after = 0;  ///< expected error, validation
  std::vector<ReferenceResult> references;
  ImageModel model;

  const ImageMember& pick() const { return ranked[static_cast<std::size_t>(picked)]; }
};

/// Runs a study, or continues it: stored trials answer at once. Throws Error{infeasible} when no
/// network could be trained.
ImageDesignResult design_images(ImageStudyData& data, const DesignOptions& options,
                                StudyFile& study, const RunControl& control);

/// What --json prints and the study keeps; without what differs between equal runs when
/// `canonical`.
Json image_result_json(const ImageStudyData& data, const DesignOptions& options,
                       const ImageDesignResult& result);

/// The cost that the options name.
double cost_value(const DesignOptions& options, const ImageNetworkCost& cost, double latency_s);

}  // namespace cupel
