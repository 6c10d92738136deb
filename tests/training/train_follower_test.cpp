#include "cupel/training/train_follower.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

struct Problem {
  Matrix inputs, noisy, fresh, truth;
};

/// 120 noisy rows of a smooth function of three inputs, and 500 fresh rows without noise.
Problem noisy_problem(std::uint64_t seed) {
  Rng rng(seed);
  const auto draw = [&](int rows) {
    Matrix inputs(rows, 3);
    for (Eigen::Index k = 0; k < inputs.size(); ++k) inputs.data()[k] = rng.uniform(-1, 1);
    return inputs;
  };
  const auto function = [](const Matrix& x) {
    Matrix y(x.rows(), 1);
    for (Eigen::Index r = 0; r < x.rows(); ++r)
      y(r, 0) = std::sin(2.5 * x(r, 0)) + x(r, 1) * x(r, 2);
    return y;
  };
  Problem problem{.inputs = draw(120)};
  problem.noisy = function(problem.inputs);
  for (Eigen::Index r = 0; r < 120; ++r) problem.noisy(r, 0) += 0.4 * rng.normal();
  problem.fresh = draw(500);
  problem.truth = function(problem.fresh);
  return problem;
}

double error_of(const Mlp& network, const Problem& problem) {
  return (predict(network, problem.fresh) - problem.truth).squaredNorm() / 500;
}

const Topology kTopology{3, {{12, Activation::tanh}, {1, Activation::linear}}};

TEST(TrainFollower, ErrsLessThanTheSingleNetworks) {
  double single = 0, follower = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Problem problem = noisy_problem(seed);
    const PackedSamples samples(problem.inputs, problem.noisy);
    TrainOptions options{.ridge = 0.01};
    for (std::uint64_t k = 0; k < 8; ++k)
      single +=
          error_of(train(kTopology, samples, nullptr, options, 100 + k).network, problem) / 40;
    options.starts = 10;
    follower +=
        error_of(train_follower(kTopology, problem.inputs, problem.noisy, options, 7).network,
                 problem) /
        5;
  }
  EXPECT_LT(follower, 0.85 * single);
}

TEST(TrainFollower, TheSameSeedGivesTheSameBits) {
  const Problem problem = noisy_problem(1);
  const TrainOptions options{.ridge = 0.1, .starts = 4, .max_iterations = 60};
  const auto run = [&](std::uint64_t seed) {
    return train_follower(kTopology, problem.inputs, problem.noisy, options, seed)
        .network.parameters;
  };
  EXPECT_EQ(run(3), run(3));
  EXPECT_NE(run(3), run(4));
}

TEST(TrainFollower, OfTwoStartsTheBetterOneIsReturnedAsItIs) {
  const Problem problem = noisy_problem(2);
  const TrainOptions options{.starts = 2, .max_iterations = 80};
  const TrainResult result = train_follower(kTopology, problem.inputs, problem.noisy, options, 5);
  const PackedSamples samples(problem.inputs, problem.noisy);
  MlpEvaluator evaluator(kTopology);
  EXPECT_DOUBLE_EQ(result.objective, evaluator.loss(result.network.parameters, samples, {}));
}

TEST(TrainFollower, RemovedConnectionsStayRemoved) {
  const Problem problem = noisy_problem(3);
  TrainOptions options{.starts = 4, .max_iterations = 40};
  options.mask.assign(static_cast<std::size_t>(parameter_count(kTopology)), 1);
  options.mask[0] = options.mask[5] = options.mask[40] = 0;
  const Vector parameters =
      train_follower(kTopology, problem.inputs, problem.noisy, options, 5).network.parameters;
  for (int k : {0, 5, 40}) EXPECT_EQ(parameters[k], 0);
}

TEST(TrainFollower, TargetsThatAreNotNumbersAreReported) {
  Problem problem = noisy_problem(4);
  problem.noisy(3, 0) = std::nan("");
  const TrainResult result =
      train_follower(kTopology, problem.inputs, problem.noisy, {.starts = 4}, 5);
  EXPECT_EQ(result.reason, StopReason::not_finite);
}

}  // namespace
}  // namespace cupel
