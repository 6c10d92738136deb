// The bounded least-squares problem of levenberg_marquardt.hpp by IPOPT's interior-point method
// (Wächter & Biegler 2006), with the Gauss-Newton curvature 2 (JᵀJ + ridge) or IPOPT's own
// limited-memory one. Slower by far than our solver: here because a published method asks for it,
// and to compare with.
#pragma once

#include "cupel/training/levenberg_marquardt.hpp"

namespace cupel {

enum class Curvature { gauss_newton, limited_memory };

struct InteriorPointOptions {
  int max_iterations = 200;
  double tolerance = 1e-8;  ///< IPOPT's own, on its scaled optimality conditions
  Curvature curvature = Curvature::gauss_newton;
};

/// Starts inside the box: IPOPT moves a start away from its bounds. Parameters that the mask
/// removes are 0. Reasons: small_gradient (solved), small_progress (solved to IPOPT's acceptable
/// level), max_iterations, not_finite (anything else). One problem at a time, whatever the threads:
/// the linear solver below IPOPT is not made for more. Reads no ipopt.opt.
DescentResult interior_point(const LeastSquaresProblem& problem, Vector start,
                             const InteriorPointOptions& options);

}  // namespace cupel
