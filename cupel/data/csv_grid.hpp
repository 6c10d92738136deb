// The cells of a CSV text, found but not yet understood: the second stage of reading.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

/// Where a cell stands in the text; quotes and surrounding blanks are outside.
struct Cell {
  std::uint32_t begin = 0;
  std::uint32_t size : 30 = 0;
  std::uint32_t quoted : 1 = 0;
  std::uint32_t escaped : 1 = 0;  ///< holds doubled quotes
};

struct Grid {
  std::string_view text;
  char separator = ',';
  int width = 0;            ///< cells a record
  std::vector<Cell> cells;  ///< [records x width], row by row; the first record is the header
  /// Spreadsheet row (from 1) of each record: empty and comment lines are not records.
  std::vector<int> sheet_rows;
  std::string_view comment;    ///< the last comment line above the header, without '#'
  std::string titles, footer;  ///< what to tell of lines above and below the table; empty: none

  int records() const { return static_cast<int>(sheet_rows.size()); }
  std::string_view raw(int record, int column) const {
    const Cell& cell = at(record, column);
    return text.substr(cell.begin, cell.size);
  }
  const Cell& at(int record, int column) const {
    return cells[static_cast<std::size_t>(record) * width + column];
  }
  /// The cell with doubled quotes made single, without what keeps spreadsheets from running it.
  std::string word(int record, int column) const;
};

/// Splits `text` (below 4 GB) into records of equal width. Leading comment lines ('#'), empty
/// lines, empty fields beyond the header, titles above it and totals and remarks below the last
/// row (csv_frame.hpp) are left out. Throws Error{bad_data} for an empty
/// text, a quote that is never closed and the first record with another number of fields.
/// `separator` is the one that the text is known to have; '\0': to be found.
Grid split_cells(std::string_view text, const std::string& name, char separator = '\0');

/// Whole characters up to so many bytes, with … where some are left out.
std::string shortened(std::string_view text, std::size_t longest);

/// Blanks (also the non-breaking one) removed from both ends.
std::string_view trimmed(std::string_view text);

}  // namespace cupel
