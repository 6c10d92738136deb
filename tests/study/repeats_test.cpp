// Repeats of specimens, from the file to what is held out: errors are those on specimens never
// seen.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "cupel/baselines/baselines.hpp"
#include "cupel/study/compare/compare_splits.hpp"
#include "tests/study/support.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

/// 40 settings of the plant, each three times, in rounds.
Table repeated_plant() {
  Table table = test::plant(40);
  const Table once = table;
  append_rows(table, once);
  append_rows(table, once);
  Rng rng(8);
  for (const char* target : {"zeta", "alpha"})
    for (double& value : table.columns[table.find(target)].values) value += 0.01 * rng.normal();
  return table;
}

std::set<int> settings_of(const StudyData& data, const std::vector<int>& rows) {
  std::set<int> settings;
  for (const int row : rows) settings.insert(data.data.together.setting.at(row));
  return settings;
}

bool disjoint(const std::set<int>& a, const std::set<int>& b) {
  return std::none_of(a.begin(), a.end(), [&](int one) { return b.contains(one); });
}

const Finding* finding(const StudyData& data, const std::string& code) {
  for (const Finding& one : data.findings)
    if (one.code == code) return &one;
  return nullptr;
}

TEST(Repeats, AreHeldOutTogetherInSearchAndConfirmation) {
  StudyData data = test::study_data(test::quick_options(), repeated_plant());
  add_repeats(data, 2, 5);
  EXPECT_TRUE(disjoint(settings_of(data, data.split.test), settings_of(data, data.split.design)));
  for (const auto& repeat : data.repeats)
    for (const FoldData& fold : repeat) {
      std::vector<int> held_out, others;
      std::vector<bool> is_held_out(data.split.design.size(), false);
      for (const int position : fold.validation_rows) is_held_out[position] = true;
      for (std::size_t k = 0; k < is_held_out.size(); ++k)
        (is_held_out[k] ? held_out : others).push_back(data.split.design[k]);
      EXPECT_TRUE(disjoint(settings_of(data, held_out), settings_of(data, others)));
    }
  EXPECT_EQ(finding(data, "repeats_on_both_sides"), nullptr);
}

TEST(Repeats, AreHeldOutTogetherInEverySplitOfAComparison) {
  const StudyData data = test::study_data(test::quick_options(), repeated_plant());
  for (const RowChoice& split : compare_splits(data.data, {.repeats = 4}))
    EXPECT_TRUE(disjoint(settings_of(data, split.test), settings_of(data, split.design)));
}

TEST(Repeats, ThatTimeDividesAreCounted) {
  DesignOptions options = test::quick_options();
  options.split = "ordered";
  const StudyData data = test::study_data(options, repeated_plant());
  const Finding* counted = finding(data, "repeats_on_both_sides");
  ASSERT_NE(counted, nullptr);
  EXPECT_EQ(counted->severity, Severity::warning);
  EXPECT_NE(counted->what.find("30 of 30 test rows"), std::string::npos) << counted->what;
  EXPECT_NE(counted->advice.find("--split random"), std::string::npos);
}

double test_rmse(const StudyData& data, const Baseline& baseline) {
  const Matrix predicted =
      baseline.predict(data.design_inputs, data.design_targets, data.test_inputs);
  const Matrix off = decode_targets(data.encoder, predicted) - data.test_values;
  return std::sqrt(off.squaredNorm() / static_cast<double>(off.size()));
}

TEST(Repeats, OfPublishedCaseShowNoErrorBelowTheSpecimens) {
  DesignOptions options;
  options.data = test::shared_case("repeats-leak/repeat.csv");
  if (options.data.empty()) GTEST_SKIP() << "no shared cases beside the checkout";
  options.roles.targets = {"y"};
  const StudyData data = load_study_data(options);  // without --keep: nothing is called a leak
  EXPECT_EQ(finding(data, "leak"), nullptr);
  EXPECT_TRUE(disjoint(settings_of(data, data.split.test), settings_of(data, data.split.design)));
  for (const Baseline& baseline : baselines())
    EXPECT_GT(test_rmse(data, baseline), 0.4) << baseline.name;
}

}  // namespace
}  // namespace cupel
