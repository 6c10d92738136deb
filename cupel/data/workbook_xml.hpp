// The XML parts of a workbook (.xlsx, ECMA-376) as plain values: sheets, number formats, shared
// words, rows of cells. Large parts are read row by row.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cupel/data/zip_archive.hpp"

namespace cupel {

struct SheetEntry {
  std::string name, part;
  bool hidden = false;
};

struct WorkbookIndex {
  std::vector<SheetEntry> sheets;  ///< with cells: no charts, no dialogs
  bool from_1904 = false;
};

struct RawCell {
  int column = 0;  ///< from 0
  int style = 0;
  std::string type;  ///< "s", "str", "inlineStr", "b", "e", "d"; empty or "n": a number
  std::string value;
  bool formula = false, has_value = false;
};

struct RawRow {
  int row = 0;  ///< from 1
  bool hidden = false;
  std::vector<RawCell> cells;
};

/// Rows from 1, columns from 0, the last ones within.
struct CellRange {
  int first_row = 0, first_column = 0, last_row = 0, last_column = 0;
};

struct SheetFrame {
  std::vector<CellRange> merged;
  std::vector<CellRange> hidden_columns;  ///< their columns count
};

/// All of these throw Error{bad_data} naming the file where the XML is damaged.
class WorkbookXml {
 public:
  WorkbookXml(OpenPart open, std::string name) : open_(std::move(open)), name_(std::move(name)) {}

  WorkbookIndex index() const;
  /// The format of each cell style, in order.
  std::vector<std::string> formats() const;
  /// Without the reading marks of Japanese words.
  std::vector<std::string> shared_words() const;
  SheetFrame read_rows(const std::string& part, const std::function<void(RawRow)>& take) const;

 private:
  std::string whole(const std::string& part) const;
  std::string workbook_part() const;
  [[noreturn]] void refuse(const std::string& part) const;

  OpenPart open_;
  std::string name_;
};

/// "BC7" as column 54 (from 0) and row 7; both -1 where it is none.
std::pair<int, int> parse_reference(std::string_view text);
/// The name that a spreadsheet shows: "BC7".
std::string cell_name(int row, int column);

}  // namespace cupel
