// Minimizers of a smooth function of many variables. Each is one function in one file; all
// share the objective, the options and the result below, and always give a reason for stopping.
#pragma once

#include <functional>
#include <limits>
#include <string_view>

#include "cupel/base/matrix.hpp"
#include "cupel/network/mlp/kernels.hpp"

namespace cupel {

enum class StopReason {
  small_gradient,  ///< largest gradient entry below the tolerance
  small_progress,  ///< the objective falls less than the tolerance, repeatedly
  no_descent,      ///< no lower point along the search direction: as low as rounding allows
  max_iterations,
  no_improvement,  ///< validation error has not improved for `patience` iterations
  damping_limit,   ///< Levenberg-Marquardt: damping grew beyond use
  not_finite,      ///< the objective became NaN or infinite: the training failed
  cancelled,
};
std::string_view stop_reason_text(StopReason reason);

/// Value at x; writes the gradient (same size as x).
using Objective = std::function<double(const Vector& x, Vector& gradient)>;
/// Called after each iteration with the new point; a reason ends the run.
using Observer = std::function<bool(int iteration, const Vector& x, double value)>;

struct DescentOptions {
  int max_iterations = 300;
  double gradient_tolerance = 1e-6;  ///< on the largest |gradient| entry
  double progress_tolerance = 0;     ///< relative fall over 5 iterations; 0 = never
  double max_step = std::numeric_limits<double>::infinity();  ///< length of one step (max_NS)
  int memory = 10;     ///< L-BFGS: correction pairs kept, 1 … 100
  Observer stop_when;  ///< may be empty
};

struct DescentResult {
  Vector x;
  double value = 0;
  StopReason reason = StopReason::max_iterations;
  int iterations = 0;
  int evaluations = 0;  ///< of objective and gradient
};

/// Limited-memory BFGS (Nocedal 1980) with a strong-Wolfe line search.
DescentResult lbfgs(const Objective& objective, Vector start, const DescentOptions& options,
                    const Kernels& kernels);

/// BFGS with the full inverse Hessian, the initial one scaled after the first step (Nocedal &
/// Wright, Numerical Optimization, 6.1). Memory and time per iteration grow with n².
DescentResult bfgs(const Objective& objective, Vector start, const DescentOptions& options,
                   const Kernels& kernels);

}  // namespace cupel
