// The structure of an OA-ANN as its source writes it: binaries that choose inputs (U), neurons (P),
// connections to the output (A) and connections from the inputs (B), with its constraints
//   P_min <= ΣP <= P_max,  A_j <= P_j,  B_ji <= U_i,  U_i = 0 for an input without connections,
// all parameters within ±4, the biases C_j within ±4 P_j; and the inner problem: the weights of a
// structure by bounded least squares, Σ diag(cov_p), and whether the parameters are identifiable.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cupel/network/mlp/mlp.hpp"

namespace cupel {

struct PublishedStructure {
  std::vector<std::uint8_t> inputs;   ///< U
  std::vector<std::uint8_t> neurons;  ///< P
  std::vector<std::uint8_t> outward;  ///< A, one a neuron
  std::vector<std::uint8_t> inward;   ///< B, [neuron][input]
};

/// Numbers from 0.5 on are 1. The size of `genes` is that of genes_of().
PublishedStructure structure_from(std::span<const double> genes, int inputs, int neurons);
std::vector<double> genes_of(const PublishedStructure& structure);
inline int published_genes(int inputs, int neurons) { return inputs + neurons * (inputs + 2); }

/// The one form of all structures that mean the same network: without connections that end nowhere
/// and without neurons that no input reaches or that reach no output. It keeps every constraint
/// but P_min.
PublishedStructure constrained(PublishedStructure structure);

/// The network of a constrained structure with at least one neuron, parameters 0: tanh neurons,
/// tanh output, all inputs, the connections as mask.
Mlp network_of(const PublishedStructure& structure);

struct InnerOptions {
  int starts = 1;
  double bound = 4;
  bool ipopt = true;  ///< off: thorough_minimum() of levenberg_marquardt.hpp
  std::string_view kernels = "auto";
};

/// A structure with its weights. Scaled units.
struct InnerSolution {
  Mlp network;
  double sse = 0;               ///< infinity: no start could be trained
  bool identifiable = false;    ///< smallest singular value of J above 1e-7 x the largest
  double trace = 0;             ///< Σ diag(cov_p), cov_p = σ² (JᵀJ)⁻¹, σ² = SSE / rows
  double mean_uncertainty = 0;  ///< MU: mean over rows of √(J_k cov_p J_kᵀ)
};

/// Of random starts the one that leads to the lowest sum of squares, no ridge.
InnerSolution solve_inner(Mlp network, const Matrix& inputs, const Matrix& target,
                          const InnerOptions& options, std::uint64_t seed);

}  // namespace cupel
