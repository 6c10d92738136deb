#include "cupel/data/windows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cupel/data/encoder.hpp"
#include "tests/data/support.hpp"

namespace cupel {
namespace {

constexpr double kHour = 3600;
/// Sunday 2024-10-27 00:00, when clocks go back in Europe, and 2024-03-31, when they go ahead.
constexpr double kAutumn = 1729987200, kSpring = 1711843200;

Column time_column(std::vector<double> stamps) {
  Column column = number_column("t", std::move(stamps));
  column.kind = ColumnKind::time;
  return column;
}

/// u counts rows, y is 100 u.
Table plant(std::vector<double> stamps) {
  const int rows = static_cast<int>(stamps.size());
  return table_of({time_column(std::move(stamps)),
                   generated("u", rows, [](int row) { return row; }),
                   generated("y", rows, [](int row) { return 100.0 * row; })});
}

std::vector<double> hourly(double first, int count) {
  std::vector<double> stamps;
  for (int k = 0; k < count; ++k) stamps.push_back(first + k * kHour);
  return stamps;
}

const Roles kRoles{.targets = {"y"}, .time = "t"};

const Finding* finding(const WindowedTable& made, const std::string& code) {
  const auto found = std::find_if(made.findings.begin(), made.findings.end(),
                                  [&](const Finding& one) { return one.code == code; });
  return found == made.findings.end() ? nullptr : &*found;
}

TEST(Windows, HoldTheRowsBeforeTheOldestFirst) {
  const WindowedTable made = make_windows(plant(hourly(0, 6)), kRoles, {.steps = 3});
  EXPECT_EQ(made.roles.inputs, (std::vector<std::string>{"u[-2]", "u[-1]", "u"}));
  ASSERT_EQ(made.table.rows, 4);
  EXPECT_EQ(made.source, (std::vector<int>{2, 3, 4, 5}));
  for (int row = 0; row < 4; ++row) {
    EXPECT_EQ(column_of(made.table, "u[-2]").values[row], row);
    EXPECT_EQ(column_of(made.table, "u").values[row], row + 2);
    EXPECT_EQ(column_of(made.table, "y").values[row], 100.0 * (row + 2));
    EXPECT_EQ(made.past[0][0][row], 100.0 * (row + 1));
  }
  EXPECT_TRUE(made.findings.empty());
}

TEST(Windows, KeepWhatIsSaidOfTheTargets) {
  Roles roles = kRoles;
  roles.log_targets = roles.targets;
  EXPECT_EQ(make_windows(plant(hourly(0, 6)), roles, {.steps = 3}).roles.log_targets,
            roles.targets);
}

TEST(Windows, PredictTheTargetOfTheHorizon) {
  const WindowedTable made =
      make_windows(plant(hourly(0, 6)), kRoles, {.steps = 2, .horizon = 2, .past_targets = true});
  EXPECT_EQ(made.roles.inputs, (std::vector<std::string>{"u[-1]", "y[-1]", "u", "y[0]"}));
  EXPECT_EQ(column_of(made.table, "y").values[0], 300);
  EXPECT_EQ(column_of(made.table, "y[0]").values[0], 100);
  EXPECT_TRUE(std::isnan(column_of(made.table, "y").values[4])) << "beyond the end";
}

TEST(Windows, AtOnceAPastTargetIsAStepOld) {
  const WindowedTable made =
      make_windows(plant(hourly(0, 5)), kRoles, {.steps = 2, .past_targets = true});
  EXPECT_EQ(made.roles.inputs, (std::vector<std::string>{"u[-1]", "y[-2]", "u", "y[-1]"}));
  EXPECT_EQ(made.source.front(), 2);
  EXPECT_EQ(column_of(made.table, "y[-1]").values[0], 100);
}

TEST(Windows, EndAtGaps) {
  std::vector<double> stamps = hourly(0, 8);
  for (std::size_t k = 4; k < 8; ++k) stamps[k] += 5 * kHour;
  const WindowedTable made = make_windows(plant(stamps), kRoles, {.steps = 3});
  EXPECT_EQ(made.source, (std::vector<int>{2, 3, 6, 7}));
  ASSERT_NE(finding(made, "window_gap"), nullptr);
  EXPECT_EQ(finding(made, "window_gap")->row, 4);
}

TEST(Windows, LeaveOutRowsWithoutAStamp) {
  std::vector<double> stamps = hourly(0, 6);
  stamps[3] = kMissing;
  const WindowedTable made = make_windows(plant(stamps), kRoles, {.steps = 2});
  EXPECT_EQ(std::count(made.source.begin(), made.source.end(), 3), 0);
  ASSERT_NE(finding(made, "window_stamp_missing"), nullptr);
  EXPECT_EQ(finding(made, "window_stamp_missing")->row, 3);
}

TEST(Windows, TakeTheLastOfRowsWithOneStamp) {
  std::vector<double> stamps = hourly(0, 6);
  stamps.insert(stamps.begin() + 3, stamps[2]);
  const WindowedTable made = make_windows(plant(stamps), kRoles, {.steps = 2});
  EXPECT_EQ(made.source, (std::vector<int>{1, 3, 4, 5, 6}));
  ASSERT_NE(finding(made, "window_stamp_repeated"), nullptr);
  EXPECT_EQ(finding(made, "window_stamp_repeated")->row, 3);
}

TEST(Windows, GoOnOverAClockThatIsPutBack) {
  std::vector<double> stamps = hourly(kAutumn, 3);  // 0:00, 1:00, 2:00, then 2:00 again
  for (const double stamp : hourly(kAutumn + 2 * kHour, 4)) stamps.push_back(stamp);
  const WindowedTable made = make_windows(plant(stamps), kRoles, {.steps = 3});
  EXPECT_EQ(made.source, (std::vector<int>{2, 3, 4, 5, 6}));
  ASSERT_NE(finding(made, "window_clock_back"), nullptr);
  EXPECT_EQ(finding(made, "window_clock_back")->row, 3);
  EXPECT_EQ(finding(made, "window_stamp_repeated"), nullptr);
}

TEST(Windows, GoOnOverAClockThatIsPutAhead) {
  std::vector<double> stamps = hourly(kSpring, 2);  // 0:00, 1:00, then 3:00
  for (const double stamp : hourly(kSpring + 3 * kHour, 4)) stamps.push_back(stamp);
  const WindowedTable made = make_windows(plant(stamps), kRoles, {.steps = 3});
  EXPECT_EQ(made.source, (std::vector<int>{2, 3, 4, 5}));
  EXPECT_NE(finding(made, "window_clock_ahead"), nullptr);
  EXPECT_EQ(finding(made, "window_gap"), nullptr);
  // On another night the same is a gap.
  for (double& stamp : stamps) stamp += 86400;
  const WindowedTable other = make_windows(plant(stamps), kRoles, {.steps = 3});
  EXPECT_NE(finding(other, "window_gap"), nullptr);
}

TEST(Windows, KeepRunsApartAndNameTheShortOne) {
  Table table = plant(hourly(0, 7));
  table.columns[0] = text_column("run", {"A", "A", "A", "B", "B", "A", "A"});
  // Without stamps a run's rows follow each other.
  const WindowedTable made =
      make_windows(table, {.targets = {"y"}, .inputs = {"u"}, .group = "run"}, {.steps = 3});
  EXPECT_EQ(column_of(made.table, "u[-2]").values, (std::vector<double>{0, 1, 2}));
  EXPECT_EQ(column_of(made.table, "u").values, (std::vector<double>{2, 5, 6}));
  ASSERT_NE(finding(made, "window_run_short"), nullptr);
  EXPECT_EQ(finding(made, "window_run_short")->row, 3);
  EXPECT_TRUE(contains(finding(made, "window_run_short")->what, "'B'"));
}

TEST(Windows, UseInputsFromBeforeTheTargetBegins) {
  Table table = plant(hourly(0, 8));
  for (int row = 0; row < 4; ++row)
    table.columns[2].values[static_cast<std::size_t>(row)] = kMissing;
  const WindowedTable made = make_windows(table, kRoles, {.steps = 4});
  const auto at = std::find(made.source.begin(), made.source.end(), 4) - made.source.begin();
  EXPECT_EQ(column_of(made.table, "u[-3]").values[static_cast<std::size_t>(at)], 1);
  ASSERT_NE(finding(made, "window_target_later"), nullptr);
  EXPECT_EQ(finding(made, "window_target_later")->row, 4);
}

TEST(Windows, AverageToALongerStep) {
  const WindowedTable made =
      make_windows(plant(hourly(kHour, 8)), kRoles, {.steps = 2, .step_s = 2 * kHour});
  // Averaged: u = 0.5, 2.5, 4.5, 6.5, each named by its end.
  EXPECT_EQ(column_of(made.table, "u[-1]").values, (std::vector<double>{0.5, 2.5, 4.5}));
  EXPECT_EQ(made.source, (std::vector<int>{3, 5, 7}));
}

TEST(Windows, AreRefusedWhereNoneIsComplete) {
  EXPECT_TRUE(contains(error_of(ErrorKind::bad_data,
                                [] { make_windows(plant(hourly(0, 5)), kRoles, {.steps = 6}); }),
                       "longest run without a gap has 5"));
}

TEST(Windows, OfANewFileAreThoseOfDesign) {
  const Table table = plant(hourly(0, 6));
  const WindowedTable made = make_windows(table, kRoles, {.steps = 3});
  const PredictionWindows again =
      prediction_windows(table, windows_from_json(to_json(made.windows)));
  ASSERT_EQ(again.table.rows, 6);
  for (int row = 0; row < 6; ++row) {
    EXPECT_EQ(again.incomplete[static_cast<std::size_t>(row)].empty(), row >= 2);
    if (row < 2) continue;
    for (const std::string& name : made.roles.inputs)
      EXPECT_EQ(column_of(again.table, name).values[row],
                column_of(made.table, name).values[row - 2]);
  }
  Table lacking = table;
  lacking.columns[1].name = "U";
  EXPECT_TRUE(contains(
      error_of(ErrorKind::bad_data, [&] { prediction_windows(lacking, made.windows); }), "'u'"));
}

TEST(Windows, AreEncodedAlikeInEveryStep) {
  Table table = plant(hourly(0, 40));
  for (double& value : table.columns[1].values) value *= value;
  const WindowedTable made = make_windows(table, kRoles, {.steps = 4});
  Dataset data = make_dataset(made.table, made.roles);
  data.steps = 4;
  const Split split = make_split(data, {.kind = SplitKind::ordered, .test_fraction = 0.2});
  const Encoder encoder = fit_encoder(data, split.design_rows(), {});
  for (const Feature& feature : encoder.features) {
    EXPECT_EQ(feature.offset, encoder.features.back().offset);
    EXPECT_EQ(feature.factor, encoder.features.back().factor);
  }
  EXPECT_EQ(encoder.columns.front().name, "u[-3]");
}

}  // namespace
}  // namespace cupel
