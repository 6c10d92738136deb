// Trains a feed-forward network: several random starts, one optimizer, a penalty on the
// weights, and early stopping where validation samples are given. The same seed gives the same
// parameters, bit for bit.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "cupel/network/mlp/mlp.hpp"
#include "cupel/training/optimizer.hpp"

namespace cupel {

enum class Optimizer {
  automatic,  ///< BFGS up to 60 parameters, L-BFGS with 30 pairs above
  bfgs,
  lbfgs,
  levenberg_marquardt,  ///< mean squared error only
  adam,                 ///< mini-batches (Kingma & Ba 2015)
  momentum,             ///< back-propagation with momentum, full batch
};
std::string_view optimizer_name(Optimizer optimizer);
/// Throws Error{usage} listing the names.
Optimizer optimizer_from_name(std::string_view name);

struct TrainOptions {
  Optimizer optimizer = Optimizer::automatic;
  Loss loss;
  /// Penalty Σ ridge θ² on the sum (not the mean) of the loss over rows and outputs, so that its
  /// weight against the data falls as rows are added. Weights, and biases apart.
  double ridge = 0, bias_ridge = 0;
  double bound = std::numeric_limits<double>::infinity();  ///< |θ|; Levenberg-Marquardt only
  int starts = 1;
  std::vector<Vector> first = {};  ///< initial parameters of the first starts
  /// Initial parameters uniform in ± this; 0 = ±2.4 / (inputs of the neuron).
  double initial_range = 0.5;
  int max_iterations = 300;          ///< epochs for adam and momentum
  double gradient_tolerance = 1e-6;  ///< of the mean loss
  double progress_tolerance = 0;     ///< see DescentOptions
  double max_step = std::numeric_limits<double>::infinity();
  int memory = 10;
  /// Early stopping: iterations without a lower validation loss; 0 = off. The parameters of the
  /// best iteration are kept.
  int patience = 0;
  double learning_rate = 0.001;                 ///< adam
  int batch_rows = 32;                          ///< adam
  double hidden_rate = 0.1, output_rate = 0.1;  ///< momentum: learning rates
  double hidden_momentum = 0.9, output_momentum = 0.9;
  std::vector<std::uint8_t> mask;  ///< see Mlp::mask
  std::string_view kernels = "auto";
  std::stop_token stop;  ///< asked between iterations
};

struct TrainResult {
  Mlp network;
  double objective = 0;      ///< mean training loss with the penalty: what was minimized
  double training_loss = 0;  ///< mean loss without the penalty
  std::optional<double> validation_loss;
  StopReason reason = StopReason::max_iterations;
  int iterations = 0;
  std::int64_t evaluations = 0;  ///< all starts together
  int best_start = 0;
  int failed_starts = 0;  ///< starts that became infinite
};

/// The best start counts: by validation loss when there are validation samples, otherwise by the
/// objective. A result whose reason is not_finite (every start failed) has no use.
/// Throws Error{usage} for options that do not go together.
TrainResult train(const Topology& topology, const PackedSamples& samples,
                  const PackedSamples* validation, const TrainOptions& options, std::uint64_t seed);

}  // namespace cupel
