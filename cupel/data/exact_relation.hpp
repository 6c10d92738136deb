// Whether a target follows from several columns exactly: as a weighted sum, up to the rounding of
// the digits that were written. Measured things never do: there is noise. Calculated ones do.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "cupel/base/matrix.hpp"

namespace cupel {

/// Numbers as written: the half of their last digit is what they may be off by.
struct RoundedColumns {
  Matrix values;  ///< [rows x columns]
  Matrix slack;   ///< the same: by how much each may be off
};

/// Half of the last decimal digit that the values are written with, 0 when they have more than
/// nine decimals. Whole numbers count as rounded to 1.
double half_digit(std::span<const double> values);

/// The natural logarithms of values above 0, with what the rounding does to them.
RoundedColumns logarithms_of(const RoundedColumns& columns);

/// target ≈ offset + Σ weight x column.
struct ExactRelation {
  std::vector<int> columns;  ///< increasing
  std::vector<double> weights;
  double offset = 0;
  double share = 0;      ///< of the rows that hold
  double tolerance = 0;  ///< mean of what rounding allows
  double target_deviation = 0;
};

/// The relation with as few columns as suffice that holds, within rounding, in at least 98 % of the
/// rows; empty when there is none, and for fewer rows than twice the columns and 12.
/// target: one column. Work: rows x columns².
std::optional<ExactRelation> find_exact_relation(const RoundedColumns& columns,
                                                 const RoundedColumns& target);

/// The same columns with other weights, the offset fitted anew; empty when it does not hold.
/// weights: their proportions; free_factor: a factor of all of them is fitted, too.
std::optional<ExactRelation> with_weights(const ExactRelation& relation,
                                          const RoundedColumns& columns,
                                          const RoundedColumns& target,
                                          const std::vector<double>& weights, bool free_factor);

}  // namespace cupel
