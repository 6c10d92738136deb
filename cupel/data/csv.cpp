#include "cupel/data/csv.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_blanks.hpp"
#include "cupel/data/csv_columns.hpp"
#include "cupel/data/csv_dates.hpp"
#include "cupel/data/csv_nameless.hpp"
#include "cupel/data/csv_text.hpp"
#include "cupel/data/fill_values.hpp"
#include "cupel/data/table_bytes.hpp"

namespace cupel {
namespace {

void note_file(Table& table, std::string what) {
  if (!what.empty())
    table.notes.push_back({.column = {}, .row = -1, .count = 0, .what = std::move(what)});
}

/// Where each data row stands in a spreadsheet.
void place_rows(Table& table, const Grid& grid, int header_records) {
  const std::vector<int> rows(grid.sheet_rows.begin() + header_records, grid.sheet_rows.end());
  table.header_lines = rows.front() - 1;
  if (rows.back() - rows.front() + 1 != table.rows) table.sheet_rows = rows;
}

Reading marks_of_file(const Grid& grid, const ReadOptions& options, char known_mark,
                      const std::string& name) {
  Reading reading;
  if (options.taught.any()) {
    reading = options.taught;
    reading.columns.clear();
  } else if (known_mark != '\0') {
    reading.decimal_mark = known_mark;
  } else {
    reading = detect_marks(grid, name);
  }
  if (reading.missing_marks.empty()) reading.missing_marks = options.missing_marks;
  return reading;
}

/// What stands for no value in two columns does so in the others, too.
void drop_fills_of_others(Table& table, Reading& reading) {
  std::map<double, int> uses;
  for (const ColumnReading& column : reading.columns)
    for (const double fill : column.fills) ++uses[fill];
  std::vector<double> known;
  for (const auto& [fill, columns] : uses)
    if (columns >= 2) known.push_back(fill);
  if (known.empty()) return;
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    Column& column = table.columns[k];
    if (column.kind == ColumnKind::number && !reading.columns[k].clock)
      drop_fills(find_fills(column.values, known), reading.columns[k], column.values, table.notes);
  }
}

}  // namespace

Table parse_csv(std::string_view bytes, const std::string& name, const ReadOptions& options,
                const TextForm& form) {
  if (bytes.empty())
    throw Error(ErrorKind::bad_data, fmt::format("{}: the file is empty", name),
                "the first line must name the columns, the lines below hold the values");
  refuse_size(bytes.size(), name);
  refuse_long_lines(bytes, name, options.longest_line);
  const DecodedText decoded = decode_text(bytes, name);
  refuse_size(decoded.view().size(), name);
  const auto blanks =
      form.separator == '\0' ? find_blank_table(decoded.view()) : std::optional<BlankTable>();
  const Grid grid = blanks ? split_cells(blanks->text, name, kBlanks)
                           : split_cells(decoded.view(), name, form.separator);
  Reading reading = marks_of_file(
      grid, options, form.decimal_mark != '\0' ? form.decimal_mark : options.decimal_mark, name);
  const CellReader reader(reading.decimal_mark, reading.missing_marks);
  const bool nameless = lacks_header(grid, reader, options.header, name);
  const Header header = nameless
                            ? numbered_header(grid)
                            : read_header({grid, reader, name, options.taught,
                                           options.header == HeaderLine::yes, !form.names_only});

  Table table;
  table.source = name;
  table.rows = grid.records() - header.records;
  if (table.rows <= 0)
    throw Error(ErrorKind::bad_data, fmt::format("{}: there are no rows below the header", name),
                "the lines below the column names must hold the values");
  place_rows(table, grid, header.records);
  table.notes = header.notes;
  note_file(table, decoded.note);
  if (blanks) note_file(table, blanks->note);
  note_file(table, grid.titles);
  if (!grid.footer.empty())
    table.notes.push_back({.column = {},
                           .row = -1,
                           .count = 0,
                           .what = grid.footer,
                           .unreadable = true,
                           .advice = "if it belongs to the table, write numbers in the columns of "
                                     "numbers"});
  if (reading.decimal_mark == ',') note_file(table, "numbers are read with a decimal comma");
  const ColumnSource source{grid, options, header, name};
  for (int column = 0; column < grid.width; ++column)
    table.columns.push_back(build_column(source, column, reading, table.notes));
  if (!options.taught.any()) drop_fills_of_others(table, reading);
  table.reading = std::move(reading);
  join_times(table, options.taught);
  return table;
}

}  // namespace cupel
