#include "cupel/data/csv_frame.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "cupel/data/csv_cells.hpp"
#include "cupel/data/csv_text.hpp"
#include "cupel/data/csv_time.hpp"

namespace cupel {
namespace {

/// Lines in which the names are looked for, and as far as the text is searched for them.
constexpr std::size_t kMostTitles = 100, kSearched = std::size_t{1} << 16;
/// From a line that may hold the names on, to find its separator.
constexpr std::size_t kCompared = std::size_t{1} << 13;
constexpr std::size_t kRowsBelow = 3;
constexpr int kMostFooters = 20;

constexpr std::array<std::string_view, 33> kSummaries = {"total",
                                                         "totals",
                                                         "sum",
                                                         "subtotal",
                                                         "grand total",
                                                         "average",
                                                         "averages",
                                                         "avg",
                                                         "mean",
                                                         "median",
                                                         "min",
                                                         "minimum",
                                                         "max",
                                                         "maximum",
                                                         "std",
                                                         "std dev",
                                                         "std. dev.",
                                                         "stdev",
                                                         "standard deviation",
                                                         "variance",
                                                         "count",
                                                         "range",
                                                         "n",
                                                         "summe",
                                                         "mittelwert",
                                                         "gesamt",
                                                         "mittel",
                                                         "anzahl",
                                                         "moyenne",
                                                         "somme",
                                                         "media",
                                                         "suma",
                                                         "promedio"};

bool is_number(std::string_view text) {
  return parse_number(text, '.').has_value() || parse_number(text, ',').has_value();
}
/// No number, no time and no mark of a missing value.
bool is_word(std::string_view text) {
  static const CellReader reader('.', {});
  return reader.read(text).kind == CellKind::word && !is_number(text) &&
         !parse_time_stamp(text).has_value();
}

/// Fields of one line, for lines without line breaks in quotes.
std::vector<std::string_view> fields_of(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t at = 0; at <= line.size(); ++at) {
    if (at < line.size() && line[at] == '"') quoted = !quoted;
    if (at < line.size() && (quoted || line[at] != separator)) continue;
    fields.push_back(trimmed(line.substr(begin, at - begin)));
    begin = at + 1;
  }
  return fields;
}

std::size_t used(const std::vector<std::string_view>& fields) {
  std::size_t count = fields.size();
  while (count > 0 && fields[count - 1].empty()) --count;
  return count;
}

bool much_narrower(std::size_t fields, std::size_t wide) { return 3 * fields <= 2 * wide; }

/// A line that says something.
struct Line {
  std::string_view text;
  std::size_t begin = 0;
  int number = 0;  ///< from 0
};

std::vector<Line> first_lines(std::string_view text, std::size_t most) {
  std::vector<Line> lines;
  std::size_t begin = 0;
  for (int number = 0; begin < text.size() && lines.size() < most; ++number) {
    const std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
    const std::string_view line = trimmed(text.substr(begin, end - begin));
    if (!line.empty()) lines.push_back({line, begin, number});
    begin = end + 1;
    if (begin < text.size() && text[end] == '\r' && text[begin] == '\n') ++begin;
  }
  return lines;
}

bool can_name_columns(const std::vector<Line>& lines, std::size_t at, char separator) {
  const auto names = fields_of(lines[at].text, separator);
  if (names.size() < 2 || !std::all_of(names.begin(), names.end(), is_word)) return false;
  for (std::size_t below = 1; below <= kRowsBelow; ++below) {
    const auto fields = fields_of(lines[at + below].text, separator);
    if (fields.size() < names.size() || used(fields) > names.size()) return false;
    if (below == kRowsBelow && std::none_of(fields.begin(), fields.end(), is_number)) return false;
  }
  for (std::size_t above = 0; above < at; ++above) {
    const bool comment = lines[above].text[0] == '#';
    const std::size_t fields = used(fields_of(lines[above].text, separator));
    if (!comment && !much_narrower(fields, names.size())) return false;
  }
  return true;
}

/// Without a colon at its end, in small letters.
std::string plain(std::string_view text) {
  while (!text.empty() && (text.back() == ':' || text.back() == '=')) text.remove_suffix(1);
  return lower_case(trimmed(text));
}

/// Most of the first rows hold a number or a time there.
bool measured_above(const Grid& grid, int column) {
  constexpr int kSample = 50;
  int measured = 0, words = 0;
  for (int record = 1; record < std::min(grid.records(), kSample + 1); ++record) {
    const std::string_view text = grid.raw(record, column);
    if (text.empty()) continue;
    ++(is_word(text) ? words : measured);
  }
  return measured > words;
}

bool is_summary(std::string_view text) {
  return std::find(kSummaries.begin(), kSummaries.end(), plain(text)) != kSummaries.end();
}

/// In a column of words, where 'max' and 'n' may be categories: a few different summaries at the
/// end of the table, and none above them.
bool only_below(const Grid& grid, int record, int column) {
  constexpr int kMostSummaries = 5;
  int first = record;
  while (first > 1 && is_summary(grid.raw(first - 1, column))) --first;
  int last = record;
  while (last + 1 < grid.records() && is_summary(grid.raw(last + 1, column))) ++last;
  const int block = last - first + 1;
  if (block > kMostSummaries || 2 * block > last) return false;
  std::vector<std::string> words;
  for (int row = first; row <= last; ++row) words.push_back(plain(grid.raw(row, column)));
  std::sort(words.begin(), words.end());
  if (std::adjacent_find(words.begin(), words.end()) != words.end() ||
      std::binary_search(words.begin(), words.end(), "n"))
    return false;
  for (int row = 1; row < first; ++row)
    if (is_summary(grid.raw(row, column))) return false;
  return true;
}

/// A word alone in its line: a remark below the table when a summary stands above it.
bool is_lone_word(const Grid& grid, int record) {
  int filled = 0;
  for (int column = 0; column < grid.width; ++column) filled += !grid.raw(record, column).empty();
  return filled <= 1 && grid.width > 2;
}

bool is_footer(const Grid& grid, int record) {
  int first = 0, filled = 0;
  for (int column = grid.width - 1; column >= 0; --column) {
    if (grid.raw(record, column).empty()) continue;
    first = column;
    ++filled;
  }
  const std::string_view text = grid.raw(record, first);
  if (filled == 0 || grid.width < 2 || !is_word(text)) return false;
  if (is_summary(text) && (measured_above(grid, first) || only_below(grid, record, first)))
    return true;
  if (!measured_above(grid, first)) return false;
  if (filled == 1) return true;
  for (int column = first; column < grid.width; ++column)
    if (is_number(grid.raw(record, column))) return false;
  return much_narrower(static_cast<std::size_t>(filled), static_cast<std::size_t>(grid.width));
}

}  // namespace

Titles find_titles(std::string_view text) {
  text = text.substr(0, kSearched);
  const std::vector<Line> lines = first_lines(text, kMostTitles + kRowsBelow + 1);
  for (std::size_t at = 1; at + kRowsBelow < lines.size(); ++at) {
    const char separator = detect_separator(text.substr(lines[at].begin, kCompared));
    if (separator == '\0' || !can_name_columns(lines, at, separator)) continue;
    return {lines[at].number, lines[at].begin, lines[0].text};
  }
  return {};
}

bool names_columns(std::string_view comment, std::string_view below, char separator) {
  const auto names = fields_of(comment, separator);
  const auto row = fields_of(below.substr(0, below.find_first_of("\r\n")), separator);
  if (names.size() < 2 || used(row) > names.size() || row.size() < names.size()) return false;
  const auto is_name = [](std::string_view field) { return field.empty() || is_word(field); };
  const auto measured = [](std::string_view field) {
    return is_number(field) || parse_time_stamp(field).has_value();
  };
  return std::all_of(names.begin(), names.end(), is_name) &&
         std::any_of(row.begin(), row.end(), measured);
}

bool may_be_remark(std::string_view text, const std::vector<Cell>& fields, std::size_t named) {
  std::size_t filled = 0;
  for (const Cell& cell : fields) {
    const std::string_view content = text.substr(cell.begin, cell.size);
    if (content.empty()) continue;
    if (is_number(content)) return false;
    ++filled;
  }
  return filled > 0 && much_narrower(fields.size(), named);
}

int footer_records(const Grid& grid) {
  const int most = std::min(kMostFooters, (grid.records() - 1) / 2);
  int count = 0;
  for (int looked = 0; looked < most; ++looked) {
    const int record = grid.records() - 1 - looked;
    if (is_footer(grid, record))
      count = looked + 1;
    else if (!is_lone_word(grid, record))
      break;
  }
  return count;
}

}  // namespace cupel
