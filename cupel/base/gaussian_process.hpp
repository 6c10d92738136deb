// Gaussian-process regression (Rasmussen & Williams 2006, chapters 2 and 5) with one length scale
// an input:
//   Matérn 5/2   k(r) = s² (1 + √5 r + 5 r²/3) exp(-√5 r)
//   squared exp. k(r) = s² exp(-r²/2),     r² = Σ_d (x_d - x'_d)² / l_d²
// plus noise of variance σ² at each row. For up to a few thousand rows: one likelihood costs
// O(rows³). Same rows, same options, same bits.
#pragma once

#include <cstdint>

#include "cupel/base/matrix.hpp"

namespace cupel {

enum class Covariance { matern52, squared_exponential };

enum class PriorMean {
  zero,
  constant,  ///< the most likely constant, found with the other values
};

struct GaussianProcessForm {
  Covariance covariance = Covariance::matern52;
  PriorMean mean = PriorMean::constant;
};

struct HyperParameters {
  double signal_variance = 1;  ///< s²
  Vector length_scales;        ///< l, one an input
  double noise_variance = 1e-4;
};

/// log p(targets | inputs) and its derivatives by log s², log l_1 … log l_D, log σ², in this order.
/// Minus infinity where rounding leaves no Cholesky factor.
struct LogLikelihood {
  double value = 0;
  Vector gradient;
};
/// inputs [rows x inputs], targets [rows].
LogLikelihood log_marginal_likelihood(ConstMatrixRef inputs, ConstVectorRef targets,
                                      const HyperParameters& parameters,
                                      const GaussianProcessForm& form = {});

struct ParameterRange {
  double low = 0, up = 0;
};

struct GaussianProcessOptions {
  GaussianProcessForm form = {};
  /// Ranges within which the likelihood is made large; they suit inputs of about unit width and
  /// targets of mean 0 and variance 1.
  ParameterRange signal_variance = {1e-2, 1e2}, length_scale = {1e-2, 1e2},
                 noise_variance = {1e-6, 1};
  /// Log-normal priors around the middle that these give, in log units; 0 = none.
  double length_scale_prior_deviation = 0, length_scale_prior_middle = 0.5;
  int starts = 3;  ///< the first from `first` or the middle of the ranges, the others random
  int max_iterations = 60;
  HyperParameters first = {};  ///< used when it has length scales
  std::uint64_t seed = 1;
};

/// A process that has seen data.
struct GaussianProcess {
  GaussianProcessForm form;
  HyperParameters parameters;
  Matrix inputs;    ///< [rows x inputs]
  double mean = 0;  ///< the prior mean
  Vector weights;   ///< K⁻¹ (targets - mean)
  Matrix factor;    ///< lower triangular, K = L Lᵀ
  double log_likelihood = 0;
};

/// Of several descents of -log likelihood (and prior, if any) the lowest counts. Throws
/// Error{runtime} when no covariance matrix could be factored (values that are not finite).
GaussianProcess fit_gaussian_process(ConstMatrixRef inputs, ConstVectorRef targets,
                                     const GaussianProcessOptions& options = {});

/// Takes the parameters as they are.
GaussianProcess condition(ConstMatrixRef inputs, ConstVectorRef targets,
                          const HyperParameters& parameters, const GaussianProcessForm& form = {});

struct ProcessPrediction {
  Vector mean;
  Vector variance;  ///< of the function; add noise_variance for that of a new observation
};
ProcessPrediction predict(const GaussianProcess& process, ConstMatrixRef inputs);

}  // namespace cupel
