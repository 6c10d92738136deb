// How well the data determine a network's parameters: the exact covariance of a least-squares fit
// with ridge (Gauss-Newton curvature; Seber & Wild, Nonlinear Regression, 1989, chapter 2),
//   minimize Σ_k |y_k - f_k(θ)|² + θᵀΛθ,   J_k = ∂f_k/∂θ [rows x p],
//   G_k = J_kᵀJ_k,   H = Σ_k G_k + Λ,   M = H⁻¹,
//   p_eff,k = tr(G_k M),   s_k² = SSE_k / (rows - p_eff,k),
//   cov_p = M (Σ_k s_k² G_k + s̄² Λ) M,     with one output: s² M,
// s̄² the mean of s_k². Everything is in the scaled units of the network.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cupel/network/mlp/mlp.hpp"

namespace cupel {

/// Networks of more parameters have none: it would take minutes, and its p x p numbers would make
/// a model file of tens of megabytes.
constexpr int kMostCovarianceParameters = 1500;

struct CovarianceOptions {
  bool leverages = true;  ///< off: saves as much time again
  std::string_view kernels = "auto";
};

struct Covariance {
  /// Why there is none; empty when there is one. A curvature that cannot be inverted safely
  /// (reciprocal condition number below 1e-12 with unit diagonal), fewer rows than parameters, or
  /// more than kMostCovarianceParameters.
  std::string problem;
  std::vector<int> parameters;  ///< positions in Mlp::parameters of those that exist: p
  Matrix inverse;               ///< M [p x p]
  Matrix covariance;            ///< cov_p [p x p]
  Vector noise;                 ///< s_k², one an output
  Vector effective;             ///< p_eff,k, one an output
  Matrix leverages;             ///< J_k M J_kᵀ of each row, [rows x outputs]
  Matrix residuals;             ///< targets - outputs, [rows x outputs]

  bool usable() const { return problem.empty(); }
};

/// inputs, targets: scaled rows that the network was trained on; ridge: the diagonal of Λ, one
/// entry a parameter. Rows are taken in chunks: memory is that of p x p, whatever their number.
Covariance parameter_covariance(const Mlp& network, ConstMatrixRef inputs, ConstMatrixRef targets,
                                ConstVectorRef ridge, const CovarianceOptions& options = {});

/// The diagonal of Λ for a ridge on weights and another on biases, as training has it.
Vector ridge_diagonal(const Topology& topology, double weights, double biases);

/// ∂ output / ∂ parameters of every row, for the parameters that exist: [rows x p].
Matrix parameter_jacobian(const Mlp& network, ConstMatrixRef inputs, int output);

/// Columns that, with a constant, are exact linear combinations of one another: copies, all
/// dummies of a group, a column and its parts. Empty when there are none.
std::vector<int> dependent_columns(ConstMatrixRef columns);

}  // namespace cupel
