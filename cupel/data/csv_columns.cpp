#include "cupel/data/csv_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_time.hpp"
#include "cupel/data/spikes.hpp"

namespace cupel {
namespace {

constexpr const char* kWithoutMarks =
    "write the numbers without thousands marks (in a spreadsheet: the format of the cells)";

constexpr std::size_t kQuotedInMessages = 30;

/// How many cells say something, and the first of them (as a data row).
struct Count {
  int cells = 0, first = -1;
  void add(int row) {
    if (cells++ == 0) first = row;
  }
};

struct Cells {
  std::vector<double> values;
  int numbers = 0;
  Count bad_status, infinite, words, sentinels;
};

class ColumnBuilder {
 public:
  ColumnBuilder(const ColumnSource& source, int index, std::vector<ReadNote>& notes)
      : source_(source),
        index_(index),
        first_record_(source.header.records),
        rows_(source.grid.records() - source.header.records),
        notes_(notes) {}

  void build(Column& column) {
    name_ = column.name;
    if (is_known_word()) return as_words(column);
    Cells cells = read_cells();
    refuse_other_marks(cells);
    if (mostly(cells.words.cells, cells.numbers) || (is_known_number() && cells.numbers > 0))
      as_numbers(column, cells);
    else if (as_times(column, cells))
      return;
    else if (read_units(column, cells))
      as_numbers(column, cells);
    else
      as_words(column);
  }

 private:
  std::string_view raw(int row) const { return source_.grid.raw(first_record_ + row, index_); }
  std::string shown(int row) const {
    return shortened(source_.grid.word(first_record_ + row, index_), kQuotedInMessages);
  }
  int shown_row(int row) const {
    return source_.grid.sheet_rows[static_cast<std::size_t>(first_record_ + row)];
  }
  bool is_known_number() const {
    const auto& known = source_.options.number_columns;
    return std::find(known.begin(), known.end(), name_) != known.end();
  }
  bool is_known_word() const {
    const auto& known = source_.options.word_columns;
    return std::find(known.begin(), known.end(), name_) != known.end();
  }
  /// Few enough of `strange` beside `good`.
  bool mostly(int strange, int good) const {
    return strange == 0 || strange < source_.options.unreadable_share * (strange + good);
  }
  void note(const Count& count, std::string what, bool unreadable = false,
            std::string advice = "") {
    if (count.cells > 0)
      notes_.push_back({.column = name_,
                        .row = count.first,
                        .count = count.cells,
                        .what = std::move(what),
                        .unreadable = unreadable,
                        .advice = std::move(advice)});
  }

  Cells read_cells() const {
    Cells cells;
    cells.values.assign(static_cast<std::size_t>(rows_), kMissing);
    for (int row = 0; row < rows_; ++row) {
      const CellValue cell = source_.reader.read(raw(row));
      switch (cell.kind) {
        case CellKind::number:
          cells.values[static_cast<std::size_t>(row)] = cell.number;
          ++cells.numbers;
          if (is_sentinel(cell.number)) cells.sentinels.add(row);
          break;
        case CellKind::missing:
          break;
        case CellKind::bad_status:
          cells.bad_status.add(row);
          break;
        case CellKind::infinite:
          cells.infinite.add(row);
          break;
        case CellKind::word:
          cells.words.add(row);
          break;
      }
    }
    return cells;
  }

  /// 943 beside 1.318, in a file with a decimal point: a thousands mark where one was needed, and
  /// none of the cells a fraction. A number that stands for "no value" says nothing.
  void refuse_grouped(const Cells& cells) const {
    Count grouped;
    constexpr double kFarApart = 10;
    double largest_grouped = 0, smallest_plain = 1000, largest_plain = 0;
    for (int row = 0; row < rows_; ++row) {
      const double signed_value = cells.values[static_cast<std::size_t>(row)];
      const double value = std::abs(signed_value);
      if (!(value > 0) || is_sentinel(signed_value)) continue;
      if (has_thousands_marks(raw(row))) {
        grouped.add(row);
        largest_grouped = std::max(largest_grouped, value);
      } else {
        if (value != std::floor(value) || value > 999) return;
        smallest_plain = std::min(smallest_plain, value);
        largest_plain = std::max(largest_plain, value);
      }
    }
    if (grouped.cells == 0 || largest_plain < 100 || smallest_plain < kFarApart * largest_grouped)
      return;
    throw Error(ErrorKind::bad_data,
                fmt::format("{}, column '{}': {} cell{} with thousands marks (first: row {}, "
                            "'{}'), beside numbers up to {}",
                            source_.file, name_, grouped.cells, grouped.cells == 1 ? "" : "s",
                            shown_row(grouped.first), shown(grouped.first), largest_plain),
                kWithoutMarks);
  }

  /// Numbers in another notation would silently become words.
  void refuse_other_marks(const Cells& cells) const {
    if (cells.words.cells == 0) return;
    const char other = source_.decimal_mark == '.' ? ',' : '.';
    Count thousands, other_mark;
    for (int row = cells.words.first; row < rows_; ++row) {
      if (!std::isnan(cells.values[static_cast<std::size_t>(row)])) continue;
      const std::string_view text = raw(row);
      if (text.size() < 3 || text.find_first_of(",.' \xA0\xAF") == std::string_view::npos) continue;
      if (has_thousands_marks(text))
        thousands.add(row);
      else if (parse_number(text, other).has_value() && text.find(other) != std::string_view::npos)
        other_mark.add(row);
    }
    const int numbers = thousands.cells + other_mark.cells;
    if (numbers == 0 || !mostly(cells.words.cells - numbers, cells.numbers + numbers)) return;
    const bool grouped = thousands.cells > 0;
    const int row = grouped ? thousands.first : other_mark.first;
    throw Error(
        ErrorKind::bad_data,
        fmt::format("{}, column '{}': {} cell{} {} (first: row {}, '{}')", source_.file, name_,
                    numbers, numbers == 1 ? "" : "s",
                    grouped ? "with thousands marks"
                            : "with another decimal mark than the rest of the file",
                    shown_row(row), shown(row)),
        grouped ? kWithoutMarks : "write all numbers of the file with the same decimal mark");
  }

  /// "12.5 kg/h" in most cells, always with the same unit. "1A" and "2A" without a blank, a sign or
  /// a fraction stay words: they may be names.
  bool read_units(Column& column, Cells& cells) {
    std::string_view unit;
    Cells read = cells;
    read.words = {};
    Count with_unit;
    bool measured = false;
    for (int row = cells.words.first; row < rows_; ++row) {
      const std::string_view text = raw(row);
      if (source_.reader.read(text).kind != CellKind::word) continue;
      const auto both = parse_with_unit(text, source_.decimal_mark);
      if (!both || (!unit.empty() && both->unit != unit)) {
        read.words.add(row);
        continue;
      }
      unit = both->unit;
      with_unit.add(row);
      read.values[static_cast<std::size_t>(row)] = both->number;
      ++read.numbers;
      measured = measured || !std::isalpha(static_cast<unsigned char>(unit[0])) ||
                 text.find_first_of(" .,") != std::string_view::npos;
    }
    if (with_unit.cells == 0 || !measured || !mostly(read.words.cells, read.numbers)) return false;
    cells = std::move(read);
    if (column.unit.empty()) column.unit = std::string(unit);
    notes_.push_back(
        {.column = name_,
         .row = -1,
         .count = with_unit.cells,
         .what = fmt::format("the cells hold their unit, '{}': read as numbers", unit)});
    return true;
  }

  /// What to do about cells that are no numbers; empty: the usual.
  std::string advice_on(const Count& words) const {
    if (!is_limit(raw(words.first), source_.decimal_mark)) return "";
    return "a missing cell is filled with the usual value, which is far from a limit: write the "
           "limit itself, or half of it, where that is near enough";
  }

  void as_numbers(Column& column, Cells& cells) {
    if (source_.decimal_mark == '.') refuse_grouped(cells);
    column.kind = ColumnKind::number;
    column.values = std::move(cells.values);
    drop_sentinels(column.values, cells.sentinels);
    drop_spikes(column.values);
    const auto plural = [](const Count& count) { return count.cells == 1 ? " says" : "s say"; };
    if (cells.words.cells > 0)
      note(cells.words,
           fmt::format("{} cell{} neither a number nor a known mark of a missing value (first: "
                       "'{}'); read as missing",
                       cells.words.cells, cells.words.cells == 1 ? " is" : "s are",
                       shown(cells.words.first)),
           true, advice_on(cells.words));
    if (cells.infinite.cells > 0)
      note(cells.infinite,
           fmt::format("{} cell{} infinite or beyond the largest number (first: '{}'); read as "
                       "missing",
                       cells.infinite.cells, cells.infinite.cells == 1 ? " is" : "s are",
                       shown(cells.infinite.first)),
           true);
    if (cells.bad_status.cells > 0)
      note(cells.bad_status,
           fmt::format("{} cell{} '{}' or the like; read as missing", cells.bad_status.cells,
                       plural(cells.bad_status), shown(cells.bad_status.first)));
  }

  /// -9999 and its kin mean "no value" where they lie far from what the column holds.
  void drop_sentinels(std::vector<double>& values, const Count& sentinels) {
    if (sentinels.cells == 0) return;
    double low = INFINITY, high = -INFINITY;
    for (const double value : values) {
      if (std::isnan(value) || is_sentinel(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    if (low > high) return;
    Count dropped;
    double first = 0;
    for (int row = sentinels.first; row < rows_; ++row) {
      double& value = values[static_cast<std::size_t>(row)];
      if (std::isnan(value) || !is_sentinel(value)) continue;
      const double distance = low - value;
      const bool outside = distance > 0 && distance > std::min(high - low, 20 * std::abs(low)) &&
                           distance > 0.1 * std::abs(value);
      if (!outside) continue;
      if (dropped.cells == 0) first = value;
      dropped.add(row);
      value = kMissing;
    }
    note(dropped, fmt::format("{} cell{} {}, far outside the rest of the column; read as missing",
                              dropped.cells, dropped.cells == 1 ? " holds" : "s hold", first));
  }

  /// 1e9 among values of 100 to 200: beside it the whole column would look like one value.
  void drop_spikes(std::vector<double>& values) {
    const std::optional<ValueRange> possible = range_without_spikes(values);
    if (!possible) return;
    Count dropped;
    double first = 0;
    for (int row = 0; row < rows_; ++row) {
      double& value = values[static_cast<std::size_t>(row)];
      if (std::isnan(value) || (value >= possible->low && value <= possible->high)) continue;
      if (dropped.cells == 0) first = value;
      dropped.add(row);
      value = kMissing;
    }
    note(dropped,
         fmt::format("{} cell{} {:.6g}, more than a hundred times as far from all others (from "
                     "{:.6g} to {:.6g}) as these from each other; read as missing",
                     dropped.cells, dropped.cells == 1 ? " holds" : "s hold values like", first,
                     possible->low, possible->high),
         true, "correct or empty the cell");
  }

  bool as_times(Column& column, const Cells& cells) {
    std::vector<TimeStamp> stamps(static_cast<std::size_t>(rows_));
    std::vector<char> is_stamp(static_cast<std::size_t>(rows_), 0);
    int good = 0, bad = cells.numbers;
    int open = 0, first_beyond_12 = 0, second_beyond_12 = 0;
    for (int row = 0; row < rows_; ++row) {
      const std::string_view text = raw(row);
      const auto stamp = parse_time_stamp(text);
      if (!stamp) {
        bad += source_.reader.read(text).kind == CellKind::word;
        if (bad > 1000 && good == 0) return false;
        continue;
      }
      stamps[static_cast<std::size_t>(row)] = *stamp;
      is_stamp[static_cast<std::size_t>(row)] = 1;
      ++good;
      if (stamp->order != TimeStamp::Order::open) continue;
      ++open;
      first_beyond_12 += stamp->first > 12;
      second_beyond_12 += stamp->second > 12;
    }
    if (good == 0 || !mostly(bad, good)) return false;
    const DayOrder order =
        second_beyond_12 > first_beyond_12 ? DayOrder::month_first : DayOrder::day_first;
    if (open > 0 && first_beyond_12 == 0 && second_beyond_12 == 0)
      notes_.push_back({.column = name_,
                        .row = -1,
                        .count = open,
                        .what = "day and month cannot be told apart: read as day first"});
    column.kind = ColumnKind::time;
    column.values.assign(static_cast<std::size_t>(rows_), kMissing);
    fill_times(column.values, {stamps, is_stamp}, order);
    return true;
  }

  void fill_times(std::vector<double>& values,
                  const std::pair<std::vector<TimeStamp>, std::vector<char>>& stamps,
                  DayOrder order) {
    Count unreadable;
    for (int row = 0; row < rows_; ++row) {
      const auto at = static_cast<std::size_t>(row);
      std::optional<double> seconds;
      if (stamps.second[at]) seconds = to_seconds(stamps.first[at], order);
      if (seconds)
        values[at] = *seconds;
      else if (stamps.second[at] || !source_.reader.missing_word(raw(row)))
        unreadable.add(row);
    }
    if (unreadable.cells > 0)
      note(unreadable,
           fmt::format("{} cell{} no time stamp (first: '{}'); read as missing", unreadable.cells,
                       unreadable.cells == 1 ? " is" : "s are", shown(unreadable.first)),
           true);
  }

  void as_words(Column& column) {
    column.kind = ColumnKind::text;
    column.values.assign(static_cast<std::size_t>(rows_), kMissing);
    std::unordered_map<std::string, int> index;
    for (int row = 0; row < rows_; ++row) {
      if (is_known_word() ? raw(row).empty() : source_.reader.missing_word(raw(row))) continue;
      const auto [word, is_new] = index.emplace(source_.grid.word(first_record_ + row, index_),
                                                static_cast<int>(index.size()));
      if (is_new) column.words.push_back(word->first);
      column.values[static_cast<std::size_t>(row)] = word->second;
    }
  }

  const ColumnSource& source_;
  int index_, first_record_, rows_;
  std::string name_;
  std::vector<ReadNote>& notes_;
};

}  // namespace

namespace {

/// "12,5 kg/h": a number with this mark in it, and a unit.
bool has_unit_and_mark(std::string_view text, char mark) {
  const std::string_view number =
      text.substr(0, std::min(text.find_first_not_of("+-.,0123456789"), text.size()));
  if (number.find(mark) == std::string_view::npos || has_thousands_marks(number)) return false;
  const auto both = parse_with_unit(text, mark);
  return both && both->unit[0] != '-';
}

}  // namespace

char detect_decimal_mark(const Grid& grid) {
  long commas = 0, groups = 0, points = 0;
  long unit_commas = 0, unit_points = 0;  // these count where no plain number has a mark
  for (std::size_t i = static_cast<std::size_t>(grid.width); i < grid.cells.size(); ++i) {
    const Cell& cell = grid.cells[i];
    const std::string_view text = grid.text.substr(cell.begin, cell.size);
    if (grid.separator == ',' && !cell.quoted) {
      points += text.find('.') != std::string_view::npos;
    } else if (text.find(',') != std::string_view::npos) {
      if (has_thousands_marks(text) && !has_blank_marks(text))
        ++groups;
      else
        has_blank_marks(text) || parse_number(text, ',').has_value()
            ? ++commas
            : unit_commas += has_unit_and_mark(text, ',');
    } else if (text.find('.') != std::string_view::npos) {
      parse_number(text, '.').has_value() ? ++points : unit_points += has_unit_and_mark(text, '.');
    }
  }
  if (commas + groups + points == 0) return unit_commas > unit_points ? ',' : '.';
  if (commas == 0) {
    const bool grouping = groups == 0 || points > 0 || grid.separator == ',';
    return grouping ? '.' : ',';
  }
  return commas + groups >= points ? ',' : '.';
}

Column build_column(const ColumnSource& source, int index, std::vector<ReadNote>& notes) {
  Column column;
  column.name = source.header.names[static_cast<std::size_t>(index)];
  column.unit = source.header.units[static_cast<std::size_t>(index)];
  ColumnBuilder(source, index, notes).build(column);
  return column;
}

}  // namespace cupel
