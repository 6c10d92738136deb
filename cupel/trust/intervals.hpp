// Prediction intervals from residuals on rows that the network was not trained on (split and
// cross-conformal prediction; Vovk 2005, Barber et al. 2021): half width at confidence c is the
// ceil((n+1) c)-th smallest absolute held-out residual.
#pragma once

#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/base/matrix.hpp"

namespace cupel {

struct ResidualIntervals {
  /// A target's absolute held-out residuals in its own unit, increasing; at most kKept, then
  /// evenly spaced ranks of all, rounded up so that no interval becomes narrower.
  std::vector<std::vector<double>> residuals;
  static constexpr int kKept = 2000;
};

/// measured, predicted [rows x targets] of held-out rows, own units. A row without a measured
/// value is left out; a prediction that is not finite is an infinite residual.
ResidualIntervals fit_intervals(ConstMatrixRef measured, ConstMatrixRef predicted);

/// Half width of a target's interval. Infinity when there are too few residuals for the
/// confidence (n < c / (1 - c)); never a guess. Requires 0 < confidence < 1.
double half_width(const ResidualIntervals& intervals, int target, double confidence);

Json to_json(const ResidualIntervals& intervals);
ResidualIntervals intervals_from_json(const Json& json);

}  // namespace cupel
