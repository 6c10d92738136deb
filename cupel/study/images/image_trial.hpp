// Training of one candidate of an image study, and the score that it gets.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>

#include "cupel/study/images/image_data.hpp"

namespace cupel {

struct CandidateTraining {
  ImageStage stage = ImageStage::finals;
  double epochs = 0;
  std::span<const int> rows;  ///< images to learn from
  std::stop_token stop = {};
};

ImageTrainResult train_candidate(const ImageStudyData& data, const ImageCandidate& candidate,
                                 const CandidateTraining& training, std::uint64_t seed);
/// The same way for any topology, for reference networks.
ImageTrainResult train_topology(const ImageStudyData& data, const ImageTopology& topology,
                                const ImageTrainOptions& options, std::span<const int> rows,
                                std::uint64_t seed);
/// How a candidate is trained in a stage.
ImageTrainOptions train_options(const ImageStudyData& data, const ImageCandidate& candidate,
                                const CandidateTraining& training);

/// S with the limits of the options and the data.
WeightedScore score_of(const ImageStudyData& data, const DesignOptions& options);

/// Seconds for one image on one thread, the median of several.
double latency_of(const ImageTopology& topology);

}  // namespace cupel
