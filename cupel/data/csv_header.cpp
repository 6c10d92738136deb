#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_columns.hpp"
#include "cupel/data/csv_time.hpp"
#include "cupel/data/unit_text.hpp"

namespace cupel {
namespace {

std::string on_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

/// "T [degC]" or "T (degC)" as name and unit; the unit is empty when there is none.
std::pair<std::string, std::string> split_unit(const std::string& text) {
  if (text.empty() || (text.back() != ']' && text.back() != ')')) return {text, ""};
  const std::size_t open = text.rfind(text.back() == ']' ? '[' : '(');
  if (open == std::string::npos || open == 0) return {text, ""};
  const char before = text[open - 1];
  if (text.back() == ')' && before != ' ' && before != '_') return {text, ""};  // f(x)
  std::string_view name = trimmed(std::string_view(text).substr(0, open));
  if (before == '_') name.remove_suffix(1);
  const std::string_view unit =
      trimmed(std::string_view(text).substr(open + 1, text.size() - open - 2));
  if (name.empty() || unit.empty()) return {text, ""};
  return {std::string(name), std::string(unit)};
}

bool is_number_or_time(std::string_view text, const CellReader& reader) {
  return reader.read(text).kind == CellKind::number || parse_time_stamp(text).has_value();
}

bool all_numbers(const Grid& grid, int record, const CellReader& reader) {
  for (int column = 0; column < grid.width; ++column) {
    const CellKind kind = reader.read(grid.raw(record, column)).kind;
    if (kind == CellKind::word && !is_number_or_time(grid.raw(record, column), reader))
      return false;
  }
  return true;
}

/// At least half of the cells that say something in the next rows are numbers.
bool numeric_below(const Grid& grid, int column, int from, const CellReader& reader) {
  constexpr int kSample = 50;
  int numbers = 0, words = 0;
  for (int record = from; record < std::min(grid.records(), from + kSample); ++record) {
    const CellKind kind = reader.read(grid.raw(record, column)).kind;
    numbers += kind == CellKind::number;
    words += kind == CellKind::word;
  }
  return numbers > 0 && numbers >= words;
}

/// "1" and "-" are the unit of what has none.
bool has_no_dimension(std::string_view unit) { return unit == "1" || unit == "-"; }

/// Stands as a word of its column further below, too: then it is a word there, no unit.
bool comes_again(const Grid& grid, int record, int column) {
  constexpr int kSample = 200;
  for (int below = record + 1; below < std::min(grid.records(), record + kSample); ++below)
    if (grid.raw(below, column) == grid.raw(record, column)) return true;
  return false;
}

/// A unit or a description, not a cell of the data.
bool may_be_unit(const Grid& grid, int record, int column) {
  const std::string_view text = grid.raw(record, column);
  return !is_limit(text, '.') && !is_limit(text, ',') && !parse_with_unit(text, '.') &&
         !parse_with_unit(text, ',') && !parse_clock(text) && !comes_again(grid, record, column);
}

/// A line of units or descriptions below the names: words above numbers, and no numbers.
bool is_word_row(const Grid& grid, int record, const CellReader& reader) {
  if (grid.records() < record + 2) return false;
  bool word_above_numbers = false;
  for (int column = 0; column < grid.width; ++column) {
    const std::string_view text = grid.raw(record, column);
    if (text.empty() || has_no_dimension(text)) continue;
    if (is_number_or_time(text, reader)) return false;
    const bool says_something = reader.read(text).kind == CellKind::word;
    if (says_something && !may_be_unit(grid, record, column)) return false;
    if (says_something && !word_above_numbers)
      word_above_numbers = numeric_below(grid, column, record + 1, reader);
  }
  return word_above_numbers;
}

/// In a file that a model reads: no column of numbers or times holds one in the first row, and one
/// of them a word.
bool is_unit_row(const HeaderSource& source, const Header& header) {
  if (source.grid.records() < 3) return false;
  bool says_something = false;
  for (int column = 0; column < source.grid.width; ++column) {
    const ColumnReading* known = source.taught.find(header.names[static_cast<std::size_t>(column)]);
    const std::string_view text = source.grid.raw(1, column);
    if (text.empty()) continue;
    if (known == nullptr || known->kind == ColumnKind::text) {
      if (is_number_or_time(text, source.reader)) return false;
      continue;
    }
    if (source.reader.read(text).kind != CellKind::word) {
      if (!has_no_dimension(text)) return false;
      continue;
    }
    if (!may_be_unit(source.grid, 1, column) || parse_time_stamp(text) ||
        parse_written(text, '.') || parse_written(text, ','))
      return false;
    says_something = true;
  }
  return says_something;
}

std::size_t letters(const Grid& grid, int record) {
  std::size_t count = 0;
  for (int column = 0; column < grid.width; ++column) count += grid.raw(record, column).size();
  return count;
}

/// Units from the line below the names; of two such lines (descriptions and units) the shorter one.
void take_units(const HeaderSource& source, Header& header) {
  const Grid& grid = source.grid;
  const CellReader& reader = source.reader;
  if (source.taught.any() ? !is_unit_row(source, header) : !is_word_row(grid, 1, reader)) return;
  int units = 1;
  header.records = 2;
  if (!source.taught.any() && is_word_row(grid, 2, reader)) {
    header.records = 3;
    if (letters(grid, 2) < letters(grid, 1)) units = 2;
    header.notes.push_back(
        {.column = header.names[0],
         .row = -1,
         .count = 0,
         .what =
             fmt::format("the two lines below the names hold words: the {} was taken for units, "
                         "the other for descriptions",
                         units == 1 ? "first" : "second")});
  }
  for (int column = 0; column < grid.width; ++column)
    if (!has_no_dimension(grid.raw(units, column)))
      header.units[static_cast<std::size_t>(column)] = on_one_line(grid.word(units, column));
}

/// Takes units out of the names where the names stay unique.
void split_units(Header& header) {
  std::vector<std::pair<std::string, std::string>> parts;
  std::unordered_map<std::string, int> uses;
  for (const std::string& name : header.names) {
    parts.push_back(split_unit(name));
    ++uses[parts.back().first];
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].second.empty() || uses[parts[i].first] > 1) continue;
    const bool in_parentheses = header.names[i].back() == ')';
    if (in_parentheses && !looks_like_unit(parts[i].second)) continue;  // T (inlet)
    header.names[i] = parts[i].first;
    header.units[i] = parts[i].second;
  }
}

void name_the_nameless(Header& header) {
  for (std::size_t i = 0; i < header.names.size(); ++i) {
    if (!header.names[i].empty()) continue;
    header.names[i] = fmt::format("column_{}", i + 1);
    header.notes.push_back({.column = header.names[i],
                            .row = -1,
                            .count = 0,
                            .what = fmt::format("column {} has no name; it is called '{}' here",
                                                i + 1, header.names[i])});
  }
}

void refuse_duplicates(const Header& header, const std::string& name) {
  std::unordered_map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < header.names.size(); ++i) {
    const auto [earlier, is_new] = first.emplace(header.names[i], i);
    if (!is_new)
      throw Error(ErrorKind::bad_data,
                  fmt::format("{}: columns {} and {} are both called '{}'", name,
                              earlier->second + 1, i + 1, header.names[i]),
                  "give every column its own name");
  }
}

/// Names in a comment line just above numbers, as simulators write them: "# T, p".
std::vector<std::string> names_in_comment(const Grid& grid) {
  std::vector<std::string> names;
  std::string_view rest = grid.comment;
  while (!rest.empty() && grid.separator != '\0') {
    const std::size_t end = std::min(rest.find(grid.separator), rest.size());
    names.emplace_back(trimmed(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return names;
}

}  // namespace

Header read_header(const HeaderSource& source) {
  const Grid& grid = source.grid;
  const CellReader& reader = source.reader;
  const std::string& name = source.file;
  Header header;
  header.units.resize(static_cast<std::size_t>(grid.width));
  if (!source.stated && all_numbers(grid, 0, reader)) {
    header.names = names_in_comment(grid);
    header.records = 0;
    if (static_cast<int>(header.names.size()) != grid.width)
      throw Error(
          ErrorKind::bad_data,
          fmt::format("{}: the first line holds numbers, not the names of the columns", name),
          "put a line with one name for each column at the top of the file, or say what it is: "
          "--header yes or --header no");
  } else {
    for (int column = 0; column < grid.width; ++column)
      header.names.push_back(on_one_line(grid.word(0, column)));
    if (source.units_below) take_units(source, header);
  }
  if (header.records < 2) split_units(header);
  name_the_nameless(header);
  refuse_duplicates(header, name);
  return header;
}

}  // namespace cupel
