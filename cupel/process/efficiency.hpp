// Energy-efficiency analysis: each production period against what the model expects from the same
// inputs. A period falls short when it is worse than expected by more than chance makes likely:
// its p-value is half of 1 - c for the widest prediction interval of confidence c that it still
// leaves (from a grid), and with many periods the false discovery rate is held (Benjamini &
// Hochberg 1995).
#pragma once

#include <string>
#include <vector>

#include "cupel/model/model.hpp"

namespace cupel {

struct Period {
  int row = 0;  ///< of the table
  double actual = 0, expected = 0;
  double shortfall = 0;  ///< in the target's unit; positive: worse than expected
  double p = 1;          ///< of a shortfall at least as large by chance
  double q = 1;          ///< p allowing for the number of periods
  bool falls_short = false;
  std::string invalid;  ///< why the model is not to be trusted here; empty: it is
};

struct EfficiencyOptions {
  std::string target = {};     ///< empty: the model's only one
  bool less_is_better = true;  ///< such as specific energy; false: such as output
  double significance = 0.05;
};

/// Throws Error{usage} for an unknown target, Error{bad_data} when the table has no column of the
/// target, and as predict() does. Periods without a measured value are left out.
std::vector<Period> analyze_efficiency(const Model& model, const Table& table,
                                       const EfficiencyOptions& options);

/// The smallest p that a period can have: few held-out rows tell no smaller one. With a
/// significance of s, one bad period can be found among s / p.
double smallest_chance(const Model& model);

}  // namespace cupel
