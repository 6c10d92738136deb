// Levenberg-Marquardt in a box: least squares with ridge,
//   minimize  SSE(θ) + Σ ridge_k θ_k²   subject to  |θ_k| <= bound,  θ_k = 0 where masked,
// by damped Gauss-Newton steps on the parameters that are free (not at a bound with the
// gradient pushing outward), clipped to the box, with Nielsen's update of the damping.
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
/// SSE + Σ ridge θ².
double normal_equations(const LeastSquaresProblem& problem, const Vector& parameters, Matrix& gram,
                        Vector& half_gradient);

/// The objective alone.
double penalized_sse(const LeastSquaresProblem& problem, const Vector& parameters);

struct LmOptions {
  int max_iterations = 100;
  double progress_tolerance = 1e-5;  ///< relative fall, twice in a row
  double gradient_tolerance = 1e-9;
  Observer stop_when;  ///< may be empty
};

/// `value` of the result is SSE + Σ ridge θ².
DescentResult levenberg_marquardt(const LeastSquaresProblem& problem, Vector start,
                                  const LmOptions& options);

}  // namespace cupel
