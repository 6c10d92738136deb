#include "cupel/data/csv_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "cupel/base/error.hpp"
#include "cupel/data/cell_interpreter.hpp"
#include "cupel/data/decide_column.hpp"
#include "cupel/data/fill_values.hpp"

namespace cupel {
namespace {

constexpr std::size_t kQuotedInMessages = 30;
constexpr const char* kWithoutMarks =
    "write the numbers without thousands marks (in a spreadsheet: the format of the cells)";

/// Of the values that are left, without those that stand for none.
void set_range(ColumnReading& reading, const std::vector<double>& values) {
  if (reading.kind != ColumnKind::number) return;
  double low = INFINITY, high = -INFINITY;
  for (const double value : values) {
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  if (low > high) return;
  reading.low = low;
  reading.high = high;
}

/// Turns the cells of one column to values and counts what it met.
class ColumnReader {
 public:
  ColumnReader(const ColumnSource& source, const ColumnCells& cells, std::vector<ReadNote>& notes)
      : source_(source), cells_(cells), notes_(notes) {}

  /// Told to be words: only empty cells are missing.
  Column told_words(Column column, Reading& file) {
    column.kind = ColumnKind::text;
    ColumnReading reading{.name = column.name, .kind = ColumnKind::text, .unit = column.unit};
    read_all(CellInterpreter(file, reading, false), column);
    reading.words = column.words;
    file.columns.push_back(std::move(reading));
    return column;
  }

  Column untaught(Column column, Reading& file) {
    const CellReader reader(file.decimal_mark, file.missing_marks);
    ColumnSurvey survey = survey_column(cells_, reader, file.decimal_mark);
    name_ = column.name;
    refuse_other_mark(survey, file.decimal_mark);
    if (survey.units.empty()) refuse_grouped(survey, file.decimal_mark);
    ColumnReading reading = decide_column({cells_, survey, file, column.name, column.unit,
                                           source_.file, source_.options.unreadable_share},
                                          notes_);
    column.kind = reading.kind;
    column.unit = reading.unit;
    const CellInterpreter interpreter(file, reading, false);
    if (reading.kind == ColumnKind::number && !reading.clock) {
      column.values = std::move(survey.values);
      scale_plain(reading, column.values);
      for (const int row : survey.odd) read_number(interpreter, row, column.values);
      met_.bad_status = survey.bad_status;
      met_.infinite = survey.infinite;
      note_grouping(file);
    } else {
      read_all(interpreter, column);
    }
    if (reading.kind == ColumnKind::text && reading.words.empty()) reading.words = column.words;
    if (reading.kind == ColumnKind::number) take_fills(reading, column.values);
    set_range(reading, column.values);
    report(reading.kind);
    file.columns.push_back(std::move(reading));
    return column;
  }

  Column taught(Column column, const Reading& file, const ColumnReading& reading) {
    name_ = column.name;
    column.kind = reading.kind;
    if (column.unit.empty()) column.unit = reading.unit;
    read_all(CellInterpreter(file, reading, true), column);
    refuse_words_only(column);
    report(reading.kind);
    return column;
  }

 private:
  /// One odd cell is missing in its row; a column of nothing else is another one than was taught.
  void refuse_words_only(const Column& column) const {
    constexpr int kFewest = 2;
    if (column.kind != ColumnKind::number || met_.unreadable.cells < kFewest ||
        std::any_of(column.values.begin(), column.values.end(),
                    [](double value) { return !std::isnan(value); }))
      return;
    throw Error(ErrorKind::bad_data,
                fmt::format("{}: column '{}' holds words, the model takes numbers (row {}: '{}')",
                            source_.file, name_, shown_row(met_.unreadable.first),
                            shown(met_.unreadable.first)),
                "compare the file with the one that the model was made from");
  }

  struct Met {
    CellCount bad_status, infinite, unreadable, limits, grouped;
    std::string grouping;
  };

  std::string shown(int row) const { return shortened(cells_.word(row), kQuotedInMessages); }
  int shown_row(int row) const { return cells_.sheet_row(row); }

  void note(const CellCount& count, std::string what, bool unreadable = false,
            std::string advice = "") {
    if (count.cells > 0)
      notes_.push_back({.column = name_,
                        .row = count.first,
                        .count = count.cells,
                        .what = std::move(what),
                        .unreadable = unreadable,
                        .advice = std::move(advice)});
  }

  /// Numbers in the file's other mark would silently become words.
  void refuse_other_mark(const ColumnSurvey& survey, char decimal_mark) const {
    if (survey.odd.empty()) return;
    const MarkEvidence other =
        decimal_mark == '.' ? MarkEvidence::decimal_comma : MarkEvidence::decimal_point;
    CellCount found;
    for (const int row : survey.odd)
      if (mark_evidence(cells_.raw(row)) == other) found.add(row);
    const int rest = survey.others.cells + survey.clocks.cells + survey.stamps.cells - found.cells;
    const int numbers = found.cells + survey.all_numbers();
    if (found.cells == 0 || rest >= source_.options.unreadable_share * (rest + numbers) + 1e-9)
      return;
    throw Error(ErrorKind::bad_data,
                fmt::format("{}, column '{}': {} cell{} with another decimal mark than the rest of "
                            "the file (first: row {}, '{}')",
                            source_.file, name_, found.cells, found.cells == 1 ? "" : "s",
                            shown_row(found.first), shown(found.first)),
                "write all numbers of the file with the same decimal mark");
  }

  /// 943 beside 1.318: a thousands mark where one was needed, and none of the cells a fraction.
  void refuse_grouped(const ColumnSurvey& survey, char decimal_mark) const {
    constexpr double kFarApart = 10;
    CellCount marked;
    double largest_marked = 0, smallest_plain = 1000, largest_plain = 0;
    for (int row = 0; row < cells_.rows(); ++row) {
      const double signed_value = survey.values[static_cast<std::size_t>(row)];
      const double value = std::abs(signed_value);
      if (!(value > 0) || is_sentinel(signed_value)) continue;
      const std::string_view text = cells_.raw(row);
      if (text.find(decimal_mark) != std::string_view::npos) {
        if (!has_thousands_marks(text)) return;
        marked.add(row);
        largest_marked = std::max(largest_marked, value);
      } else {
        if (value != std::floor(value) || value > 999) return;
        smallest_plain = std::min(smallest_plain, value);
        largest_plain = std::max(largest_plain, value);
      }
    }
    if (marked.cells == 0 || largest_plain < 100 || smallest_plain < kFarApart * largest_marked)
      return;
    throw Error(ErrorKind::bad_data,
                fmt::format("{}, column '{}': {} cell{} with thousands marks (first: row {}, "
                            "'{}'), beside numbers up to {}",
                            source_.file, name_, marked.cells, marked.cells == 1 ? "" : "s",
                            shown_row(marked.first), shown(marked.first), largest_plain),
                kWithoutMarks);
  }

  static void scale_plain(const ColumnReading& reading, std::vector<double>& values) {
    for (const CellUnit& unit : reading.cell_units)
      if (unit.text.empty() && unit.factor != 1)
        for (double& value : values) value *= unit.factor;
  }

  void read_all(const CellInterpreter& interpreter, Column& column) {
    column.values.assign(static_cast<std::size_t>(cells_.rows()), kMissing);
    switch (column.kind) {
      case ColumnKind::number:
        for (int row = 0; row < cells_.rows(); ++row) read_number(interpreter, row, column.values);
        break;
      case ColumnKind::time:
        for (int row = 0; row < cells_.rows(); ++row) read_time(interpreter, row, column);
        break;
      case ColumnKind::text:
        read_words(interpreter, column);
        break;
    }
  }

  void take(const CellReading& cell, int row, double& value) {
    switch (cell.outcome) {
      case CellOutcome::value:
        value = cell.value;
        if (cell.grouping != '\0') {
          met_.grouped.add(row);
          if (met_.grouping.find(cell.grouping) == std::string::npos)
            met_.grouping += cell.grouping;
        }
        break;
      case CellOutcome::missing:
      case CellOutcome::fill:
        break;
      case CellOutcome::bad_status:
        met_.bad_status.add(row);
        break;
      case CellOutcome::infinite:
        met_.infinite.add(row);
        break;
      case CellOutcome::limit:
        met_.limits.add(row);
        break;
      case CellOutcome::unreadable:
        met_.unreadable.add(row);
        break;
      case CellOutcome::contradiction:
        throw Error(ErrorKind::bad_data,
                    fmt::format("{}, row {}, column '{}': '{}': {}", source_.file, shown_row(row),
                                name_, shown(row), cell.says),
                    cell.cure);
    }
  }

  void read_number(const CellInterpreter& interpreter, int row, std::vector<double>& values) {
    take(interpreter.number(cells_.raw(row)), row, values[static_cast<std::size_t>(row)]);
  }

  void read_time(const CellInterpreter& interpreter, int row, Column& column) {
    const CellReading cell = interpreter.time(cells_.raw(row));
    take(cell, row, column.values[static_cast<std::size_t>(row)]);
    if (!cell.offset_s) return;
    if (column.offsets_s.empty()) column.offsets_s.assign(column.values.size(), kMissing);
    column.offsets_s[static_cast<std::size_t>(row)] = *cell.offset_s;
  }

  void read_words(const CellInterpreter& interpreter, Column& column) {
    std::unordered_map<std::string, int> index;    // of words as the column has them
    std::unordered_map<std::string, double> seen;  // of cells as they stand
    for (int row = 0; row < cells_.rows(); ++row) {
      std::string text = cells_.word(row);
      const auto [known, is_new] = seen.emplace(text, kMissing);
      if (is_new) {
        const CellInterpreter::Word word = interpreter.word(text);
        if (word.outcome == CellOutcome::value) {
          const auto [place, first] = index.emplace(word.text, static_cast<int>(index.size()));
          if (first) column.words.push_back(word.text);
          known->second = place->second;
        }
      }
      column.values[static_cast<std::size_t>(row)] = known->second;
    }
  }

  void note_grouping(Reading& file) {
    for (const char mark : met_.grouping)
      if (file.grouping.find(mark) == std::string::npos) file.grouping += mark;
    if (met_.grouped.cells > 0)
      notes_.push_back(
          {.column = name_,
           .row = -1,
           .count = met_.grouped.cells,
           .what = fmt::format("{} cell{} marks between groups of digits (first: row "
                               "{}, '{}'): read as thousands",
                               met_.grouped.cells, met_.grouped.cells == 1 ? " has" : "s have",
                               shown_row(met_.grouped.first), shown(met_.grouped.first))});
  }

  void take_fills(ColumnReading& reading, std::vector<double>& values) {
    drop_fills(find_fills(values), reading, values, notes_);
  }

  void report(ColumnKind kind) {
    const auto plural = [](const CellCount& count) { return count.cells == 1 ? " says" : "s say"; };
    if (met_.unreadable.cells > 0)
      note(met_.unreadable,
           fmt::format("{} cell{} {} (first: '{}'); read as missing", met_.unreadable.cells,
                       met_.unreadable.cells == 1 ? " is" : "s are",
                       kind == ColumnKind::time
                           ? "no time stamp"
                           : "neither a number nor a known mark of a missing value",
                       shown(met_.unreadable.first)),
           true);
    if (met_.limits.cells > 0)
      note(met_.limits,
           fmt::format("{} cell{} only a limit (first: '{}'): neither a number nor a known mark of "
                       "a missing value; read as missing",
                       met_.limits.cells, met_.limits.cells == 1 ? " states" : "s state",
                       shown(met_.limits.first)),
           true,
           "a missing cell is filled with the usual value, which is far from a limit: write the "
           "limit itself, or half of it, where that is near enough");
    if (met_.infinite.cells > 0)
      note(met_.infinite,
           fmt::format("{} cell{} infinite or beyond the largest number (first: '{}'); read as "
                       "missing",
                       met_.infinite.cells, met_.infinite.cells == 1 ? " is" : "s are",
                       shown(met_.infinite.first)),
           true);
    if (met_.bad_status.cells > 0)
      note(met_.bad_status,
           fmt::format("{} cell{} '{}' or the like; read as missing", met_.bad_status.cells,
                       plural(met_.bad_status), shown(met_.bad_status.first)));
  }

  const ColumnSource& source_;
  const ColumnCells& cells_;
  std::vector<ReadNote>& notes_;
  std::string name_;
  Met met_;
};

}  // namespace

void drop_fills(const std::vector<double>& fills, ColumnReading& reading,
                std::vector<double>& values, std::vector<ReadNote>& notes) {
  CellCount dropped;
  std::string shown;
  for (const double fill : fills) {
    const int before = dropped.cells;
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (values[row] != fill) continue;
      ++dropped.cells;
      if (dropped.first < 0 || static_cast<int>(row) < dropped.first)
        dropped.first = static_cast<int>(row);
      values[row] = kMissing;
    }
    if (dropped.cells == before) continue;
    reading.fills.push_back(fill);
    shown += fmt::format("{}{}", shown.empty() ? "" : " or ", fill);
  }
  if (dropped.cells == 0) return;
  set_range(reading, values);
  notes.push_back(
      {.column = reading.name,
       .row = dropped.first,
       .count = dropped.cells,
       .what = fmt::format("{} cell{} {}, far outside the rest of the column; read as "
                           "missing",
                           dropped.cells, dropped.cells == 1 ? " holds" : "s hold", shown),
       .unreadable = true,
       .advice = "programs write such a number where there is no value; nothing is to "
                 "be done if this one did"});
}

Column build_column(const ColumnSource& source, int index, Reading& reading,
                    std::vector<ReadNote>& notes) {
  Column column;
  column.name = source.header.names[static_cast<std::size_t>(index)];
  column.unit = source.header.units[static_cast<std::size_t>(index)];
  const ColumnCells cells{source.grid, index, source.header.records};
  ColumnReader reader(source, cells, notes);
  if (const ColumnReading* known = source.options.taught.find(column.name)) {
    reading.columns.push_back(*known);
    return reader.taught(std::move(column), source.options.taught, *known);
  }
  const auto& words = source.options.word_columns;
  if (std::find(words.begin(), words.end(), column.name) != words.end())
    return reader.told_words(std::move(column), reading);
  return reader.untaught(std::move(column), reading);
}

}  // namespace cupel
