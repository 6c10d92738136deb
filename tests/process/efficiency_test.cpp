#include "cupel/process/efficiency.hpp"

#include <gtest/gtest.h>

#include "cupel/base/error.hpp"
#include "cupel/data/csv.hpp"
#include "tests/process/linear_model.hpp"

namespace cupel::test {
namespace {

/// yield = u + v with held-out residuals 0.1, 0.2, … 20.
Model scattered_model() {
  Model model = linear_model();
  Matrix residuals = Matrix::Zero(200, 2);
  residuals.col(0) = Vector::LinSpaced(200, 0.1, 20);
  model.intervals = fit_intervals(residuals, Matrix::Zero(200, 2));
  return model;
}

TEST(Efficiency, FlagsOnlyWhatChanceDoesNotExplain) {
  const Table table = parse_csv("u,v,yield\n1,1,2\n2,2,-50\n3,3,5\n4,4,60\n5,5,\n", "plant.csv");
  const auto periods =
      analyze_efficiency(scattered_model(), table, {.target = "yield", .less_is_better = false});
  ASSERT_EQ(periods.size(), 4u) << "a period without a measured value is left out";
  EXPECT_FALSE(periods[0].falls_short);
  EXPECT_TRUE(periods[1].falls_short);
  EXPECT_NEAR(periods[1].shortfall, 54, 1e-9);
  EXPECT_GE(periods[1].p, 0.5 / 201) << "no less than 200 held-out rows can say";
  EXPECT_LE(periods[1].p, 0.5 / 201 / 0.85);
  EXPECT_NEAR(periods[1].q, 4 * periods[1].p, 1e-12) << "the best of four";
  EXPECT_FALSE(periods[2].falls_short) << "short by 1, as 95 % of the held-out rows are or more";
  EXPECT_FALSE(periods[3].falls_short) << "better than expected";
  EXPECT_EQ(periods[3].p, 1);
}

TEST(Efficiency, ConsumptionFallsShortUpwards) {
  const Table table = parse_csv("u,v,yield\n1,1,60\n2,2,4\n", "plant.csv");
  const auto periods = analyze_efficiency(scattered_model(), table, {.target = "yield"});
  EXPECT_TRUE(periods[0].falls_short);
  EXPECT_FALSE(periods[1].falls_short);
}

TEST(Efficiency, SaysHowSureHeldOutRowsCanMakeIt) {
  const double least = smallest_chance(scattered_model());
  EXPECT_GE(least, 0.5 / 201);
  EXPECT_LE(least, 0.5 / 201 / 0.85);
}

TEST(Efficiency, NamesWhatIsMissing) {
  const Table table = parse_csv("u,v,yield\n1,1,60\n", "plant.csv");
  EXPECT_THROW(analyze_efficiency(scattered_model(), table, {}), Error) << "two targets";
  EXPECT_THROW(analyze_efficiency(scattered_model(), table, {.target = "cost"}), Error);
}

}  // namespace
}  // namespace cupel::test
