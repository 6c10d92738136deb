#include "cupel/training/train.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "cupel/base/error.hpp"
#include "cupel/training/penalized_loss.hpp"
#include "tests/support/naive_mlp.hpp"
#include "tests/support/network_cases.hpp"

namespace cupel {
namespace {

using test::random_values;
using enum Optimizer;

const Topology kTopology{3, {{5, Activation::tanh}, {2, Activation::linear}}};

struct Data {
  Matrix inputs, targets;
  PackedSamples samples{inputs, targets};
};

Data make_data(int rows, std::uint64_t seed, double noise = 0.05) {
  const Matrix inputs = random_values(rows, 3, seed, 1.5);
  Matrix targets = noise * random_values(rows, 2, seed + 1000);
  targets.col(0).array() += (1.3 * inputs.col(0) - inputs.col(1)).array().sin();
  targets.col(1).array() += inputs.col(2).array().square() - 0.7;
  return {inputs, targets};
}

class EveryOptimizer : public testing::TestWithParam<Optimizer> {
 protected:
  TrainOptions options(int iterations = 60) const {
    return {.optimizer = GetParam(), .max_iterations = iterations, .learning_rate = 0.01};
  }
};
INSTANTIATE_TEST_SUITE_P(Training, EveryOptimizer,
                         testing::Values(automatic, bfgs, lbfgs, levenberg_marquardt, adam,
                                         momentum),
                         [](const auto& one) {
                           std::string name(optimizer_name(one.param));
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

bool same_bits(const Vector& a, const Vector& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(double)) == 0;
}

TEST_P(EveryOptimizer, LowersTheLossFarBelowThatOfTheMean) {
  const Data data = make_data(150, 1);
  const TrainResult result = train(kTopology, data.samples, nullptr, options(300), 7);
  const Matrix centered = data.targets.rowwise() - data.targets.colwise().mean();
  EXPECT_LT(result.training_loss, 0.3 * centered.array().square().mean());
  EXPECT_FALSE(stop_reason_text(result.reason).empty());
  EXPECT_GT(result.iterations, 0);
  EXPECT_GT(result.evaluations, 0);
}

TEST_P(EveryOptimizer, MoreIterationsDoNotRaiseTheObjective) {
  const Data data = make_data(150, 2);
  const double few = train(kTopology, data.samples, nullptr, options(5), 7).objective;
  const double many = train(kTopology, data.samples, nullptr, options(200), 7).objective;
  EXPECT_LT(many, few);
}

TEST_P(EveryOptimizer, GivesTheSameBytesForTheSameSeedAndOthersForAnother) {
  const Data data = make_data(90, 3);
  const auto first = train(kTopology, data.samples, nullptr, options(), 7);
  const auto again = train(kTopology, data.samples, nullptr, options(), 7);
  EXPECT_TRUE(same_bits(first.network.parameters, again.network.parameters));
  EXPECT_EQ(first.evaluations, again.evaluations);
  const auto other = train(kTopology, data.samples, nullptr, options(), 8);
  EXPECT_FALSE(same_bits(first.network.parameters, other.network.parameters));
}

TEST_P(EveryOptimizer, GivesTheSameBytesWithEveryKernelSet) {
  const Data data = make_data(90, 4);
  TrainOptions portable = options(20);
  portable.kernels = "portable";
  const auto expected = train(kTopology, data.samples, nullptr, portable, 7);
  for (const Kernels* set : test::runnable_kernels()) {
    TrainOptions forced = options(20);
    forced.kernels = set->name;
    const auto result = train(kTopology, data.samples, nullptr, forced, 7);
    EXPECT_TRUE(same_bits(result.network.parameters, expected.network.parameters)) << set->name;
  }
}

TEST_P(EveryOptimizer, RemovedConnectionsStayZero) {
  const Data data = make_data(90, 5);
  TrainOptions masked = options();
  masked.ridge = 0.01;
  for (int k = 0; k < parameter_count(kTopology); ++k) masked.mask.push_back(k % 3 != 1);
  const TrainResult result = train(kTopology, data.samples, nullptr, masked, 7);
  ASSERT_EQ(result.network.mask, masked.mask);
  for (int k = 0; k < result.network.parameters.size(); ++k)
    EXPECT_EQ(result.network.parameters[k] == 0, !masked.mask[k]) << k;
}

TEST_P(EveryOptimizer, ReportsTheLossesOfTheNetworkItReturns) {
  const Data data = make_data(90, 6), held_out = make_data(40, 66);
  TrainOptions with_ridge = options(80);
  with_ridge.ridge = 0.1;
  with_ridge.bias_ridge = 0.02;
  with_ridge.patience = 15;
  const TrainResult result = train(kTopology, data.samples, &held_out.samples, with_ridge, 7);
  const Vector& x = result.network.parameters;
  const double plain = test::naive_loss_gradient(kTopology, x, data.inputs, data.targets, {}).loss;
  EXPECT_NEAR(result.training_loss, plain, 1e-13);
  ASSERT_TRUE(result.validation_loss);
  EXPECT_NEAR(*result.validation_loss,
              test::naive_loss_gradient(kTopology, x, held_out.inputs, held_out.targets, {}).loss,
              1e-13);
  double penalty = 0;
  for (int l = 0, inputs = 3; l < 2; inputs = kTopology.layers[l++].units) {
    const int weights = kTopology.layers[l].units * inputs;
    penalty += 0.1 * x.segment(layer_offset(kTopology, l), weights).squaredNorm();
    penalty +=
        0.02 *
        x.segment(layer_offset(kTopology, l) + weights, kTopology.layers[l].units).squaredNorm();
  }
  EXPECT_NEAR(result.objective, plain + penalty / 180, 1e-12);
}

TEST_P(EveryOptimizer, EarlyStoppingKeepsTheBestIteration) {
  const Data data = make_data(14, 8, 0.6), held_out = make_data(60, 88);
  TrainOptions patient = options(120);
  patient.patience = 1000000;
  const auto result = train(kTopology, data.samples, &held_out.samples, patient, 7);
  // Runs cut at every iteration: none of their ends may be better, and one is the same.
  double best = std::numeric_limits<double>::infinity();
  for (int cut = 1; cut <= result.iterations; ++cut) {
    const auto shorter = train(kTopology, data.samples, nullptr, options(cut), 7);
    MlpEvaluator evaluator(kTopology);
    best = std::min(best, evaluator.loss(shorter.network.parameters, held_out.samples, {}));
  }
  EXPECT_EQ(*result.validation_loss, best);
}

TEST_P(EveryOptimizer, PatienceEndsTheRunAndSaysSo) {
  const Data data = make_data(14, 9, 0.6), held_out = make_data(60, 99);
  TrainOptions impatient = options(2000);
  impatient.patience = 5;
  const auto result = train(kTopology, data.samples, &held_out.samples, impatient, 7);
  EXPECT_LT(result.iterations, 2000);
  EXPECT_TRUE(result.reason == StopReason::no_improvement ||
              result.reason == StopReason::small_progress)
      << stop_reason_text(result.reason);
}

TEST_P(EveryOptimizer, NaNTargetsAreReportedAsNotFinite) {
  Data data = make_data(30, 10);
  data.targets(17, 1) = std::nan("");
  const PackedSamples damaged(data.inputs, data.targets);
  TrainOptions several = options();
  several.starts = 3;
  const auto result = train(kTopology, damaged, nullptr, several, 7);
  EXPECT_EQ(result.reason, StopReason::not_finite);
  EXPECT_EQ(result.failed_starts, 3);
}

TEST_P(EveryOptimizer, NaNValidationTargetsAreReportedAsNotFinite) {
  const Data data = make_data(30, 11);
  Data held_out = make_data(20, 12);
  held_out.targets(3, 0) = std::nan("");
  const PackedSamples damaged(held_out.inputs, held_out.targets);
  TrainOptions patient = options();
  patient.patience = 5;
  EXPECT_EQ(train(kTopology, data.samples, &damaged, patient, 7).reason, StopReason::not_finite);
}

TEST_P(EveryOptimizer, TheBestOfSeveralStartsCounts) {
  const Data data = make_data(60, 13);
  TrainOptions several = options(30);
  several.starts = 6;
  const auto best = train(kTopology, data.samples, nullptr, several, 7);
  const auto one = train(kTopology, data.samples, nullptr, options(30), 7);
  EXPECT_LE(best.objective, one.objective);
  EXPECT_GT(best.evaluations, one.evaluations);
  several.starts = best.best_start + 1;  // the first starts do not depend on later ones
  EXPECT_TRUE(same_bits(train(kTopology, data.samples, nullptr, several, 7).network.parameters,
                        best.network.parameters));
}

TEST_P(EveryOptimizer, AStopRequestEndsTheRun) {
  const Data data = make_data(30, 14);
  std::stop_source source;
  source.request_stop();
  TrainOptions stopped = options(1000000);
  stopped.stop = source.get_token();
  EXPECT_EQ(train(kTopology, data.samples, nullptr, stopped, 7).reason, StopReason::cancelled);
}

TEST(Training, EveryLossCanBeTrainedAndFallsToAStationaryPoint) {
  const Data data = make_data(120, 15);
  for (const Loss& loss : {Loss{LossKind::mse, 1, 1}, Loss{LossKind::alpha_mix, 0.5, 1},
                           Loss{LossKind::alpha_mix, 0, 1}, Loss{LossKind::huber, 1, 0.5}}) {
    const auto result = train(kTopology, data.samples, nullptr,
                              {.loss = loss,
                               .ridge = 0.05,
                               .bias_ridge = 0.05,
                               .max_iterations = 5000,
                               .gradient_tolerance = 1e-6},
                              7);
    EXPECT_EQ(result.reason, StopReason::small_gradient) << stop_reason_text(result.reason);
  }
}

TEST(Training, PenaltyEntersValueAndGradientPerRow) {
  const Data data = make_data(40, 16);
  MlpEvaluator evaluator(kTopology);
  TrainOptions options{.ridge = 0.7, .bias_ridge = 0.1};
  PenalizedLoss objective(kTopology, evaluator, data.samples, options);
  Vector x = random_values(evaluator.parameters(), 1, 17), gradient(x.size()), unused(x.size());
  objective(x, gradient);
  for (int k = 0; k < x.size(); ++k) {
    const double middle = x[k], h = 1e-5;
    x[k] = middle + h;
    const double above = objective(x, unused);
    x[k] = middle - h;
    const double below = objective(x, unused);
    x[k] = middle;
    EXPECT_NEAR(gradient[k], (above - below) / (2 * h), 1e-8);
  }
}

TEST(Training, AutomaticIsDenseUpTo60ParametersAndLimitedMemoryAbove) {
  const Data data = make_data(60, 18);
  const auto parameters = [&](Optimizer optimizer, int hidden, int memory) {
    const Topology topology{3, {{hidden, Activation::tanh}, {2, Activation::linear}}};
    const TrainOptions options{.optimizer = optimizer, .max_iterations = 50, .memory = memory};
    return train(topology, data.samples, nullptr, options, 7).network.parameters;
  };
  EXPECT_TRUE(same_bits(parameters(automatic, 9, 10), parameters(bfgs, 9, 10)));     // 56
  EXPECT_TRUE(same_bits(parameters(automatic, 10, 10), parameters(lbfgs, 10, 30)));  // 62
}

struct BadOptions {
  const char* what;
  void (*spoil)(TrainOptions&);
};

TEST(Training, OptionsThatMakeNoSenseAreRefused) {
  const double nan = std::nan("");
  static_cast<void>(nan);
  const BadOptions bad[] = {
      {"no start", [](TrainOptions& o) { o.starts = 0; }},
      {"no iteration", [](TrainOptions& o) { o.max_iterations = 0; }},
      {"negative ridge", [](TrainOptions& o) { o.ridge = -1; }},
      {"ridge NaN", [](TrainOptions& o) { o.bias_ridge = std::nan(""); }},
      {"short mask",
       [](TrainOptions& o) {
         o.mask = {1, 0};
       }},
      {"Huber with levenberg-marquardt",
       [](TrainOptions& o) { o.optimizer = levenberg_marquardt, o.loss.kind = LossKind::huber; }},
      {"bound with lbfgs", [](TrainOptions& o) { o.optimizer = lbfgs, o.bound = 4; }},
      {"bound 0", [](TrainOptions& o) { o.optimizer = levenberg_marquardt, o.bound = 0; }},
      {"alpha 2", [](TrainOptions& o) { o.loss.alpha = 2; }},
      {"delta 0", [](TrainOptions& o) { o.loss.huber_delta = 0; }},
      {"memory 0", [](TrainOptions& o) { o.memory = 0; }},
      {"batch of 0", [](TrainOptions& o) { o.batch_rows = 0; }},
      {"rate 0", [](TrainOptions& o) { o.learning_rate = 0; }},
      {"hidden rate NaN", [](TrainOptions& o) { o.hidden_rate = std::nan(""); }},
      {"momentum 1", [](TrainOptions& o) { o.output_momentum = 1; }},
      {"negative patience", [](TrainOptions& o) { o.patience = -1; }},
      {"step 0", [](TrainOptions& o) { o.max_step = 0; }},
      {"range infinite", [](TrainOptions& o) { o.initial_range = 1.0 / 0.0; }},
      {"kernels v9", [](TrainOptions& o) { o.kernels = "v9"; }},
  };
  const Data data = make_data(20, 19);
  for (const BadOptions& one : bad) {
    TrainOptions options;
    one.spoil(options);
    try {
      train(kTopology, data.samples, nullptr, options, 7);
      ADD_FAILURE() << one.what << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << one.what;
    }
  }
}

TEST(Training, SamplesThatDoNotFitTheNetworkAreRefused) {
  const Data data = make_data(20, 20);
  EXPECT_THROW(train({4, kTopology.layers}, data.samples, nullptr, {}, 7), Error);
  EXPECT_THROW(train({3, {{1, Activation::linear}}}, data.samples, nullptr, {}, 7), Error);
  EXPECT_THROW(train({3, {}}, data.samples, nullptr, {}, 7), Error);
  const PackedSamples other(Matrix::Zero(5, 2), Matrix::Zero(5, 2));
  EXPECT_THROW(train(kTopology, data.samples, &other, {}, 7), Error);
  const PackedSamples none(Matrix(0, 3), Matrix(0, 2));
  EXPECT_THROW(train(kTopology, none, nullptr, {}, 7), Error);
}

TEST(Training, OptimizerNamesReadBack) {
  for (const Optimizer one : {automatic, bfgs, lbfgs, levenberg_marquardt, adam, momentum})
    EXPECT_EQ(optimizer_from_name(optimizer_name(one)), one);
  EXPECT_THROW(optimizer_from_name("sgd"), Error);
}

}  // namespace
}  // namespace cupel
