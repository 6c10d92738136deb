// What spreadsheets and historians put around a table: titles above the names, totals and remarks
// below the last row.
#pragma once

#include <string_view>
#include <vector>

#include "cupel/data/csv_grid.hpp"

namespace cupel {

/// Lines above the names of the columns.
struct Titles {
  int lines = 0;           ///< of the text, empty ones with them; 0: the table begins at once
  std::size_t end = 0;     ///< where the line of the names begins
  std::string_view first;  ///< the first of them that says something
};

/// Titles are lines with words in at most two thirds of the fields of the first line that can name
/// columns: words in every field, above three lines as wide, the third of them with a number.
/// `text` begins at the first line that is neither empty nor a comment.
Titles find_titles(std::string_view text);

/// Whether a line of comment names the columns of the rows that begin `below` it: as many fields,
/// all of them words, above a line with numbers or times.
bool names_columns(std::string_view comment, std::string_view below, char separator);

/// Whether a record with fewer fields than the names may be a remark below the table: words only,
/// in at most two thirds of them.
bool may_be_remark(std::string_view text, const std::vector<Cell>& fields, std::size_t named);

/// Records at the end of the grid (names first, at most 20 of them and no more than half) that are
/// no rows of the table: below numbers or times the word for a sum or a mean ("Total", "Average"),
/// or a word and nothing else.
int footer_records(const Grid& grid);

}  // namespace cupel
