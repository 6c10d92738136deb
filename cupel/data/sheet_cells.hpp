// The cells of one sheet of a workbook as words, and the text that they make: columns apart by
// tabs, a line for each row of the sheet.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/data/workbook_xml.hpp"

namespace cupel {

struct SheetCell {
  int row = 0, column = 0;  ///< row from 1, column from 0
  std::uint32_t size = 0;
  std::size_t begin = 0;  ///< of the content in `content`
  bool measured = false;  ///< a number, a time or a truth value, not a word
};

/// What happened to cells that are no plain values.
struct CellCount {
  int cells = 0, row = 0, column = 0;  ///< how many, and where the first of them is
  void add(int at_row, int at_column) {
    if (cells++ > 0) return;
    row = at_row;
    column = at_column;
  }
};

struct SheetCells {
  std::string content;
  std::vector<SheetCell> cells;  ///< by rows, then columns; none is empty
  bool has_fractions = false;    ///< numbers with a decimal point
  CellCount no_result, filled;   ///< formulas without a result; cells filled from a merged one
  CellCount hidden_rows, hidden_columns;
  bool joined_headings = false;  ///< merged headings of several columns went into their names

  std::string_view text(const SheetCell& cell) const {
    return std::string_view(content).substr(cell.begin, cell.size);
  }
  /// Index of the cell there; -1: it is empty.
  int find(int row, int column) const;
  void add(int row, int column, std::string_view text, bool measured);
  void sort();
  /// Whether at least two rows have two cells and there is a number.
  bool looks_like_a_table() const;
};

/// What all sheets of a workbook share.
struct WorkbookWords {
  std::vector<std::string> shared;
  std::vector<std::string> formats;
  bool from_1904 = false;
};

/// Throws Error{bad_data} where there are more than 50 million cells.
SheetCells read_sheet(const WorkbookXml& xml, const std::string& part, const WorkbookWords& words,
                      const std::string& name);

/// Merged cells as they are meant: a heading above several columns joins their names, one over
/// several rows moves down to them, a value over several rows holds in each.
void resolve_merged(SheetCells& sheet, const std::vector<CellRange>& merged);

/// Columns without any cell are left out. Throws Error{bad_data} for far too wide a table.
std::string sheet_text(const SheetCells& sheet, const std::string& name);

}  // namespace cupel
