#include "cupel/process/search_allowance.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/process/optimize.hpp"
#include "cupel/process/problem_text.hpp"
#include "tests/process/linear_model.hpp"

namespace cupel::test {
namespace {

/// linear_model() whose weights of the yield have independent deviations; nothing else errs but
/// the cost's bias.
Model uncertain_model() {
  Model model = linear_model();
  Uncertainty& known = model.members[0].uncertainty;
  known.factor = Matrix::Zero(6, 6);
  known.factor(0, 0) = known.factor(1, 1) = 0.01;
  known.factor(5, 5) = 0.2;
  known.noise = Vector::Ones(2);
  return model;
}

TEST(SearchAllowance, KnowsTheNormalQuantile) {
  EXPECT_NEAR(normal_quantile(0.9), 1.281552, 1e-6);
  EXPECT_NEAR(normal_quantile(0.95), 1.644854, 1e-6);
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-9);
}

TEST(SearchAllowance, OnePlaceNeedsThePointwiseQuantileTwoIndependentOnesMore) {
  const Model model = uncertain_model();
  Matrix place(1, 2), two(2, 2);
  place << 5, 0;
  two << 5, 0, 0, 5;
  // 2000 draws: the standard error of a quantile at 0.9 is about 0.04.
  EXPECT_NEAR(simultaneous_quantiles(model, place, 0.9)[0], normal_quantile(0.9), 0.12);
  EXPECT_NEAR(simultaneous_quantiles(model, two, 0.9)[0], normal_quantile(std::sqrt(0.9)), 0.12);
  EXPECT_NEAR(simultaneous_quantiles(model, two, 0.9)[1], normal_quantile(0.9), 0.12)
      << "the cost errs by the same everywhere";
}

TEST(SearchAllowance, AllPlacesNeedNoMoreThanScheffe) {
  const Problem problem = parse_problem(
      {.maximize = {"yield"}, .limits = {"cost<=12"}, .interval = "plant"}, one(uncertain_model()));
  ASSERT_EQ(problem.allowance.size(), 2u);
  const double scheffe = std::sqrt(-2 * std::log(0.1));  // of two parameters
  EXPECT_GT(problem.allowance[0], 1.1);
  EXPECT_LT(problem.allowance[0] * normal_quantile(0.9), scheffe + 0.1);
}

TEST(SearchAllowance, LimitsCountWiderThanGoals) {
  Problem problem =
      parse_problem({.maximize = {"yield"}, .limits = {"yield<=12"}, .interval = "plant"},
                    one(uncertain_model()));
  const Candidate place = {6, 4};
  const PointState point = PointEvaluator(problem).states(std::span(&place, 1))[0];
  const double half = normal_quantile(0.9) * 0.01 * std::hypot(6, 4);
  EXPECT_NEAR(point.objectives[0].low, 10 - half, 1e-9);
  EXPECT_NEAR(point.limits[0].value.up, 10 + problem.allowance[0] * half, 1e-9);
}

TEST(SearchAllowance, ReadingsNeedNone) {
  const Problem problem = parse_problem({.maximize = {"yield"}}, one(uncertain_model()));
  EXPECT_TRUE(problem.allowance.empty());
}

}  // namespace
}  // namespace cupel::test
