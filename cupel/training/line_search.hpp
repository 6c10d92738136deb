// A step length along a descent direction that meets the strong Wolfe conditions (Nocedal &
// Wright, algorithms 3.5 and 3.6, with safeguarded cubic interpolation).
#pragma once

#include "cupel/training/optimizer.hpp"

namespace cupel {

struct LinePoint {
  double step = 0, value = 0, slope = 0;
};

/// Buffers of the search, kept between calls so that nothing is allocated.
struct LineState {
  Vector x, gradient;  ///< at the accepted point after a successful search
};

struct LineOptions {
  double first_step = 1;
  double longest_step = 1e10;
  double sufficient_decrease = 1e-4, curvature = 0.9;
  int max_evaluations = 20;
};

/// Searches from `origin` (with `value` and `slope` < 0 there) along `direction`. Returns the
/// accepted point; step 0 when no lower point was found. `evaluations` is increased.
LinePoint line_search(const Objective& objective, const Vector& origin, const Vector& direction,
                      LinePoint start, const LineOptions& options, LineState& state,
                      int& evaluations, const Kernels& kernels);

}  // namespace cupel
