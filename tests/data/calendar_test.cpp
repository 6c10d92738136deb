#include "cupel/data/calendar.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr double kHour = 3600, kDay = 24 * kHour;
/// 2026-03-30 00:00, a Monday.
constexpr double kStart = 20542 * kDay;

Table times(int rows, double step) {
  Table table{.source = "file.csv", .rows = rows};
  Column time{.name = "t", .kind = ColumnKind::time};
  for (int row = 0; row < rows; ++row) time.values.push_back(kStart + row * step);
  table.columns.push_back(std::move(time));
  return table;
}

const Column& column(const Table& table, const std::string& name) {
  return table.columns.at(static_cast<std::size_t>(table.find(name)));
}

TEST(Calendar, HasThePeriodsThatTheTimesCover) {
  const auto periods = [](int rows, double step) {
    return calendar_periods(times(rows, step).columns[0]);
  };
  EXPECT_EQ(periods(47, kHour), std::vector<std::string>{});
  EXPECT_EQ(periods(48, kHour), std::vector<std::string>{"day"});
  EXPECT_EQ(periods(14 * 24, kHour), (std::vector<std::string>{"day", "week"}));
  EXPECT_EQ(periods(30, kDay), std::vector<std::string>{"week"});
  EXPECT_EQ(periods(366, kDay), (std::vector<std::string>{"week", "year"}));
  Table numbers = times(100, kHour);
  numbers.columns[0].kind = ColumnKind::number;
  EXPECT_TRUE(calendar_periods(numbers.columns[0]).empty());
  EXPECT_THROW(calendar_of(numbers.columns[0]), Error);
  EXPECT_THROW(calendar_of(times(3, kHour).columns[0]), Error);
}

TEST(Calendar, PutsTimesOnCircles) {
  Table table = times(14 * 24, kHour);
  table.columns[0].values[5] = kMissing;
  add_calendar(calendar_of(table.columns[0]), table);
  EXPECT_EQ(table.columns.size(), 6u);
  for (const int row : {0, 24}) {
    EXPECT_NEAR(column(table, "t_day_sin").values[row], 0, 1e-9);
    EXPECT_NEAR(column(table, "t_day_cos").values[row], 1, 1e-9);
  }
  EXPECT_NEAR(column(table, "t_day_sin").values[6], 1, 1e-9);
  EXPECT_NEAR(column(table, "t_week_cos").values[0], 1, 1e-9);
  EXPECT_NEAR(column(table, "t_week_cos").values[84], -1, 1e-9);
  EXPECT_EQ(column(table, "t_weekend").values[5 * 24 - 1], 0);
  EXPECT_EQ(column(table, "t_weekend").values[5 * 24], 1);
  EXPECT_EQ(column(table, "t_weekend").values[7 * 24 - 1], 1);
  EXPECT_EQ(column(table, "t_weekend").values[7 * 24], 0);
  EXPECT_TRUE(std::isnan(column(table, "t_day_sin").values[5]));
}

TEST(Calendar, TakesColumnsThatAreThereAndNamesWhatIsNot) {
  const Calendar calendar{"t", {"day"}};
  Table table{.source = "file.csv", .rows = 1};
  try {
    add_calendar(calendar, table);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.message()).find("'t' is missing"), std::string::npos);
  }
  for (const std::string& name : calendar_names(calendar))
    table.columns.push_back({.name = name, .values = {0.5}});
  add_calendar(calendar, table);
  EXPECT_EQ(table.columns.size(), 2u);
}

TEST(Calendar, ComesBackFromJson) {
  const Calendar calendar{"t", {"day", "year"}};
  EXPECT_EQ(calendar_from_json(to_json(calendar)), calendar);
  EXPECT_THROW(calendar_from_json(to_json(Calendar{"t", {"moon"}})), Error);
}

}  // namespace
}  // namespace cupel
