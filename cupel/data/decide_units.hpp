// What stands behind the numbers of a column, and what to do with those that nothing stands behind.
#pragma once

#include <optional>
#include <vector>

#include "cupel/data/decide_column.hpp"

namespace cupel {

struct UnitDecision {
  std::string unit;  ///< of the column
  std::vector<CellUnit> cells;
  std::string note;  ///< what to say of it
};

/// Empty when no cell holds a unit, or what stands behind the numbers is no unit (2A) or fits
/// nothing in few cells, which then are unreadable. Throws Error{bad_data} when cells with and
/// without a unit are of another size, or of units that cannot be converted.
std::optional<UnitDecision> decide_units(const ColumnQuestion& question);

}  // namespace cupel
