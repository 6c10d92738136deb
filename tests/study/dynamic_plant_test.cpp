// A plant whose delays and noise are known, as a study sees it.
#include "tests/support/dynamic_plant.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "cupel/baselines/baselines.hpp"
#include "cupel/study/dead_time_findings.hpp"
#include "cupel/study/held_out.hpp"
#include "tests/study/support.hpp"

namespace cupel {
namespace {

StudyData study_of(int window, const std::string& split) {
  const test::DynamicPlantData plant = test::simulate_dynamic_plant({});
  Table table;
  table.source = "plant.csv";
  table.rows = static_cast<int>(plant.output.size());
  const auto add = [&](const std::string& name, const Vector& values) {
    table.columns.push_back(test::number_column(name, {values.begin(), values.end()}));
  };
  add("t", Vector::LinSpaced(table.rows, 0, 60.0 * (table.rows - 1)));
  table.columns[0].kind = ColumnKind::time;
  for (Eigen::Index c = 0; c < plant.inputs.cols(); ++c)
    add("u" + std::to_string(c + 1), plant.inputs.col(c));
  add("y", plant.output);
  DesignOptions options;
  options.roles = {.targets = {"y"}, .time = "t"};
  options.window = window;
  options.split = split;
  const int rows = table.rows;
  return make_study_data(std::move(table), rows, options);
}

bool has(const StudyData& study, const std::string& code) {
  return std::any_of(study.findings.begin(), study.findings.end(),
                     [&](const Finding& finding) { return finding.code == code; });
}

double neighbor_rmse(const StudyData& study) {
  for (const Baseline& one : baselines())
    if (one.name == "5 nearest rows")
      return error_figures(
                 study.test_values.col(0),
                 decode_targets(study.encoder, one.predict(study.design_inputs,
                                                           study.design_targets, study.test_inputs))
                     .col(0))
          .rmse;
  ADD_FAILURE();
  return 0;
}

TEST(DynamicPlant, ARandomSplitFlattersAndIsWarnedOf) {
  const StudyData ordered = study_of(8, "auto"), random = study_of(8, "random");
  EXPECT_TRUE(has(random, "window_random_split"));
  EXPECT_FALSE(has(ordered, "window_random_split"));
  EXPECT_LT(neighbor_rmse(random), 0.7 * neighbor_rmse(ordered));
}

TEST(DynamicPlant, AWindowThatDoesNotReachTheDeadTimeIsNamed) {
  EXPECT_TRUE(has(study_of(10, "auto"), "dead_time_beyond"));
  const StudyData enough = study_of(24, "auto");
  EXPECT_FALSE(has(enough, "dead_time_beyond"));
  EXPECT_TRUE(has(enough, "dead_time"));
}

}  // namespace
}  // namespace cupel
