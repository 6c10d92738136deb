// What the test part says of the model's intervals and region, and whether the plant has drifted
// away from the design rows. Read once, for the report, after the model is made.
#pragma once

#include <string>
#include <vector>

#include "cupel/trust/drift.hpp"
#include "cupel/trust/intervals.hpp"

namespace cupel {

struct DesignRun;

struct TestTrust {
  /// A kind of interval on the test rows (without a test part: widths on design rows, and no
  /// coverage). One entry a target.
  struct Kind {
    IntervalMethod method;
    std::vector<double> half_width;  ///< median over rows, own unit
    std::vector<double> coverage;    ///< share of rows inside; NaN without a test part
    int rows = 0;                    ///< looked at
  };
  std::vector<Kind> kinds;  ///< the model's own first, on all rows; others on at most 500
  double outside = 0;  ///< share of test rows outside the valid region; NaN without a test part
  /// One sentence each; empty: no drift was found.
  std::vector<std::string> drift;
};

TestTrust measure_test_trust(const DesignRun& run);

}  // namespace cupel
