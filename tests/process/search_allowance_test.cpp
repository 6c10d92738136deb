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
  EXPECT_GT(problem.allowance[0], 1.4);
  EXPECT_LT(problem.allowance[0], scheffe + 0.1);
}

TEST(SearchAllowance, NearSomeSettingsNeedsLessThanEverywhere) {
  const Problem problem =
      parse_problem({.maximize = {"yield"}, .limits = {"cost<=12"}}, one(uncertain_model()));
  const std::vector<Candidate> settings = {{6, 0.1}, {6.1, 0.2}};
  const std::vector<double> near = allowance_near(problem, settings);
  ASSERT_EQ(near.size(), 2u);
  EXPECT_LT(near[0], problem.allowance[0] - 0.2);
  EXPECT_GT(near[0], normal_quantile(0.9) - 0.12);
  EXPECT_LE(near[1], problem.allowance[1]);
}

TEST(SearchAllowance, LimitsCountWiderThanGoals) {
  Problem problem =
      parse_problem({.maximize = {"yield"}, .limits = {"yield<=12"}, .interval = "plant"},
                    one(uncertain_model()));
  const Candidate place = {6, 4};
  const PointState point = PointEvaluator(problem).states(std::span(&place, 1))[0];
  const double deviation = 0.01 * std::hypot(6, 4);
  EXPECT_NEAR(point.objectives[0].low, 10 - normal_quantile(0.9) * deviation, 1e-9);
  EXPECT_NEAR(point.limits[0].value.up, 10 + problem.allowance[0] * deviation, 1e-9);
}

TEST(SearchAllowance, LimitsOfReadingsCountAtTheFartherEnd) {
  const Problem problem = parse_problem(
      {.maximize = {"yield"}, .limits = {"yield<=12", "cost<=12"}}, one(uncertain_model()));
  const Candidate place = {6, 4};
  const PointState point = PointEvaluator(problem).states(std::span(&place, 1))[0];
  const double reach = problem.allowance[0] * 0.01 * std::hypot(6, 4);
  EXPECT_NEAR(point.objectives[0].low, 9.9, 1e-9) << "a reading is within 0.1";
  EXPECT_NEAR(point.limits[0].value.up, 10 + std::max(0.1, reach), 1e-9);
  EXPECT_NEAR(point.limits[1].value.up, 12 + problem.allowance[1] * 0.2, 1e-9)
      << "farther than a reading's 0.2";
}

TEST(SearchAllowance, ThereIsNoneWithoutACovarianceOrWithoutIntervals) {
  EXPECT_EQ(parse_problem({.maximize = {"yield"}}, one(linear_model())).allowance,
            (std::vector<double>{0, 0}));
  EXPECT_TRUE(parse_problem({.maximize = {"yield"}, .confidence = 0}, one(uncertain_model()))
                  .allowance.empty());
}

}  // namespace
}  // namespace cupel::test
