// OA-ANN's elimination path: from a fully connected network with one hidden layer to ever smaller
// ones, one connection at a time. Each step tries the connections of least Wald statistic
// θ_i²/cov_ii, moves the others by an optimal-brain-surgeon step (Hassibi & Stork 1993), trains
// on from there, and keeps the network of lowest cost. Source and formulas: docs/methods/oa_ann.md.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string_view>
#include <vector>

#include "cupel/network/mlp/mlp.hpp"

namespace cupel {

struct EliminationOptions {
  int hidden = 5;    ///< tanh units at the beginning
  int tried = 3;     ///< connections tried in each step
  int starts = 3;    ///< random starts of the first network
  int largest = 40;  ///< connections of the largest network that the path keeps
  int fewest = 4;    ///< connections at which the path ends
  /// cost = SSE + ridge Σ weight² + bias_ridge Σ bias², all parameters within ± bound.
  double ridge = 1, bias_ridge = 1e-3, bound = 4;
  Activation output = Activation::linear;
  std::string_view kernels = "auto";
  std::stop_token stop = {};
};

/// One network of a path, with its statistics on the rows it was trained on (scaled units).
struct PathNetwork {
  Mlp network;          ///< all inputs; removed connections are masked, removed units are gone
  int connections = 0;  ///< weights and biases that exist
  double sse = 0;
  double loo = 0;        ///< mean of (r/(1-h))²: leave-one-out error by leverages
  double trace = 0;      ///< Σ diag(cov_p), the published objective
  double effective = 0;  ///< Σ leverages
};

/// The path on samples of one target, the largest network first. Ends early when asked to stop,
/// and where the parameters are no longer identifiable; empty when no start could be trained.
std::vector<PathNetwork> elimination_path(const PackedSamples& samples,
                                          const EliminationOptions& options, std::uint64_t seed);

/// Training RMSE of the best of `starts` fully connected networks of options.hidden units.
double full_network_rmse(const PackedSamples& samples, const EliminationOptions& options,
                         int starts, std::uint64_t seed);

/// Trains a network of a path on, on other samples, its structure kept. NaN parameters: it failed.
Mlp train_on(const Mlp& network, const PackedSamples& samples, const EliminationOptions& options);

}  // namespace cupel
