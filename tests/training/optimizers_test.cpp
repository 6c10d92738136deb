#include <gtest/gtest.h>

#include <Eigen/QR>
#include <cmath>
#include <limits>

#include "cupel/training/line_search.hpp"
#include "cupel/training/optimizer.hpp"
#include "tests/support/network_cases.hpp"

namespace cupel {
namespace {

using test::random_values;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Minimizer {
  const char* name;
  DescentResult (*run)(const Objective&, Vector, const DescentOptions&, const Kernels&);
};
void PrintTo(const Minimizer& one, std::ostream* out) { *out << one.name; }

DescentResult run(const Minimizer& one, const Objective& objective, const Vector& start,
                  const DescentOptions& options) {
  return one.run(objective, start, options, select_kernels("auto"));
}

double rosenbrock(const Vector& x, Vector& gradient) {
  double value = 0;
  gradient.setZero();
  for (int k = 0; k + 1 < x.size(); ++k) {
    const double a = x[k + 1] - x[k] * x[k], b = 1 - x[k];
    value += 100 * a * a + b * b;
    gradient[k] += -400 * a * x[k] - 2 * b;
    gradient[k + 1] += 200 * a;
  }
  return value;
}

/// ½ (x-c)ᵀ A (x-c) with eigenvalues of A from 1 to `condition`.
struct Quadratic {
  Matrix a;
  Vector center;
  Quadratic(int n, double condition, std::uint64_t seed) : center(random_values(n, 1, seed, 3)) {
    const Matrix basis = random_values(n, n, seed + 1).householderQr().householderQ();
    Vector eigenvalues(n);
    for (int k = 0; k < n; ++k) eigenvalues[k] = std::pow(condition, n == 1 ? 0.0 : k / (n - 1.0));
    a = basis * eigenvalues.asDiagonal() * basis.transpose();
  }
  double operator()(const Vector& x, Vector& gradient) const {
    gradient = a * (x - center);
    return 0.5 * (x - center).dot(gradient);
  }
};

class EveryMinimizer : public testing::TestWithParam<Minimizer> {};
INSTANTIATE_TEST_SUITE_P(Optimizers, EveryMinimizer,
                         testing::Values(Minimizer{"bfgs", bfgs}, Minimizer{"lbfgs", lbfgs}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST_P(EveryMinimizer, FindsTheMinimumOfRosenbrocksValley) {
  for (const int n : {2, 5, 20}) {
    Vector start = Vector::Constant(n, -1.2);
    for (int k = 1; k < n; k += 2) start[k] = 1;
    const auto result =
        run(GetParam(), rosenbrock, start, {.max_iterations = 2000, .gradient_tolerance = 1e-9});
    EXPECT_LT((result.x.array() - 1).abs().maxCoeff(), 1e-7) << n << " variables";
    EXPECT_LT(result.evaluations, 1000);
  }
}

TEST_P(EveryMinimizer, SolvesConvexQuadraticsTo1e8) {
  for (const int n : {1, 2, 7, 40}) {
    const Quadratic problem(n, 1e3, static_cast<std::uint64_t>(n));
    const auto result = run(GetParam(), problem, Vector::Zero(n),
                            {.max_iterations = 1000, .gradient_tolerance = 1e-8});
    EXPECT_EQ(result.reason, StopReason::small_gradient) << stop_reason_text(result.reason);
    EXPECT_LT((result.x - problem.center).lpNorm<Eigen::Infinity>(), 1e-8) << n;
  }
}

TEST_P(EveryMinimizer, TheDescriptionOfAResultIsTrue) {
  const Quadratic problem(6, 50, 9);
  int evaluations = 0;
  const Objective counted = [&](const Vector& x, Vector& g) {
    return ++evaluations, problem(x, g);
  };
  const auto result = run(GetParam(), counted, Vector::Zero(6), {.max_iterations = 7});
  EXPECT_EQ(result.iterations, 7);
  EXPECT_EQ(result.reason, StopReason::max_iterations);
  EXPECT_EQ(result.evaluations, evaluations);
  Vector gradient(6);
  EXPECT_EQ(result.value, problem(result.x, gradient));
}

TEST_P(EveryMinimizer, TheValueNeverRises) {
  double last = kInfinity;
  DescentOptions options{.max_iterations = 200};
  options.stop_when = [&](int, const Vector&, double value) {
    EXPECT_LE(value, last);
    last = value;
    return false;
  };
  run(GetParam(), rosenbrock, Vector::Constant(8, -1), options);
  EXPECT_LT(last, 1e-8);
}

TEST_P(EveryMinimizer, StopsAtOnceWhereTheGradientVanishes) {
  const auto result = run(GetParam(), rosenbrock, Vector::Ones(4), {});
  EXPECT_EQ(result.reason, StopReason::small_gradient);
  EXPECT_EQ(result.iterations, 0);
}

TEST_P(EveryMinimizer, StopsWhenTheObserverAsks) {
  DescentOptions options;
  options.stop_when = [](int iteration, const Vector&, double) { return iteration == 3; };
  const auto result = run(GetParam(), rosenbrock, Vector::Constant(4, -1), options);
  EXPECT_EQ(result.reason, StopReason::no_improvement);
  EXPECT_EQ(result.iterations, 3);
}

TEST_P(EveryMinimizer, StopsForWantOfProgressOnAFlatTail) {
  const Objective quartic = [](const Vector& x, Vector& g) {
    g = x.array().cube() * 4;
    return 1 + x.array().pow(4).sum();
  };
  const auto result = run(GetParam(), quartic, Vector::Constant(3, 2.0),
                          {.gradient_tolerance = 0, .progress_tolerance = 1e-6});
  EXPECT_EQ(result.reason, StopReason::small_progress);
}

TEST_P(EveryMinimizer, SaysSoWhenNoLowerPointIsNear) {
  const Objective lies = [](const Vector& x, Vector& g) {  // gradient of the wrong sign
    g = -2 * x;
    return x.squaredNorm();
  };
  const auto result = run(GetParam(), lies, Vector::Ones(3), {});
  EXPECT_EQ(result.reason, StopReason::no_descent);
  EXPECT_EQ(result.x, Vector::Ones(3));
}

TEST_P(EveryMinimizer, SaysSoWhenTheStartIsNotFinite) {
  for (const double bad : {kInfinity, -kInfinity, std::nan("")}) {
    const Objective value = [&](const Vector&, Vector& g) { return g.setOnes(), bad; };
    EXPECT_EQ(run(GetParam(), value, Vector::Ones(3), {}).reason, StopReason::not_finite);
    const Objective slope = [&](const Vector&, Vector& g) { return g.setConstant(bad), 1.0; };
    EXPECT_EQ(run(GetParam(), slope, Vector::Ones(3), {}).reason, StopReason::not_finite);
  }
}

TEST_P(EveryMinimizer, WalksAroundARegionThatIsNotFinite) {
  const Objective logarithm = [](const Vector& x, Vector& g) {  // minimum 1 at x = 1
    g = (1 - x.array().inverse()).matrix();
    return x.minCoeff() > 0 ? (x.array() - x.array().log()).sum() : std::nan("");
  };
  const auto result =
      run(GetParam(), logarithm, Vector::Constant(2, 0.01), {.gradient_tolerance = 1e-9});
  EXPECT_LT((result.x.array() - 1).abs().maxCoeff(), 1e-8);
}

TEST_P(EveryMinimizer, NoStepIsLongerThanAllowed) {
  Vector last = Vector::Constant(4, -1);
  DescentOptions options{.max_step = 0.05};
  options.stop_when = [&](int, const Vector& x, double) {
    EXPECT_LE((x - last).norm(), 0.05 * (1 + 1e-12));
    last = x;
    return false;
  };
  run(GetParam(), rosenbrock, last, options);
}

TEST(LineSearch, MeetsTheStrongWolfeConditions) {
  const LineOptions options;
  int checked = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    const int n = 1 + rng.below(6);
    const Vector origin = random_values(n, 1, seed, 2);
    const double waves = rng.uniform(0, 3);
    const Objective bumpy = [&](const Vector& x, Vector& g) {
      g = (2 * x.array() + waves * (5 * x.array()).cos()).matrix();
      return x.squaredNorm() + waves / 5 * (5 * x.array()).sin().sum();
    };
    Vector gradient(n);
    const double value = bumpy(origin, gradient);
    const Vector direction = -gradient * std::exp(rng.uniform(-6, 6));
    const double slope = gradient.dot(direction);
    if (!(slope < -1e-12)) continue;
    LineState state{Vector(n), Vector(n)};
    int evaluations = 0;
    const LinePoint found = line_search(bumpy, origin, direction, {0, value, slope}, options, state,
                                        evaluations, select_kernels("auto"));
    ASSERT_GT(found.step, 0) << "seed " << seed;
    EXPECT_LE(found.value, value + options.sufficient_decrease * found.step * slope);
    EXPECT_LE(std::abs(found.slope), options.curvature * std::abs(slope)) << "seed " << seed;
    EXPECT_LE(evaluations, options.max_evaluations);
    Vector there(n);
    EXPECT_EQ(found.value, bumpy(state.x, there));
    EXPECT_EQ(state.gradient, there);
    EXPECT_LT((state.x - origin - found.step * direction).norm(), 1e-12 * (1 + state.x.norm()));
    ++checked;
  }
  EXPECT_GT(checked, 250);
}

TEST(LineSearch, TakesTheLongestStepWhereTheValueFallsWithoutEnd) {
  const Objective fall = [](const Vector& x, Vector& g) { return g.setConstant(-1), -x[0]; };
  LineState state{Vector(1), Vector(1)};
  int evaluations = 0;
  const LinePoint found =
      line_search(fall, Vector::Zero(1), Vector::Ones(1), {0, 0, -1}, {.longest_step = 37}, state,
                  evaluations, select_kernels("auto"));
  EXPECT_EQ(found.step, 37);
}

}  // namespace
}  // namespace cupel
