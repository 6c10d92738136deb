// Prediction intervals from residuals on rows that the network was not trained on (split and
// cross-conformal prediction; Vovk 2005, Barber et al. 2021): half width at confidence c is the
// ceil((n+1) c)-th smallest absolute held-out residual; or, normalized (Papadopoulos et al. 2002),
// the same of residuals divided by the row's own spread, times the spread at the new row.
#pragma once

#include <string_view>
#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/base/matrix.hpp"

namespace cupel {

enum class IntervalMethod {
  held_out,    ///< residuals of fold networks on their held-out rows: one width for all rows
  normalized,  ///< the same divided by the root of s² + cov_y: wide where the data say little
  cv_plus,     ///< cross-validation+ around the fold networks; has a finite-sample guarantee
  split,       ///< the same with one fold: split conformal
  jackknife,   ///< residual / (1 - leverage) of the network itself: needs no fold
};
/// "held-out", "normalized", "cv+", "split", "jackknife".
std::string_view interval_method_name(IntervalMethod method);
/// Throws Error{usage} listing the names.
IntervalMethod interval_method_from_name(std::string_view name);

struct ResidualIntervals {
  /// A target's absolute held-out residuals, in its own unit or (normalized) in spreads,
  /// increasing; at most kKept, then evenly spaced ranks of all, rounded up so that no interval
  /// becomes narrower.
  std::vector<std::vector<double>> residuals;
  static constexpr int kKept = 2000;
};

/// measured, predicted [rows x targets] of held-out rows, own units. A row without a measured
/// value is left out; a prediction that is not finite is an infinite residual.
ResidualIntervals fit_intervals(ConstMatrixRef measured, ConstMatrixRef predicted);

/// At every confidence the wider of the two.
ResidualIntervals wider(const ResidualIntervals& a, const ResidualIntervals& b);

/// Absolute residuals of one target, increasing, at most `kept` as above.
std::vector<double> sorted_residuals(ConstVectorRef measured, ConstVectorRef predicted, int kept);

/// Half width of a target's interval. Infinity when there are too few residuals for the
/// confidence (n < c / (1 - c)); never a guess. Requires 0 < confidence < 1.
double half_width(const ResidualIntervals& intervals, int target, double confidence);

Json to_json(const ResidualIntervals& intervals);
ResidualIntervals intervals_from_json(const Json& json);

}  // namespace cupel
