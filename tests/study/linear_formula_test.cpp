#include "cupel/study/linear_formula.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/study/support.hpp"

namespace cupel {
namespace {

/// zeta = 3 + 2 x1 - 5 [load = high] + 4 ln(1 + x2/s) with a skewed x2; alpha = 10 e^(0.5 x1).
Table linear_plant() {
  Table table = test::plant(120);
  Column load = test::number_column("load", {});
  load.kind = ColumnKind::text;
  load.words = {"low", "high"};
  for (int row = 0; row < table.rows; ++row) {
    load.values.push_back(row % 3 == 0 ? 1 : 0);
    table.columns[3].values[row] = 3 + 2 * table.columns[0].values[row] - 5 * load.values.back();
    table.columns[4].values[row] = 10 * std::exp(0.5 * table.columns[0].values[row]);
  }
  table.columns.push_back(load);
  return table;
}

TEST(LinearFormula, IsTheOneBehindTheData) {
  DesignOptions options = test::quick_options({"zeta", "alpha"});
  options.roles.log_targets = {"alpha"};
  options.roles.ignore = {"x2", "x3"};
  options.roles.keep = {"x1"};  // the check takes it for a leak
  const StudyData data = test::study_data(options, linear_plant());
  const std::vector<std::string> formulas = linear_formulas(data);
  ASSERT_EQ(formulas.size(), 2u);
  EXPECT_EQ(formulas[0], "zeta = 3 + 2 x1 - 5 [load = high]");
  EXPECT_EQ(formulas[1].substr(0, 24), "alpha = exp(2.3026 + 0.5");
}

TEST(LinearFormula, WritesLogarithmsOfSkewedInputs) {
  DesignOptions options = test::quick_options();
  options.roles.keep = {"x2"};
  Table table = test::plant(150);
  for (int row = 0; row < table.rows; ++row) {
    double& skewed = table.columns[1].values[row];
    skewed = std::exp(6 * skewed);
    table.columns[3].values[row] = 1 + 2 * std::log(skewed);
  }
  const StudyData data = test::study_data(options, table);
  ASSERT_GT(data.encoder.columns[1].log_scale, 0);
  EXPECT_NE(linear_formulas(data)[0].find(" ln(1 + x2/"), std::string::npos);
}

}  // namespace
}  // namespace cupel
