#include "cupel/training/levenberg_marquardt.hpp"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>

#include "tests/support/box_problems.hpp"
#include "tests/support/naive_mlp.hpp"
#include "tests/support/network_cases.hpp"

namespace cupel {
namespace {

using test::random_values;

struct Fit {
  Topology topology;
  Matrix inputs, targets;
  PackedSamples samples;
  MlpEvaluator evaluator;
  LeastSquaresProblem problem;

  Fit(Topology shape, int rows, double ridge)
      : topology(std::move(shape)),
        inputs(random_values(rows, topology.inputs, 1, 1.5)),
        targets(smooth_targets(inputs, topology.outputs())),
        samples(inputs, targets),
        evaluator(topology) {
    problem = {&evaluator, &samples, Vector::Constant(parameter_count(topology), ridge),
               std::numeric_limits<double>::infinity(), nullptr};
  }
  static Matrix smooth_targets(const Matrix& inputs, int outputs) {
    Matrix targets(inputs.rows(), outputs);
    for (int o = 0; o < outputs; ++o)
      targets.col(o) = (inputs.rowwise().sum().array() * (0.6 + 0.3 * o)).sin() +
                       0.3 * inputs.col(0).array().square();
    return targets;
  }
  Vector start(std::uint64_t seed) const {
    return random_values(parameter_count(topology), 1, seed, 0.5);
  }
};

/// Half the gradient of SSE + Σ ridge θ² by the naive twin.
Vector naive_half_gradient(const Fit& fit, const Vector& x) {
  const auto naive = test::naive_loss_gradient(fit.topology, x, fit.inputs, fit.targets, {});
  return 0.5 * static_cast<double>(fit.targets.size()) * naive.gradient +
         fit.problem.ridge.cwiseProduct(x);
}

TEST(NormalEquations, MatchTheNaiveJacobian) {
  for (const int rows : {3, 64, 130, 700}) {
    Fit fit({4, {{5, Activation::tanh}, {3, Activation::logistic}}}, rows, 0.3);
    const Vector x = fit.start(2);
    const int n = static_cast<int>(x.size());
    Matrix gram, expected = Matrix::Zero(n, n);
    Vector half_gradient;
    const double value = normal_equations(fit.problem, x, gram, half_gradient);
    for (int o = 0; o < 3; ++o) {
      const Matrix jacobian = test::naive_jacobian(fit.topology, x, fit.inputs, o);
      expected += jacobian.transpose() * jacobian;
    }
    EXPECT_LT((gram - expected).cwiseAbs().maxCoeff(), 1e-11) << rows << " rows";
    EXPECT_LT((half_gradient - naive_half_gradient(fit, x)).cwiseAbs().maxCoeff(), 1e-11);
    EXPECT_NEAR(value, penalized_sse(fit.problem, x), 1e-10);
    const Matrix error = test::naive_predict(fit.topology, x, fit.inputs) - fit.targets;
    EXPECT_NEAR(value, error.squaredNorm() + 0.3 * x.squaredNorm(), 1e-9);
  }
}

TEST(LevenbergMarquardt, EqualsClosedFormRidgeForALinearNetwork) {
  Fit fit({5, {{1, Activation::linear}}}, 80, 2.5);
  Matrix design(80, 6);
  design << fit.inputs, Vector::Ones(80);
  Matrix normal = design.transpose() * design;
  normal.diagonal().array() += 2.5;
  const Vector expected = normal.llt().solve(design.transpose() * fit.targets);
  const auto result = levenberg_marquardt(fit.problem, fit.start(3), {.progress_tolerance = 0});
  EXPECT_LT((result.x - expected).cwiseAbs().maxCoeff(), 1e-9);
}

TEST(LevenbergMarquardt, ReachesAStationaryPoint) {
  Fit fit({3, {{4, Activation::tanh}, {2, Activation::linear}}}, 60, 1e-2);
  const auto result = levenberg_marquardt(
      fit.problem, fit.start(4),
      {.max_iterations = 2000, .progress_tolerance = 0, .gradient_tolerance = 1e-7});
  EXPECT_LT(naive_half_gradient(fit, result.x).cwiseAbs().maxCoeff(), 1e-5)
      << stop_reason_text(result.reason);
}

TEST(LevenbergMarquardt, MeetsTheOptimalityConditionsOfTheBox) {
  int held = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Fit fit({3, {{4, Activation::tanh}, {1, Activation::linear}}}, 60, 1e-3);
    fit.problem.bound = 0.4;
    const auto result = levenberg_marquardt(
        fit.problem, fit.start(seed),
        {.max_iterations = 3000, .progress_tolerance = 0, .gradient_tolerance = 1e-7});
    const Vector slope = naive_half_gradient(fit, result.x);
    for (int k = 0; k < slope.size(); ++k) {
      ASSERT_LE(std::abs(result.x[k]), 0.4);
      if (result.x[k] == 0.4) {
        EXPECT_LT(slope[k], 1e-5) << "seed " << seed << " parameter " << k;
        ++held;
      } else if (result.x[k] == -0.4) {
        EXPECT_GT(slope[k], -1e-5) << "seed " << seed << " parameter " << k;
        ++held;
      } else {
        EXPECT_NEAR(slope[k], 0, 1e-5) << "seed " << seed << " parameter " << k << ", stopped by "
                                       << stop_reason_text(result.reason);
      }
    }
  }
  EXPECT_GT(held, 0) << "no bound was active: the test says nothing";
}

const LmOptions kToTheEnd{.max_iterations = 5000,
                          .progress_tolerance = 0,
                          .gradient_tolerance = 4e-7,
                          .newton_below = 1e-4};

TEST(LevenbergMarquardt, MeetsTheOptimalityConditionsOfRandomProblems) {
  LmWorkspace work;
  for (std::uint64_t number = 0; number < 20; ++number) {
    const test::BoxProblem box(number);
    const auto result = thorough_minimum(box.problem, box.start, work);
    EXPECT_LT(test::optimality_residual(box.problem, result.x), 1e-6)
        << number << ": " << stop_reason_text(result.reason);
  }
}

TEST(LevenbergMarquardt, NewtonStepsEndWhereGaussNewtonStepsAreSlow) {
  const test::BoxProblem box(14);  // ridge 3: large residuals
  LmOptions slow = kToTheEnd;
  slow.newton_below = 0;
  const auto newton = levenberg_marquardt(box.problem, box.start, kToTheEnd),
             gauss = levenberg_marquardt(box.problem, box.start, slow);
  EXPECT_NEAR(newton.value, gauss.value, 1e-8 * gauss.value);
  EXPECT_LT(10 * newton.iterations, gauss.iterations);
}

TEST(LevenbergMarquardt, TheObjectiveNeverRisesAndIterationsAreCountedFromOne) {
  Fit fit({3, {{4, Activation::tanh}, {1, Activation::linear}}}, 60, 1e-3);
  double last = penalized_sse(fit.problem, fit.start(5));
  int expected = 0;
  LmOptions options{.max_iterations = 30, .progress_tolerance = 0};
  options.stop_when = [&](int iteration, const Vector&, double value) {
    EXPECT_EQ(iteration, ++expected);
    EXPECT_LT(value, last);
    last = value;
    return iteration == 20;
  };
  const auto result = levenberg_marquardt(fit.problem, fit.start(5), options);
  EXPECT_EQ(result.reason, StopReason::no_improvement);
  EXPECT_EQ(result.iterations, 20);
}

TEST(LevenbergMarquardt, EndsEvenWhenEveryDigitIsExhausted) {
  Fit fit({2, {{2, Activation::tanh}, {1, Activation::linear}}}, 40, 0);
  const auto result = levenberg_marquardt(
      fit.problem, fit.start(6),
      {.max_iterations = 5000, .progress_tolerance = 0, .gradient_tolerance = 0});
  EXPECT_NE(result.reason, StopReason::small_progress);
  EXPECT_TRUE(result.x.allFinite());
}

}  // namespace
}  // namespace cupel
