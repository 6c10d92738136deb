// Levenberg-Marquardt in a box: least squares with ridge,
//   minimize  SSE(θ) + Σ ridge_k θ_k²   subject to  |θ_k| <= bound,  θ_k = 0 where masked,
// by damped Gauss-Newton steps on the parameters that are free (not at a bound with the
// gradient pushing outward), clipped to the box, with Nielsen's update of the damping. Where the
// residuals are large these steps end slowly; then the curvature's second part, Σ residual x second
// derivative, by differences of the gradient, makes them Newton steps.
#pragma once

#include <cstdint>
#include <vector>

#include "cupel/network/mlp/mlp.hpp"
#include "cupel/training/optimizer.hpp"

namespace cupel {

struct LeastSquaresProblem {
  MlpEvaluator* evaluator = nullptr;
  const PackedSamples* samples = nullptr;
  Vector ridge;  ///< one entry a parameter, >= 0
  double bound = std::numeric_limits<double>::infinity();
  const std::vector<std::uint8_t>* mask = nullptr;  ///< null: all parameters exist
};

/// JᵀJ [p x p] and the gradient half Jᵀe + ridge θ at θ, over all outputs; returns
/// SSE + Σ ridge θ². All parameters, whatever the mask says.
double normal_equations(const LeastSquaresProblem& problem, const Vector& parameters, Matrix& gram,
                        Vector& half_gradient);

/// The objective alone.
double penalized_sse(const LeastSquaresProblem& problem, const Vector& parameters);

struct LmOptions {
  int max_iterations = 100;
  double progress_tolerance = 1e-5;  ///< relative fall, twice in a row
  double gradient_tolerance = 1e-9;
  double initial_damping = 1e-3;  ///< times the largest diagonal entry of JᵀJ + ridge
  double newton_below = 0;        ///< relative fall from which on Newton steps are taken; 0: never
  Observer stop_when;             ///< may be empty
};

/// A solver's memory. Given to one small problem after the other it saves allocations; after a
/// solve it holds the problem linearized at the solution, in the p parameters that exist.
struct LmWorkspace {
  std::vector<int> exists;  ///< their positions in the parameter vector, increasing
  Matrix hessian;           ///< JᵀJ + ridge [p x p]
  Vector half_gradient;     ///< Jᵀe + ridge θ [p]
  AlignedBuffer residuals;  ///< output - target, packed
  double sse = 0;
  AlignedBuffer block;  ///< a block of Jacobian rows, [p + 1][kJacobianRows]

 private:
  friend class LmSolver;
  std::int64_t block_size_ = 0, residuals_size_ = 0;
  AlignedBuffer trial_residuals_;
  Matrix gram_, reduced_, second_;
  Vector step_, trial_, product_, solution_;
  std::vector<int> free_;
};

/// `value` of the result is SSE + Σ ridge θ².
DescentResult levenberg_marquardt(const LeastSquaresProblem& problem, Vector start,
                                  const LmOptions& options);
DescentResult levenberg_marquardt(const LeastSquaresProblem& problem, Vector start,
                                  const LmOptions& options, LmWorkspace& work);

/// To a point that meets the conditions of optimality, by two ways from one start of which the
/// lower end counts: straight on, and through the problems with 10, 1 and 0.1 added to the ridge.
/// The second seldom ends in a poor local minimum.
DescentResult thorough_minimum(const LeastSquaresProblem& problem, const Vector& start,
                               LmWorkspace& work);

/// Jacobian of the first `exists.size()` columns of work.block at rows first … first + count - 1
/// (as MlpEvaluator::jacobian takes them), after a solve of this problem.
void fill_jacobian_block(const LeastSquaresProblem& problem, const Vector& parameters, int output,
                         int first, int count, LmWorkspace& work);

}  // namespace cupel
