// The decimal mark of a file, and whether its points or commas stand between groups of digits.
#include <fmt/format.h>

#include <algorithm>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_columns.hpp"

namespace cupel {
namespace {

struct Evidence {
  long count = 0;
  int record = 0, column = 0;  ///< of the first cell
  void add(int r, int c) {
    if (count++ == 0) {
      record = r;
      column = c;
    }
  }
};

struct Marks {
  Evidence decimal_point, decimal_comma, grouping_comma, grouping_point, open_point, open_comma;

  void add(MarkEvidence evidence, int record, int column) {
    switch (evidence) {
      case MarkEvidence::none:
        return;
      case MarkEvidence::decimal_point:
        return decimal_point.add(record, column);
      case MarkEvidence::decimal_comma:
        return decimal_comma.add(record, column);
      case MarkEvidence::grouping_comma:
        return grouping_comma.add(record, column);
      case MarkEvidence::grouping_point:
        return grouping_point.add(record, column);
      case MarkEvidence::open_point:
        return open_point.add(record, column);
      case MarkEvidence::open_comma:
        return open_comma.add(record, column);
    }
  }
};

/// "12,5" of "12,5 kg/h"; empty when no unit stands behind a number.
std::string_view before_unit(std::string_view text) {
  for (const char mark : {'.', ','}) {
    const auto both = parse_with_unit(text, mark);
    if (!both || both->unit[0] == '-') continue;
    const std::size_t end = text.find_first_not_of("+-.,0123456789");
    return text.substr(0, std::min(end, text.size()));
  }
  return {};
}

struct FileMarks {
  Marks plain, with_unit;
};

FileMarks marks_of(const Grid& grid) {
  FileMarks marks;
  for (int record = 1; record < grid.records(); ++record)
    for (int column = 0; column < grid.width; ++column) {
      const std::string_view text = grid.raw(record, column);
      if (text.find_first_of(".,") == std::string_view::npos) continue;
      const MarkEvidence evidence = mark_evidence(text);
      if (evidence != MarkEvidence::none) {
        marks.plain.add(evidence, record, column);
      } else if (text.size() < 40 && text.find_first_of("0123456789") == 0) {
        const std::string_view number = before_unit(text);
        if (!number.empty()) marks.with_unit.add(mark_evidence(number), record, column);
      }
    }
  return marks;
}

[[noreturn]] void refuse_open(const Grid& grid, const Evidence& open, const std::string& name) {
  const std::string_view text = grid.raw(open.record, open.column);
  throw Error(
      ErrorKind::bad_data,
      fmt::format("{}, column '{}', row {}: '{}' may be a number with thousands marks or with a "
                  "decimal comma: no cell of the file tells ({} such cell{})",
                  name, grid.raw(0, open.column),
                  grid.sheet_rows[static_cast<std::size_t>(open.record)], text, open.count,
                  open.count == 1 ? "" : "s"),
      "say which mark the file has: --decimal-mark . or --decimal-mark ,");
}

char decimal_mark_of(const Grid& grid, const Marks& marks, const std::string& name) {
  const long points = marks.decimal_point.count, commas = marks.decimal_comma.count;
  if (points + commas > 0) return commas >= points && commas > 0 ? ',' : '.';
  if (marks.grouping_comma.count > 0 && marks.grouping_point.count == 0) return '.';
  if (marks.grouping_point.count > 0 && marks.grouping_comma.count == 0) return ',';
  if (marks.open_comma.count > 0 && grid.separator != ',')
    refuse_open(grid, marks.open_comma, name);
  return '.';
}

bool any(const Marks& marks) {
  return marks.decimal_point.count + marks.decimal_comma.count + marks.grouping_comma.count +
             marks.grouping_point.count + marks.open_point.count + marks.open_comma.count >
         0;
}

}  // namespace

Reading detect_marks(const Grid& grid, const std::string& name) {
  const FileMarks marks = marks_of(grid);
  Reading reading;
  reading.decimal_mark =
      decimal_mark_of(grid, any(marks.plain) ? marks.plain : marks.with_unit, name);
  return reading;
}

}  // namespace cupel
