// Reads CSV files as plants and laboratories write them: separators , ; tab or |, decimal
// point or comma, thousands marks refused, UTF-8 with or without BOM, UTF-16, Latin-1,
// quoted fields, units in the header (`T [degC]`, `T (degC)`) or in a second row, ISO-8601
// and the common day-first/month-first time stamps, bad-status words as missing values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cupel/data/table.hpp"

namespace cupel {

struct CsvOptions {
  /// Added to the built-in marks of a missing value: empty, NA, N/A, #N/A, NaN, null, none, -,
  /// ?, Bad, No Data, Bad Input, I/O Timeout, Shutdown, … (any case) and -9999, -999.25.
  std::vector<std::string> missing_marks = {};
  /// A column with fewer unreadable cells than this share is a number column with missing
  /// cells (and a note); with more it is text.
  double unreadable_share = 0.2;
  /// Columns known to hold numbers: one number in them is enough.
  std::vector<std::string> number_columns = {};
  std::size_t longest_line = 16u << 20;  ///< bytes; a longer line is refused as "not a table"
};

/// Throws Error{bad_data} that names the file, and the line where there is one: no such file,
/// empty, header only, ragged rows, binary content, duplicate column names, a line too long.
Table read_csv(const std::string& path, const CsvOptions& options = {});

/// The same from memory; `name` is used in messages.
Table parse_csv(std::string_view bytes, const std::string& name, const CsvOptions& options = {});

}  // namespace cupel
