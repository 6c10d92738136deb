// What a model keeps of a parameter covariance, and what follows for its outputs: the variance
// cov_y = J cov_p Jᵀ that the parameters' uncertainty gives an output ('parameter uncertainty' is
// its root), and the noise variance s² of what was measured. Scaled units of the network.
#pragma once

#include "cupel/base/json.hpp"
#include "cupel/trust/covariance.hpp"

namespace cupel {

struct Uncertainty {
  /// Lower triangle F with cov_p = F Fᵀ, of the parameters that exist; single precision.
  Matrix factor;
  Vector noise;  ///< s_k², one an output
  bool known() const { return noise.size() > 0; }
};

/// Unknown when the covariance has a problem.
Uncertainty uncertainty_of(const Covariance& covariance);

/// cov_y of every row and output, [rows x outputs].
Matrix parameter_variance(const Mlp& network, const Uncertainty& uncertainty,
                          ConstMatrixRef inputs);

/// Its derivative by the inputs at one row: [outputs x inputs].
Matrix parameter_variance_gradient(const Mlp& network, const Uncertainty& uncertainty,
                                   ConstVectorRef input);

Json to_json(const Uncertainty& uncertainty);
/// Throws Error{runtime} unless it fits the network.
Uncertainty uncertainty_from_json(const Json& json, const Mlp& network);

}  // namespace cupel
