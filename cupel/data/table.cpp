#include "cupel/data/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

std::string_view kind_name(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::number:
      return "numbers";
    case ColumnKind::text:
      return "words";
    case ColumnKind::time:
      return "time stamps";
  }
  return "";
}

bool all_missing(const Column& column) {
  return std::all_of(column.values.begin(), column.values.end(),
                     [](double value) { return std::isnan(value); });
}

void require_same_columns(const Table& table, const Table& more) {
  for (const Column& column : table.columns) {
    const int other = more.find(column.name);
    if (other < 0)
      throw Error(ErrorKind::bad_data,
                  fmt::format("{}: there is no column '{}'", more.source, column.name),
                  fmt::format("the file must have the columns of {}", table.source));
    const ColumnKind kind = more.columns[other].kind;
    if (kind != column.kind && !all_missing(more.columns[other]))
      throw Error(ErrorKind::bad_data,
                  fmt::format("{}: column '{}' holds {}, in {} it holds {}", more.source,
                              column.name, kind_name(kind), table.source, kind_name(column.kind)));
  }
  for (const Column& column : more.columns)
    if (table.find(column.name) < 0)
      throw Error(ErrorKind::bad_data, fmt::format("{}: column '{}' is not in {}", more.source,
                                                   column.name, table.source));
}

/// The values of `more` in terms of the words of `column`, which gains the new ones.
std::vector<double> translated(Column& column, const Column& more) {
  std::unordered_map<std::string, int> index;
  for (const std::string& word : column.words) index.emplace(word, static_cast<int>(index.size()));
  std::vector<double> code_of;
  for (const std::string& word : more.words) {
    const auto [found, is_new] = index.emplace(word, static_cast<int>(index.size()));
    if (is_new) column.words.push_back(word);
    code_of.push_back(found->second);
  }
  std::vector<double> values = more.values;
  for (double& value : values)
    if (!std::isnan(value)) value = code_of[static_cast<std::size_t>(value)];
  return values;
}

/// The offsets of both, one a value, where either has some.
void append_offsets(Column& column, const Column& more) {
  if (column.offsets_s.empty() && more.offsets_s.empty()) return;
  column.offsets_s.resize(column.values.size(), kMissing);
  column.offsets_s.insert(column.offsets_s.end(), more.offsets_s.begin(), more.offsets_s.end());
  column.offsets_s.resize(column.values.size() + more.values.size(), kMissing);
}

}  // namespace

int Table::find(const std::string& name) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == name) return static_cast<int>(i);
  return -1;
}

int sheet_row(const Table& table, int data_row) {
  if (table.sheet_rows.empty()) return table.header_lines + data_row + 1;
  return table.sheet_rows.at(static_cast<std::size_t>(data_row));
}

void append_rows(Table& table, const Table& more) {
  require_same_columns(table, more);
  for (Column& column : table.columns) {
    const Column& other = more.columns[more.find(column.name)];
    const std::vector<double> values =
        column.kind == ColumnKind::text ? translated(column, other) : other.values;
    append_offsets(column, other);
    column.values.insert(column.values.end(), values.begin(), values.end());
  }
  if (!table.sheet_rows.empty())
    for (int row = 0; row < more.rows; ++row) table.sheet_rows.push_back(sheet_row(more, row));
  for (ReadNote note : more.notes) {
    if (note.row >= 0) note.row += table.rows;
    note.what = fmt::format("{} (in {})", note.what, more.source);
    table.notes.push_back(std::move(note));
  }
  table.rows += more.rows;
}

}  // namespace cupel
