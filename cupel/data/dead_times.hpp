// How many rows it takes until an input acts on the target: the cross-correlation of prewhitened
// signals (Box, Jenkins & Reinsel, Time Series Analysis, chapter 12). Both signals pass the filter
// that leaves the input nearly white; their cross-correlation then has the shape of the impulse
// response, and the dead time is the last lag before it begins.
#pragma once

#include <span>
#include <vector>

#include "cupel/base/matrix.hpp"

namespace cupel {

struct DeadTime {
  int rows = 0;         ///< 0 where no lag stands out
  double strength = 0;  ///< |cross-correlation| at its largest, 0 … 1
  bool found = false;   ///< the largest stands out from chance (3.5 / √rows)
};

/// inputs [rows x inputs] and target [rows], in the order of time, one usual step apart and without
/// missing values; of training rows only. `run_starts` are the rows at which a new run begins (0
/// among them or not): nothing is correlated over them. Lags 0 … `most` are looked at.
std::vector<DeadTime> find_dead_times(ConstMatrixRef inputs, ConstVectorRef target,
                                      std::span<const int> run_starts, int most);

}  // namespace cupel
