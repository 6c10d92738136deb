// From what the cells of a column hold to how they are to be read.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/column_survey.hpp"
#include "cupel/data/reading.hpp"

namespace cupel {

struct ColumnQuestion {
  const ColumnCells& cells;
  const ColumnSurvey& survey;
  const Reading& file;     ///< its marks
  std::string name, unit;  ///< as the header has them
  std::string source;      ///< the file, for messages
  double unreadable_share = 0.2;
};

/// Decides kind, unit, marks of missing words and order of days; fill values and range are for the
/// values to tell. Adds to `notes` what the user should hear. Throws Error{bad_data} naming column
/// and row for numbers that cannot be told apart from others: in another decimal mark than the
/// file's, with and without a unit and of another size.
ColumnReading decide_column(const ColumnQuestion& question, std::vector<ReadNote>& notes);

}  // namespace cupel
