// A feed-forward network (multi-layer perceptron), with a layer that reads windows in front where
// its inputs are windows: predictions, loss, gradients and Jacobians.
// MlpEvaluator is the fast path (packed samples, no allocation after construction);
// predict() and input_gradient() serve everyone else.
#pragma once

#include <cstdint>
#include <vector>

#include "cupel/base/matrix.hpp"
#include "cupel/network/mlp/packed_samples.hpp"

namespace cupel {

struct Mlp {
  Topology topology;
  Vector parameters;  ///< parameter_count(topology); 0 where the mask is 0
  /// One entry a parameter: 1 = exists, 0 = removed. Empty: all exist.
  std::vector<std::uint8_t> mask;
};

/// Weights and biases that exist.
int connection_count(const Mlp& network);

struct Loss {
  LossKind kind = LossKind::mse;
  double alpha = 1;        ///< αMixLoss: share of the squared error, 0 … 1
  double huber_delta = 1;  ///< Huber: where it becomes linear, > 0
};

/// Not safe to share between threads: it holds scratch memory.
class MlpEvaluator {
 public:
  explicit MlpEvaluator(const Topology& topology, const Kernels& kernels = select_kernels("auto"));
  MlpEvaluator(const MlpEvaluator&) = delete;  ///< the kernels' view of it holds its addresses
  MlpEvaluator& operator=(const MlpEvaluator&) = delete;

  int parameters() const { return network_.parameters; }
  const Kernels& kernels() const { return *kernels_; }

  /// Mean of ℓ over rows and outputs; `gradient` [parameters] receives its derivative.
  double loss_gradient(const Vector& parameters, const PackedSamples& samples, const Loss& loss,
                       Vector& gradient);
  /// Mean of ℓ over rows and outputs.
  double loss(const Vector& parameters, const PackedSamples& samples, const Loss& loss);
  /// [rows x outputs].
  Matrix predict(const Vector& parameters, const PackedSamples& samples);
  /// d output / d inputs of every row, [rows x inputs].
  Matrix input_gradient(const Vector& parameters, const PackedSamples& samples, int output);
  /// Output - target of every row into `residuals`, packed as the samples' targets are and zero
  /// beyond the last row; it holds packed_size(samples) doubles. Returns the sum of their squares.
  double residuals(const Vector& parameters, const PackedSamples& samples,
                   AlignedBuffer& residuals);
  /// d output / d parameters of rows first … first + count - 1 (first a multiple of kChunk,
  /// count <= kJacobianRows) into `block`, which holds parameters() x kJacobianRows doubles,
  /// one parameter's rows next to each other.
  void jacobian(const Vector& parameters, const PackedSamples& samples, int output, int first,
                int count, AlignedBuffer& block);

 private:
  KernelScratch scratch();

  const Kernels* kernels_;
  std::vector<KernelLayer> layers_;
  KernelWindow window_{};
  KernelNetwork network_{};
  AlignedBuffer values_, delta_[2], accumulators_, window_values_;
};

/// Outputs for scaled inputs [samples x inputs]: [samples x outputs].
Matrix predict(const Mlp& network, ConstMatrixRef inputs);

/// d output / d inputs at one row of scaled inputs: [outputs x inputs].
Matrix input_gradient(const Mlp& network, ConstVectorRef input);

Json to_json(const Mlp& network);
Mlp mlp_from_json(const Json& json);

}  // namespace cupel
