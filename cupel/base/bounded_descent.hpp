// Least value of a smooth function of a few variables within bounds: BFGS with the full inverse
// Hessian on the variables that are not held at a bound, and steps projected onto the box
// (Bertsekas 1982). For tens of variables; networks are trained in cupel/training.
#pragma once

#include <functional>

#include "cupel/base/matrix.hpp"

namespace cupel {

struct Box {
  Vector low, up;
};

struct BoundedDescentOptions {
  int max_iterations = 100;
  double gradient_tolerance = 1e-6;   ///< on the largest entry that does not point out of the box
  double progress_tolerance = 1e-10;  ///< relative fall of one iteration
  double longest_move = 2;            ///< of one variable in one iteration
};

struct BoundedMinimum {
  Vector x;
  double value = 0;
  int evaluations = 0;
};

/// `objective` gives the value at x and writes the gradient; infinity or NaN marks a point where
/// it is not defined, and the search keeps away. `start` is put into the box first. With a start
/// that is not defined the result is that start.
BoundedMinimum minimize_within(
    const std::function<double(const Vector& x, Vector& gradient)>& objective, const Box& box,
    Vector start, const BoundedDescentOptions& options = {});

}  // namespace cupel
