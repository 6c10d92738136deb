#include "cupel/data/csv.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_columns.hpp"
#include "cupel/data/csv_dates.hpp"
#include "cupel/data/csv_text.hpp"

namespace cupel {
namespace {

/// Cells are found by 32-bit places in the text.
constexpr std::size_t kLargestFile = (std::size_t{1} << 32) - 1;

[[noreturn]] void refuse_size(const std::string& name) {
  throw Error(ErrorKind::bad_data, fmt::format("{}: larger than 4 GB", name),
              "take a part of the rows, or every tenth");
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File open_file(const std::string& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status))
    throw Error(ErrorKind::bad_data, fmt::format("{}: there is no such file", path),
                "check the name and the folder");
  if (std::filesystem::is_directory(status))
    throw Error(ErrorKind::bad_data, fmt::format("{}: this is a folder, not a CSV file", path),
                "name a file in it");
  File file(std::fopen(path.c_str(), "rb"));
  if (!file)
    throw Error(ErrorKind::bad_data,
                fmt::format("{}: the file cannot be opened ({})", path, std::strerror(errno)),
                "check that you may read it");
  return file;
}

/// Reads piece by piece, so that a file that is no table is refused before it fills memory.
std::string read_bytes(const std::string& path, const CsvOptions& options) {
  const File file = open_file(path);
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  std::string bytes;
  std::size_t line_begin = 0;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kPiece);
    const std::size_t got = std::fread(bytes.data() + before, 1, kPiece, file.get());
    bytes.resize(before + got);
    if (got == 0) break;
    if (bytes.size() > kLargestFile) refuse_size(path);
    const std::size_t last_end = std::string_view(bytes).substr(before).find_last_of("\r\n");
    if (last_end != std::string_view::npos) line_begin = before + last_end + 1;
    if (bytes.size() - line_begin > options.longest_line)
      refuse_long_lines(bytes, path, options.longest_line);
  }
  if (std::ferror(file.get()) != 0)
    throw Error(ErrorKind::runtime,
                fmt::format("{}: reading failed ({})", path, std::strerror(errno)),
                "check the disk or the network drive, and try again");
  return bytes;
}

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

Table read_csv(const std::string& path, const CsvOptions& options) {
  const std::string bytes = read_bytes(path, options);
  return parse_csv(bytes, path, options);
}

Table parse_csv(std::string_view bytes, const std::string& name, const CsvOptions& options) {
  if (bytes.empty())
    throw Error(ErrorKind::bad_data, fmt::format("{}: the file is empty", name),
                "the first line must name the columns, the lines below hold the values");
  if (bytes.size() > kLargestFile) refuse_size(name);
  refuse_long_lines(bytes, name, options.longest_line);
  const DecodedText decoded = decode_text(bytes, name);
  if (decoded.view().size() > kLargestFile) refuse_size(name);
  const Grid grid = split_cells(decoded.view(), name);
  const char decimal_mark = detect_decimal_mark(grid);
  const CellReader reader(decimal_mark, options.missing_marks);
  const Header header = read_header(grid, reader, name);

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
