#include "cupel/training/train_follower.hpp"

#include <algorithm>

#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

constexpr int kFewestToFollow = 3;
constexpr int kFollowerStarts = 3;
/// The follower has a function to copy, not noise to resist.
constexpr double kFollowerRidgeShare = 0.1;

/// The rows themselves, then twice as many points on lines between random pairs of them.
Matrix with_points_between(const Matrix& inputs, Rng& rng) {
  const int rows = static_cast<int>(inputs.rows());
  Matrix points(3 * rows, inputs.cols());
  points.topRows(rows) = inputs;
  for (int k = rows; k < 3 * rows; ++k) {
    const int from = rng.below(rows), to = rng.below(rows);
    points.row(k) = inputs.row(from) + rng.uniform(0, 0.5) * (inputs.row(to) - inputs.row(from));
  }
  return points;
}

std::vector<TrainResult> train_members(const Topology& topology, const Matrix& inputs,
                                       const Matrix& targets, const TrainOptions& options,
                                       std::uint64_t seed) {
  const PackedSamples samples(inputs, targets);
  std::vector<TrainResult> members;
  for (int start = 0; start < options.starts; ++start) {
    TrainOptions one = options;
    one.starts = 1;
    one.first.clear();
    if (start < static_cast<int>(options.first.size())) one.first = {options.first[start]};
    members.push_back(train(topology, samples, nullptr, one,
                            mix_seed({seed, static_cast<std::uint64_t>(start)})));
  }
  return members;
}

}  // namespace

TrainResult train_follower(const Topology& topology, const Matrix& inputs, const Matrix& targets,
                           const TrainOptions& options, std::uint64_t seed) {
  std::vector<TrainResult> members = train_members(topology, inputs, targets, options, seed);
  const auto failed = [](const TrainResult& member) {
    return member.reason == StopReason::not_finite || member.reason == StopReason::cancelled;
  };
  const auto best = std::min_element(
      members.begin(), members.end(), [&](const TrainResult& a, const TrainResult& b) {
        return failed(a) != failed(b) ? failed(b) : a.objective < b.objective;
      });
  const auto good = std::count_if(members.begin(), members.end(),
                                  [&](const TrainResult& member) { return !failed(member); });
  if (good < kFewestToFollow) return std::move(*best);
  Rng rng(mix_seed({seed, 0xF0110}));
  const Matrix points = with_points_between(inputs, rng);
  Matrix mean = Matrix::Zero(points.rows(), targets.cols());
  for (const TrainResult& member : members)
    if (!failed(member)) mean += predict(member.network, points) / static_cast<double>(good);
  TrainOptions follow = options;
  follow.loss = {};
  follow.ridge *= kFollowerRidgeShare;
  follow.starts = kFollowerStarts;
  follow.first = {best->network.parameters};
  follow.max_iterations = std::max(options.max_iterations, 1000);
  follow.progress_tolerance = 1e-4;
  TrainResult result =
      train(topology, PackedSamples(points, mean), nullptr, follow, mix_seed({seed, 0xF0111}));
  return failed(result) ? std::move(*best) : result;
}

}  // namespace cupel
