// From the cells of a table of text to typed columns: names, units, numbers, words, times.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/csv.hpp"
#include "cupel/data/csv_cells.hpp"
#include "cupel/data/csv_grid.hpp"
#include "cupel/data/reading.hpp"

namespace cupel {

struct Header {
  std::vector<std::string> names, units;
  int records = 1;  ///< taken by names and units; 0 when the names stand in a comment
  std::vector<ReadNote> notes;
};

/// The marks of the numbers of a file nothing is known of. Throws Error{bad_data} naming column
/// and row when its numbers may be read in two ways (1,318 beside 943 in a file without fractions).
Reading detect_marks(const Grid& grid, const std::string& name);

struct HeaderSource {
  const Grid& grid;
  const CellReader& reader;
  const std::string& file;
  const Reading& taught;    ///< knows which columns are numbers; empty: nothing is known
  bool stated = false;      ///< the first line is said to hold the names
  bool units_below = true;  ///< a line of units may follow
};

/// Names and units. Throws Error{bad_data} for duplicate names and when the first line holds
/// numbers only, unless these are stated to be names.
Header read_header(const HeaderSource& source);

/// What column building needs to know of the file.
struct ColumnSource {
  const Grid& grid;
  const ReadOptions& options;
  const Header& header;
  const std::string& file;
};

/// The column with its kind and values, and how it was read (appended to `reading`); adds to
/// `notes`. Where `taught` knows the column, by its decisions. Throws Error{bad_data} naming column
/// and row for a number that may be two, and for a cell that contradicts `taught`.
Column build_column(const ColumnSource& source, int index, Reading& reading,
                    std::vector<ReadNote>& notes);

/// Makes these values of a column missing, keeps them with its reading and notes how many there
/// were.
void drop_fills(const std::vector<double>& fills, ColumnReading& reading,
                std::vector<double>& values, std::vector<ReadNote>& notes);

}  // namespace cupel
