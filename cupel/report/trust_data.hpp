// What the report says of how far the pick may be believed, as plain values.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace cupel {

/// One kind of prediction interval. One entry a target.
struct IntervalRow {
  std::string name, explanation;
  std::vector<double> half_width;  ///< of a typical row, own unit
  std::vector<double> coverage;    ///< share of test rows inside; NaN without a test part
  int rows = 0;                    ///< looked at
};

/// One target against one input: the mean over rows with all other inputs as they are, and a band
/// of twice the parameter uncertainty.
struct PartialDependence {
  std::string input, input_unit, target, target_unit;
  std::vector<double> x, y, low, high;  ///< low and high empty: unknown
};

/// What one input does at the median row: slopes in the target's unit by the input's.
struct LocalSlope {
  std::string input, unit;
  double at = 0;               ///< the input's median
  std::vector<double> slopes;  ///< one a target
  std::vector<double> tenths;  ///< change of each target over a tenth of the input's range
};

/// Some rows of one part with what the model says of each, by measured value: for error bars.
struct BarRows {
  std::string target, unit;
  std::string part;  ///< "training" or "test"
  std::vector<double> measured, predicted;
  std::vector<double> low, high;  ///< prediction interval; empty: none
  std::vector<double> sd;         ///< parameter uncertainty; empty: unknown
  int rows = 0;                   ///< of the part
};

struct TrustReport {
  std::vector<IntervalRow> intervals;         ///< the model's own first
  std::vector<double> parameter_uncertainty;  ///< of a typical row, one a target; empty: unknown
  std::string problem;                        ///< why it is unknown
  /// Share of test rows outside the valid region; NaN without a test part.
  double outside = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::string> drift;  ///< sentences; empty: none found
  std::vector<LocalSlope> slopes;
  std::vector<PartialDependence> dependences;
  std::vector<BarRows> bars;
};

}  // namespace cupel
