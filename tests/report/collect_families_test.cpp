#include "cupel/report/collect_families.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cupel/report/families_table.hpp"
#include "tests/report/report_fixture.hpp"

namespace cupel {
namespace {

Trial trial_of(int number, const std::string& family, const std::string& loss, double error) {
  Trial trial;
  trial.number = number;
  trial.score.objectives = {error};
  trial.elapsed_s = 2;
  trial.measures["family"] = family;
  trial.measures["loss"] = loss;
  if (loss == "alpha-mix") trial.measures["alpha"] = error / 2;
  trial.measures["structure"] = "network " + std::to_string(number);
  trial.measures["parameters"] = 10 * number;
  ErrorFigures figures;
  figures.rmse = error;
  trial.measures["validation"]["y"] = to_json(figures);
  return trial;
}

DesignResult four_trials() {
  DesignResult result;
  result.trials = {trial_of(0, "gru", "alpha-mix", 0.5), trial_of(1, "gru", "alpha-mix", 0.25),
                   trial_of(2, "gru", "mse", 0.75), trial_of(3, "mlp", "mse", 0.125)};
  result.front = {FrontMember{.trial = 2}};
  result.picked = 0;
  return result;
}

TEST(FamilyRows, HoldTheBestOfEachFamilyAndLoss) {
  const std::vector<FamilyRow> rows = family_rows(four_trials());
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].structure, "network 1");
  EXPECT_EQ(rows[0].alpha, 0.125);
  EXPECT_EQ(rows[0].trials, 2);
  EXPECT_EQ(rows[0].seconds, 4);
  EXPECT_TRUE(std::isnan(rows[1].alpha));
  EXPECT_TRUE(rows[1].picked);
  EXPECT_FALSE(rows[0].picked || rows[2].picked);
}

TEST(FamilyRows, PassOverFailedAndStoppedTrials) {
  DesignResult result = four_trials();
  result.trials[1].state = TrialState::failed;
  result.trials[3].measures["stopped_after"] = 1;
  const std::vector<FamilyRow> rows = family_rows(result);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].structure, "network 0");
  EXPECT_EQ(rows[0].trials, 2);
}

TEST(FamiliesTable, DrawsARadarOfEachFamilyWithSeveralLosses) {
  ReportData data = test::sample_report();
  EXPECT_EQ(report::families_table(data), "");
  data.families = family_rows(four_trials());
  const std::string html = report::families_table(data);
  const auto count = [&](const std::string& text) {
    int found = 0;
    for (std::size_t at = 0; (at = html.find(text, at)) != std::string::npos; ++at) ++found;
    return found;
  };
  EXPECT_EQ(count("Radar of five"), 1);  // gru; mlp has one loss
  EXPECT_EQ(count("αMixLoss"), 2);       // in the table and in the legend
  EXPECT_EQ(count("◆ gru"), 1);
}

}  // namespace
}  // namespace cupel
