// Reads CSV files as plants and laboratories write them: separators , ; tab or |, decimal
// point or comma, thousands marks, UTF-8 with or without BOM, UTF-16, Latin-1,
// quoted fields, units in the header (`T [degC]`, `T (degC)`) or in a second row, ISO-8601
// and the common day-first/month-first time stamps, bad-status words as missing values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cupel/data/table.hpp"

namespace cupel {

/// Whether the first line names the columns.
enum class HeaderLine { detect, yes, no };

/// How a file that holds a table is to be read.
struct ReadOptions {
  /// Added to the built-in marks of a missing value: empty, NA, N/A, #N/A, NaN, null, none, -,
  /// ?, Bad, No Data, Bad Input, I/O Timeout, Shutdown, … (any case) and -9999, -999.25.
  std::vector<std::string> missing_marks = {};
  /// A column with fewer unreadable cells than this share is a number column with missing
  /// cells (and a note); with more it is text.
  double unreadable_share = 0.2;
  char decimal_mark = '\0';  ///< '.' or ','; '\0': found from the file
  /// How an earlier file was read: the columns that it knows are read in the same way, each cell by
  /// itself.
  Reading taught = {};
  /// Columns known to hold words, even where these look like numbers. Only empty cells are missing.
  std::vector<std::string> word_columns = {};
  /// Of a workbook: the sheet's name, or its number from 1; empty: the first visible one with data.
  std::string sheet = {};
  HeaderLine header = HeaderLine::detect;
  std::size_t longest_line = 16u << 20;  ///< bytes; a longer line is refused as "not a table"
};

/// What a text made from another kind of file is known to be; '\0': to be found.
struct TextForm {
  char separator = '\0';
  char decimal_mark = '\0';
  bool names_only = false;  ///< no line of units below the names
};

/// The table in a text; `name` is used in messages. Files are read by read_table.hpp.
/// Throws Error{bad_data} that names the file, and the line where there is one: empty, header
/// only, ragged rows, binary content, duplicate column names, a line too long.
Table parse_csv(std::string_view bytes, const std::string& name, const ReadOptions& options = {},
                const TextForm& form = {});

}  // namespace cupel
