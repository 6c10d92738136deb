// From the cells of a CSV to typed columns: names, units, numbers, words, times.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/csv.hpp"
#include "cupel/data/csv_cells.hpp"
#include "cupel/data/csv_grid.hpp"

namespace cupel {

struct Header {
  std::vector<std::string> names, units;
  int records = 1;  ///< taken by names and units; 0 when the names stand in a comment
  std::vector<ReadNote> notes;
};

/// '.' or ',', whichever more cells of the whole file use.
char detect_decimal_mark(const Grid& grid);

/// Names and units. Throws Error{bad_data} for duplicate names and when the first line holds
/// numbers only, unless these are `stated` to be names.
Header read_header(const Grid& grid, const CellReader& reader, const std::string& name,
                   bool stated = false);

/// What column building needs to know of the file.
struct ColumnSource {
  const Grid& grid;
  const CellReader& reader;
  const ReadOptions& options;
  const Header& header;
  char decimal_mark;
  const std::string& file;
};

/// The column with its kind and values; adds to `notes`. Throws Error{bad_data} for numbers
/// with thousands marks or with another decimal mark than the file's.
Column build_column(const ColumnSource& source, int index, std::vector<ReadNote>& notes);

}  // namespace cupel
