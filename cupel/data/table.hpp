// A table as read: named columns of numbers, words or times. Nothing is decided yet about
// which column is an input or a target.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/column_kind.hpp"
#include "cupel/data/reading.hpp"

namespace cupel {

struct Column {
  std::string name;
  std::string unit;  ///< as the file or the user states it; empty when unknown
  ColumnKind kind = ColumnKind::number;
  /// One value a row; NaN = missing. number: the value; text: index into `words`;
  /// time: seconds since 1970-01-01 00:00 (UTC unless the stamp has an offset).
  std::vector<double> values;
  std::vector<std::string> words;  ///< text only: the categories, in order of first appearance
  /// time only: seconds east of UTC of the clock that each stamp names; NaN where it names none.
  /// Empty: no stamp does.
  std::vector<double> offsets_s = {};
};

/// Something the reader met that the user should hear of; see Finding in check.hpp.
struct ReadNote {
  std::string column;       ///< empty: concerns the file
  int row = 0;              ///< first row concerned, 0-based data row; -1: none
  int count = 0;            ///< cells concerned
  std::string what;         ///< for example "12 cells say 'Bad'", "read as Latin-1"
  bool unreadable = false;  ///< cells or lines that the user should look at
  std::string advice = {};  ///< what to do about them; empty: the usual
};

struct Table {
  std::string source;  ///< file name, for messages
  std::vector<Column> columns;
  int rows = 0;
  int header_lines = 1;  ///< lines above the first data row (names, units)
  /// Spreadsheet row of each data row, where lines were left out between them (empty lines);
  /// empty otherwise.
  std::vector<int> sheet_rows;
  std::vector<ReadNote> notes;
  Reading reading = {};  ///< how its columns were read; empty when no file was

  /// Index of the column with this name; -1 when there is none.
  int find(const std::string& name) const;
};

/// The row number that a spreadsheet shows for a 0-based data row.
int sheet_row(const Table& table, int data_row);

/// Appends the rows of `more`, whose columns must have the same names (any order) and kinds
/// (a column without any value fits every kind).
/// Throws Error{bad_data} naming the column that does not fit.
void append_rows(Table& table, const Table& more);

}  // namespace cupel
