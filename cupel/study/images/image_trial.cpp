#include "cupel/study/images/image_trial.hpp"

#include <algorithm>
#include <chrono>

#include "cupel/base/rng.hpp"
#include "cupel/network/cnn/image_engine.hpp"
#include "cupel/study/images/augmentation_kinds.hpp"
#include "cupel/study/images/image_design.hpp"

namespace cupel {
namespace {

/// Ours, where the source says nothing or its numbers need its length of training.
constexpr double kBriefRate = 0.003;  ///< Adam, Algorithm 1
constexpr double kRate = 0.05;        ///< SGD, with a cosine down to 0
constexpr double kPublishedRate = 0.001, kPublishedDecay = 0.001, kPublishedWarmUp = 1;
/// Multiply-adds a second that stand for the dearest latency.
constexpr double kSlowestMultiplyAdds = 1e10;

}  // namespace

ImageTrainOptions train_options(const ImageStudyData& data, const ImageCandidate& candidate,
                                const CandidateTraining& training) {
  ImageTrainOptions options{
      .epochs = training.epochs,
      .batch = batch_size(static_cast<int>(training.rows.size())),
      .l2 = candidate.l2,
      .l1 = candidate.l1,
      .augmentation = augmentation_of(candidate.augmentation, data.space.size),
      .precision = data.precision,
      .stop = training.stop};
  if (training.stage == ImageStage::shrink) {
    options.optimizer = ImageOptimizer::adam;
    options.learning_rate = kBriefRate;
    options.schedule = RateSchedule::constant;
  } else if (data.plan.published) {
    options.learning_rate = kPublishedRate;
    options.warm_up_epochs = kPublishedWarmUp;
    options.l2 = kPublishedDecay + candidate.l2;
  } else {
    options.learning_rate = kRate;
    options.schedule = RateSchedule::cosine;
    options.warm_up_epochs = std::min(1.0, training.epochs / 5);
  }
  return options;
}

ImageTrainResult train_topology(const ImageStudyData& data, const ImageTopology& topology,
                                const ImageTrainOptions& options, std::span<const int> rows,
                                std::uint64_t seed) {
  return train_images(initial_image_network(topology, mix_seed({seed, 1})), data.images(), rows,
                      data.scaler, options, mix_seed({seed, 2}));
}

ImageTrainResult train_candidate(const ImageStudyData& data, const ImageCandidate& candidate,
                                 const CandidateTraining& training, std::uint64_t seed) {
  return train_topology(data, topology_of(data.space, candidate.chain),
                        train_options(data, candidate, training), training.rows, seed);
}

double cost_value(const DesignOptions& options, const ImageNetworkCost& cost, double latency_s) {
  if (options.cost == "parameters") return static_cast<double>(cost.parameters);
  if (options.cost == "multiply-adds") return static_cast<double>(cost.multiply_adds);
  if (options.cost == "latency") return latency_s;
  return static_cast<double>(cost.topology);
}

WeightedScore score_of(const ImageStudyData& data, const DesignOptions& options) {
  const ImageNetworkCost largest = largest_cost(data.space);
  const double slowest = static_cast<double>(largest.multiply_adds) / kSlowestMultiplyAdds;
  return {.beta = options.beta,
          .accuracy_low = std::min(data.majority_rate(), 0.99),
          .cost_up = cost_value(options, largest, slowest)};
}

double latency_of(const ImageTopology& topology) {
  ImageEngine engine(topology, 1, EngineUse::prediction);
  engine.set_numbers(initial_image_network(topology, 1));
  std::ranges::fill(engine.images(), 0.5f);
  std::vector<double> seconds;
  for (int k = 0; k < 12; ++k) {
    const auto start = std::chrono::steady_clock::now();
    engine.predict();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::nth_element(seconds.begin(), seconds.begin() + 6, seconds.end());
  return seconds[6];
}

}  // namespace cupel
