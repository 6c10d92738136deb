#include "cupel/data/csv_blanks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cupel/data/csv_cells.hpp"
#include "cupel/data/csv_grid.hpp"
#include "cupel/data/csv_text.hpp"
#include "cupel/data/csv_time.hpp"

namespace cupel {
namespace {

/// As far as the text is looked at; a table that begins below is none.
constexpr std::size_t kSearched = std::size_t{1} << 16;
constexpr std::size_t kMostLines = 1000, kRowsBelow = 3;
constexpr int kMostNameLines = 3;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_measured(std::string_view field) {
  static const CellReader reader('.', {});
  if (field.size() > 1 && field.front() == '"' && field.back() == '"')
    field = field.substr(1, field.size() - 2);
  const CellKind kind = reader.read(field).kind;
  return kind != CellKind::word || parse_number(field, ',') || parse_time_stamp(field) ||
         parse_clock(field) || has_thousands_marks(field);
}

/// Fields between blanks; blanks in double quotes are content.
std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t at = 0; at < line.size();) {
    if (is_blank(line[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    if (line[at] == '"') {
      const std::size_t close = line.find('"', at + 1);
      if (close != std::string_view::npos) at = close + 1;
    }
    while (at < line.size() && !is_blank(line[at])) ++at;
    fields.push_back(line.substr(begin, at - begin));
  }
  return fields;
}

struct Line {
  std::string_view text;
  std::size_t fields = 0, measured = 0;
  bool rule = false;

  bool is_row(std::size_t width) const { return fields == width && 2 * measured >= width && !rule; }
};

/// The first whole lines.
std::vector<Line> first_lines(std::string_view text) {
  std::vector<Line> lines;
  const bool cut = text.size() > kSearched;
  std::string_view rest = text.substr(0, kSearched);
  while (!rest.empty() && lines.size() < kMostLines) {
    const std::size_t end = rest.find_first_of("\r\n");
    if (end == std::string_view::npos && cut) break;
    const std::size_t size = std::min(end, rest.size());
    Line line{rest.substr(0, size)};
    const auto fields = fields_of(line.text);
    line.fields = fields.size();
    line.measured =
        static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), is_measured));
    line.rule = is_ruler(line.text);
    lines.push_back(line);
    const bool pair = rest.substr(size).starts_with("\r\n");
    rest.remove_prefix(std::min(size + (pair ? 2 : 1), rest.size()));
  }
  return lines;
}

/// The first of at least four rows of one width (two at the end of the text), empty lines between
/// them left out.
std::optional<std::size_t> first_row(const std::vector<Line>& lines) {
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const std::size_t width = lines[at].fields;
    if (width < 2 || !lines[at].is_row(width)) continue;
    std::size_t rows = 1, below = at + 1;
    for (; below < lines.size() && rows <= kRowsBelow; ++below) {
      if (lines[below].fields == 0) continue;
      if (!lines[below].is_row(width)) break;
      ++rows;
    }
    if (rows > kRowsBelow || (below == lines.size() && rows >= 2)) return at;
  }
  return std::nullopt;
}

/// Share of numbers and times among the fields that this separator finds.
double measured_share(const std::vector<Line>& lines, std::size_t from, char separator) {
  double measured = 0, all = 0;
  for (std::size_t at = from; at < std::min(lines.size(), from + 50); ++at) {
    std::string_view rest = lines[at].text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(separator), rest.size());
      const std::string_view field = trimmed(rest.substr(0, end));
      if (!field.empty()) {
        measured += is_measured(field);
        ++all;
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return all > 0 ? measured / all : 0;
}

/// Nearly all lines from the first row on have its width, and enough numbers.
bool goes_on(const std::vector<Line>& lines, std::size_t first) {
  const std::size_t width = lines[first].fields;
  std::size_t rows = 0, others = 0, measured = 0;
  for (std::size_t at = first; at < lines.size(); ++at) {
    if (lines[at].fields == 0 || lines[at].rule) continue;
    const bool fits = lines[at].fields == width;
    ++(fits ? rows : others);
    measured += fits ? lines[at].measured : 0;
  }
  // Two fields of a number and a word may be "12.5 kg".
  const bool numbers = 2 * measured >= rows * width && (width > 2 || 3 * measured > 4 * rows);
  return numbers && 20 * others <= rows + 40 && others < rows;
}

/// Without a mark of comments in front, as simulators and plotters put it before names.
std::string_view without_mark(std::string_view line) {
  line = trimmed(line);
  for (const char mark : {'#', '%', '!'})
    if (line.starts_with(mark)) return trimmed(line.substr(1));
  return line;
}

bool are_names(const Line& line, std::size_t width) {
  const auto fields = fields_of(without_mark(line.text));
  return fields.size() == width && !line.rule &&
         std::none_of(fields.begin(), fields.end(), is_measured);
}

/// The line of names above the first row, units and a ruler between them; the first row itself
/// where there is none.
std::size_t names_above(const std::vector<Line>& lines, std::size_t first) {
  std::size_t names = first;
  int taken = 0;
  for (std::size_t at = first; at > 0 && taken < kMostNameLines; --at) {
    const Line& line = lines[at - 1];
    if (line.rule) continue;
    if (!are_names(line, lines[first].fields)) break;
    names = at - 1;
    ++taken;
  }
  return names;
}

bool says_something(const Line& line) { return line.fields > 0 && !line.rule; }

std::string with_marks(std::string_view text, std::size_t names, std::size_t lines_above) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t number = 0; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    if (number >= names && !is_ruler(line)) {
      bool first = true;
      for (const std::string_view field :
           fields_of(number < lines_above ? without_mark(line) : line)) {
        if (!first) result += kBlanks;
        result += field;
        first = false;
      }
    }
    result += '\n';
    const bool pair = text.substr(end).starts_with("\r\n");
    text.remove_prefix(std::min(end + (pair ? 2 : 1), text.size()));
  }
  return result;
}

}  // namespace

bool is_ruler(std::string_view line) {
  int dashes = 0;
  for (const char c : line) {
    if (c == '-' || c == '=' || c == '_')
      ++dashes;
    else if (c != '+' && c != '|' && c != ':' && !is_blank(c))
      return false;
  }
  return dashes >= 3 &&
         (line.find("---") != std::string_view::npos ||
          line.find("===") != std::string_view::npos || line.find("___") != std::string_view::npos);
}

std::optional<BlankTable> find_blank_table(std::string_view text) {
  const std::vector<Line> lines = first_lines(text);
  const auto first = first_row(lines);
  if (!first || !goes_on(lines, *first)) return std::nullopt;
  const std::size_t width = lines[*first].fields;
  const std::size_t names = names_above(lines, *first);
  std::size_t above = 0;
  for (std::size_t at = 0; at < names; ++at) above += says_something(lines[at]);
  const auto offset = static_cast<std::size_t>(lines[*first].text.data() - text.data());
  const char separator = detect_separator(text.substr(offset, kSearched));
  if (names == *first && above > 0 && (width < 3 || separator != '\0')) return std::nullopt;
  if (separator != '\0') {
    const double share = measured_share(lines, *first, separator);
    const double own = std::max(measured_share(lines, *first, ' '), 0.0);
    if (own <= share + 0.1) return std::nullopt;
  }
  BlankTable table;
  table.text = with_marks(text, names, *first);
  table.note = "the columns stand apart by blanks";
  if (above > 0)
    table.note +=
        fmt::format("; the table begins in line {}: what stands above is left out", names + 1);
  return table;
}

}  // namespace cupel
