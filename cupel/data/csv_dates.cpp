#include "cupel/data/csv_dates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "cupel/data/csv_time.hpp"

namespace cupel {
namespace {

constexpr double kDay = 86400;

bool holds_days(const Column& column) {
  return column.kind == ColumnKind::time &&
         std::all_of(column.values.begin(), column.values.end(),
                     [](double value) { return std::isnan(value) || std::fmod(value, kDay) == 0; });
}

/// Seconds of the day for each word of the column; empty when one is no clock time.
std::optional<std::vector<double>> clock_times(const Column& column) {
  if (column.kind != ColumnKind::text || column.words.empty()) return std::nullopt;
  std::vector<double> seconds;
  for (const std::string& word : column.words) {
    const auto read = parse_clock(word);
    if (!read) return std::nullopt;
    seconds.push_back(*read);
  }
  return seconds;
}

}  // namespace

void join_dates_and_clocks(Table& table) {
  Column *days = nullptr, *clock = nullptr;
  std::vector<double> seconds;
  for (Column& column : table.columns) {
    if (holds_days(column)) {
      if (days != nullptr) return;
      days = &column;
    } else if (auto read = clock_times(column)) {
      if (clock != nullptr) return;
      clock = &column;
      seconds = std::move(*read);
    }
  }
  if (days == nullptr || clock == nullptr) return;
  for (std::size_t row = 0; row < days->values.size(); ++row) {
    const double word = clock->values[row];
    days->values[row] += std::isnan(word) ? kMissing : seconds[static_cast<std::size_t>(word)];
  }
  clock->kind = ColumnKind::time;
  clock->values = days->values;
  clock->words.clear();
  table.notes.push_back({.column = days->name,
                         .row = -1,
                         .count = table.rows,
                         .what = fmt::format("'{}' and '{}' are read together, as the time of the "
                                             "row",
                                             days->name, clock->name)});
}

}  // namespace cupel
