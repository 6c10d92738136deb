#include "cupel/data/csv_dates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/data/decide_times.hpp"

namespace cupel {
namespace {

constexpr double kDay = 86400, kMinutesOfDay = 1440;

bool holds_days(const Column& column) {
  return column.kind == ColumnKind::time &&
         std::all_of(column.values.begin(), column.values.end(),
                     [](double value) { return std::isnan(value) || std::fmod(value, kDay) == 0; });
}

/// The only column of days; -1 when there is none, or there are several.
int lone_date_column(const Table& table) {
  int found = -1;
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    if (!holds_days(table.columns[k])) continue;
    if (found >= 0) return -1;
    found = static_cast<int>(k);
  }
  return found;
}

/// Rows of one day in which the clock goes ahead, and others: times of day go ahead.
bool goes_ahead_in_days(const Column& days, const Column& clock) {
  constexpr int kFewestPairs = 10;
  int ahead = 0, back = 0;
  for (std::size_t row = 1; row < days.values.size(); ++row) {
    if (days.values[row] != days.values[row - 1]) continue;
    const double step = clock.values[row] - clock.values[row - 1];
    ahead += step > 0;
    back += step < 0;
  }
  return ahead + back >= kFewestPairs && (ahead == 0 || back == 0);
}

bool within_a_day(const Column& clock) {
  return std::none_of(clock.values.begin(), clock.values.end(),
                      [](double minutes) { return minutes > kMinutesOfDay; });
}

std::vector<int> clock_columns(const Table& table, int days) {
  std::vector<int> clocks;
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    if (k >= table.reading.columns.size() || !table.reading.columns[k].clock) continue;
    const Column& column = table.columns[k];
    if (!within_a_day(column)) continue;
    if (names_a_clock(column.name) ||
        goes_ahead_in_days(table.columns[static_cast<std::size_t>(days)], column))
      clocks.push_back(static_cast<int>(k));
  }
  return clocks;
}

JoinedTimes decide_join(const Table& table) {
  const int days = lone_date_column(table);
  if (days < 0) return {};
  const std::vector<int> clocks = clock_columns(table, days);
  if (clocks.empty() || clocks.size() > 2) return {};
  JoinedTimes joined{table.columns[static_cast<std::size_t>(days)].name,
                     table.columns[static_cast<std::size_t>(clocks[0])].name};
  if (clocks.size() == 2) joined.end = table.columns[static_cast<std::size_t>(clocks[1])].name;
  return joined;
}

void add_clock(Column& days, const Column& clock) {
  for (std::size_t row = 0; row < days.values.size(); ++row)
    days.values[row] += 60 * clock.values[row];
}

/// Minutes from the beginning to the end, which may lie behind midnight.
Column minutes_between(const JoinedTimes& joined, const Column& begin, const Column& end) {
  Column column{.name = fmt::format("{}_to_{}", joined.clock, joined.end), .unit = "min"};
  for (std::size_t row = 0; row < begin.values.size(); ++row) {
    const double minutes = end.values[row] - begin.values[row];
    column.values.push_back(minutes < 0 ? minutes + kMinutesOfDay : minutes);
  }
  return column;
}

void note_join(Table& table, const JoinedTimes& joined) {
  table.notes.push_back(
      {.column = joined.date,
       .row = -1,
       .count = table.rows,
       .what = joined.end.empty()
                   ? fmt::format("'{}' and '{}' are read together, as the time of the row",
                                 joined.date, joined.clock)
                   : fmt::format("'{0}' and '{1}' are read together, as the time of the row; "
                                 "'{1}_to_{2}' is made of the minutes between '{1}' and '{2}'",
                                 joined.date, joined.clock, joined.end)});
}

/// What is no time of day is said to be read as minutes.
void note_durations(Table& table, const JoinedTimes& joined) {
  for (const ColumnReading& column : table.reading.columns)
    if (column.clock && column.name != joined.clock && column.name != joined.end)
      table.notes.push_back({.column = column.name,
                             .row = -1,
                             .count = table.rows,
                             .what = "h:mm is read as minutes: a duration, or the time of day"});
}

}  // namespace

void join_times(Table& table, const Reading& taught) {
  const JoinedTimes joined = taught.any() ? taught.joined : decide_join(table);
  table.reading.joined = joined;
  if (!taught.any()) note_durations(table, joined);
  if (!joined.any()) return;
  const int date = table.find(joined.date), clock = table.find(joined.clock);
  const int end = joined.end.empty() ? -1 : table.find(joined.end);
  if (date < 0 || clock < 0 || (!joined.end.empty() && end < 0)) return;
  Column& days = table.columns[static_cast<std::size_t>(date)];
  Column& begin = table.columns[static_cast<std::size_t>(clock)];
  if (holds_days(days)) add_clock(days, begin);
  if (!taught.any()) note_join(table, joined);
  if (end >= 0) {
    table.columns.push_back(
        minutes_between(joined, begin, table.columns[static_cast<std::size_t>(end)]));
  } else {
    begin.kind = ColumnKind::time;
    begin.unit.clear();
    begin.values = days.values;
  }
}

}  // namespace cupel
