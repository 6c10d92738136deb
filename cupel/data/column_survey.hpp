// What the cells of a column hold, counted before anything is decided: the first of the two looks
// at a file that nothing is known of.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/data/csv_cells.hpp"
#include "cupel/data/csv_grid.hpp"
#include "cupel/data/csv_time.hpp"
#include "cupel/data/table.hpp"

namespace cupel {

/// How many cells say something, and the first of them (as a data row).
struct CellCount {
  int cells = 0, first = -1;
  void add(int row) {
    if (cells++ == 0) first = row;
  }
};

/// The cells of one column of a grid, by data row.
struct ColumnCells {
  const Grid& grid;
  int column = 0, first_record = 1;

  int rows() const { return grid.records() - first_record; }
  std::string_view raw(int row) const { return grid.raw(first_record + row, column); }
  std::string word(int row) const { return grid.word(first_record + row, column); }
  int sheet_row(int row) const {
    return grid.sheet_rows[static_cast<std::size_t>(first_record + row)];
  }
};

struct UnitCells {
  CellCount count;
  std::vector<double> numbers;
};

struct ColumnSurvey {
  std::vector<double> values;    ///< plain numbers; NaN elsewhere
  std::vector<int> odd;          ///< rows whose cells are no plain numbers and no marks of missing
  std::vector<TimeStamp> found;  ///< the stamps among them, in order
  CellCount numbers, marks, bad_status, infinite;
  CellCount written, limits, stamps, clocks, others;  ///< of the odd ones
  std::map<std::string, UnitCells> units;             ///< of the odd ones, by what stands behind
  std::map<std::string, CellCount> words;    ///< the others, by spelling; not all when too many
  std::map<std::string, CellCount> missing;  ///< marks of missing values, by spelling
  bool many_words = false, half_day = false;
  bool measured = false;  ///< a unit stands behind a blank, a sign or a fraction: "2 kg", not "2A"
  int empty = 0;

  int with_unit() const;
  int all_numbers() const { return numbers.cells + written.cells; }
};

ColumnSurvey survey_column(const ColumnCells& cells, const CellReader& reader, char decimal_mark);

}  // namespace cupel
