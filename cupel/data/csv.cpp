#include "cupel/data/csv.hpp"

#include <fmt/format.h>

#include <utility>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_columns.hpp"
#include "cupel/data/csv_dates.hpp"
#include "cupel/data/csv_nameless.hpp"
#include "cupel/data/csv_text.hpp"
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
  const Grid grid = split_cells(decoded.view(), name, form.separator);
  const char decimal_mark =
      form.decimal_mark != '\0' ? form.decimal_mark : detect_decimal_mark(grid);
  const CellReader reader(decimal_mark, options.missing_marks);
  const bool nameless = lacks_header(grid, reader, options.header, name);
  const Header header = nameless
                            ? numbered_header(grid)
                            : read_header(grid, reader, name, options.header == HeaderLine::yes);

  Table table;
  table.source = name;
  table.rows = grid.records() - header.records;
  if (table.rows <= 0)
    throw Error(ErrorKind::bad_data, fmt::format("{}: there are no rows below the header", name),
                "the lines below the column names must hold the values");
  place_rows(table, grid, header.records);
  table.notes = header.notes;
  note_file(table, decoded.note);
  note_file(table, grid.titles);
  if (!grid.footer.empty())
    table.notes.push_back({.column = {},
                           .row = -1,
                           .count = 0,
                           .what = grid.footer,
                           .unreadable = true,
                           .advice = "if it belongs to the table, write numbers in the columns of "
                                     "numbers"});
  if (decimal_mark == ',') note_file(table, "numbers are read with a decimal comma");
  const ColumnSource source{grid, reader, options, header, decimal_mark, name};
  for (int column = 0; column < grid.width; ++column)
    table.columns.push_back(build_column(source, column, table.notes));
  join_dates_and_clocks(table);
  return table;
}

}  // namespace cupel
