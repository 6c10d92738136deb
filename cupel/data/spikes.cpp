#include "cupel/data/spikes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace cupel {

std::optional<ValueRange> range_without_spikes(const std::vector<double>& values) {
  constexpr std::size_t kFewestRows = 20;
  constexpr double kFar = 100;
  std::vector<double> sorted;
  sorted.reserve(values.size());
  for (const double value : values)
    if (!std::isnan(value)) sorted.push_back(value);
  const std::size_t rows = sorted.size();
  if (rows < kFewestRows) return std::nullopt;
  const std::size_t most = std::max<std::size_t>(1, rows / 200);
  const auto place = [&](std::size_t k) { return sorted.begin() + static_cast<std::ptrdiff_t>(k); };
  // Only the ends need to be in order.
  std::nth_element(sorted.begin(), place(most), sorted.end());
  std::sort(sorted.begin(), place(most));
  std::nth_element(place(most + 1), place(rows - most - 1), sorted.end());
  std::sort(place(rows - most), sorted.end());
  const double spread = *place(rows - most - 1) - *place(most);
  ValueRange range{sorted.front(), sorted.back()};
  for (std::size_t k = 0; k < most; ++k) {
    if (*place(k + 1) - *place(k) > kFar * spread) range.low = *place(k + 1);
    if (*place(rows - 1 - k) - *place(rows - 2 - k) > kFar * spread)
      range.high = std::min(range.high, *place(rows - 2 - k));
  }
  if (!(spread > 0) || (range.low == sorted.front() && range.high == sorted.back()))
    return std::nullopt;
  return range;
}

namespace {

struct Spikes {
  ValueRange possible;
  std::vector<int> rows;
};

std::optional<Spikes> spikes_of(const Column& column) {
  if (column.kind != ColumnKind::number) return std::nullopt;
  const auto possible = range_without_spikes(column.values);
  if (!possible) return std::nullopt;
  Spikes spikes{*possible, {}};
  for (std::size_t row = 0; row < column.values.size(); ++row)
    if (column.values[row] < possible->low || column.values[row] > possible->high)
      spikes.rows.push_back(static_cast<int>(row));
  return spikes;
}

/// In most of these rows the column lies beyond nearly all its other values.
bool moves_in(const Column& column, const std::vector<int>& rows) {
  if (column.kind != ColumnKind::number) return false;
  std::vector<double> others;
  std::vector<char> is_spike(column.values.size(), 0);
  for (const int row : rows) is_spike[static_cast<std::size_t>(row)] = 1;
  for (std::size_t row = 0; row < column.values.size(); ++row)
    if (!is_spike[row] && !std::isnan(column.values[row])) others.push_back(column.values[row]);
  if (others.size() < 20) return false;
  const auto place = [&](double share) {
    const auto at = others.begin() +
                    static_cast<std::ptrdiff_t>(share * static_cast<double>(others.size() - 1));
    std::nth_element(others.begin(), at, others.end());
    return *at;
  };
  const double low = place(0.01), high = place(0.99);
  const auto beyond = std::count_if(rows.begin(), rows.end(), [&](int row) {
    const double value = column.values[static_cast<std::size_t>(row)];
    return value < low || value > high;
  });
  return 2 * beyond > static_cast<std::ptrdiff_t>(rows.size());
}

bool another_moves(const Table& table, std::size_t index, const std::vector<int>& targets,
                   const std::vector<int>& rows) {
  const auto is_target = [&](std::size_t k) {
    return std::find(targets.begin(), targets.end(), static_cast<int>(k)) != targets.end();
  };
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    if (k == index || is_target(k) == is_target(index)) continue;
    if (moves_in(table.columns[k], rows)) return true;
  }
  return false;
}

void drop(Table& table, std::size_t index, const Spikes& spikes) {
  Column& column = table.columns[index];
  const double first = column.values[static_cast<std::size_t>(spikes.rows[0])];
  for (const int row : spikes.rows) column.values[static_cast<std::size_t>(row)] = kMissing;
  const auto count = static_cast<int>(spikes.rows.size());
  table.notes.push_back(
      {.column = column.name,
       .row = spikes.rows[0],
       .count = count,
       .what = fmt::format("{} cell{} {:.6g}, more than a hundred times as far from all others "
                           "(from {:.6g} to {:.6g}) as these from each other; read as missing",
                           count, count == 1 ? " holds" : "s hold values like", first,
                           spikes.possible.low, spikes.possible.high),
       .unreadable = true,
       .advice = "correct or empty the cell"});
  for (ColumnReading& reading : table.reading.columns)
    if (reading.name == column.name) {
      reading.low = std::max(reading.low, spikes.possible.low);
      reading.high = std::min(reading.high, spikes.possible.high);
    }
}

}  // namespace

void drop_spikes(Table& table, const std::vector<int>& targets) {
  std::vector<std::pair<std::size_t, Spikes>> found;
  for (std::size_t k = 0; k < table.columns.size(); ++k)
    if (auto spikes = spikes_of(table.columns[k])) found.emplace_back(k, std::move(*spikes));
  std::vector<bool> data;
  for (const auto& [index, spikes] : found)
    data.push_back(another_moves(table, index, targets, spikes.rows));
  for (std::size_t k = 0; k < found.size(); ++k)
    if (!data[k]) drop(table, found[k].first, found[k].second);
}

}  // namespace cupel
