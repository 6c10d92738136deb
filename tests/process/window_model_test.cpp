// Models on windows in time: operating points are steady states, analyses go row by row.
#include <gtest/gtest.h>

#include "cupel/base/error.hpp"
#include "cupel/data/csv.hpp"
#include "cupel/process/efficiency.hpp"
#include "cupel/process/optimize.hpp"
#include "cupel/process/problem_text.hpp"
#include "tests/process/linear_model.hpp"

namespace cupel::test {
namespace {

/// yield = u one row before + u, cost = twice u one row before.
Model window_model() {
  Model model = linear_model();
  model.windows = {.steps = 2, .inputs = {"u"}};
  model.encoder.columns[0].name = model.encoder.features[0].name = lagged_name("u", 1);
  model.encoder.columns[1].name = model.encoder.features[1].name = "u";
  return model;
}

TEST(WindowModel, IsOptimizedAsASteadyState) {
  const Problem problem = parse_problem(
      {.maximize = {"yield"}, .limits = {"cost<=10"}, .confidence = 0}, one(window_model()));
  ASSERT_EQ(problem.variables.size(), 1u) << "one input, not one a row of the window";
  EXPECT_EQ(problem.variables[0].name, "u");
  const Candidate three = {3};
  EXPECT_NEAR(PointEvaluator(problem).states(std::span(&three, 1))[0].outputs[0].middle, 6, 1e-12);
  const OptimizeResult result =
      optimize(problem, {.search = {.population = 20, .generations = 20}, .seed = 2});
  ASSERT_GE(result.recommended, 0);
  const PointState& best = result.front[static_cast<std::size_t>(result.recommended)];
  EXPECT_NEAR(best.settings[0], 5, 1e-3);
}

TEST(WindowModel, IsAnalyzedRowByRow) {
  Model model = window_model();
  Matrix residuals = Matrix::Zero(200, 2);
  residuals.col(0) = Vector::LinSpaced(200, 0.01, 2);
  model.intervals = fit_intervals(residuals, Matrix::Zero(200, 2));
  const Table table = parse_csv("u,yield\n1,9\n2,3\n3,5\n4,-20\n5,9\n", "plant.csv");
  const EfficiencyOptions options{.target = "yield", .less_is_better = false};
  const auto periods = analyze_efficiency(model, table, options);
  ASSERT_EQ(periods.size(), 4u) << "the first row has no complete window";
  for (const Period& period : periods) {
    EXPECT_EQ(period.expected, 2 * period.row + 1);
    EXPECT_EQ(period.falls_short, period.row == 3);
  }
  model.windows.horizon = 1;
  EXPECT_THROW(analyze_efficiency(model, table, options), Error) << "a forecast";
}

}  // namespace
}  // namespace cupel::test
