// The arithmetic of training: loss and gradient, prediction and Jacobian of a network, and the few
// vector operations of the optimizers, in three builds of one source (kernels_source.inl):
// portable, x86-64-v3 (AVX2) and x86-64-v4 (AVX-512). All three give the same bits: sums run in
// eight virtual lanes (sample s belongs to lane s mod 8), with explicit fused multiply-adds,
// and the lanes are added in one fixed tree.
//
// Samples lie in chunks of kChunk; inside a chunk one variable's samples are contiguous:
// [chunk][variable][kChunk]. Rows missing in the last chunk have weight 0.
#pragma once

#include <string_view>

#include "cupel/network/recurrent/window_layer.hpp"
#include "cupel/network/topology.hpp"

namespace cupel {

constexpr int kLanes = 8;
constexpr int kChunk = 64;
/// Rows of one Jacobian block: kernels never hold a whole Jacobian.
constexpr int kJacobianRows = 512;

enum class LossKind {
  mse,        ///< e²
  alpha_mix,  ///< α e² + (1-α) log cosh e (αMixLoss; α = 0 is Log-Cosh)
  huber,      ///< e²/2 within δ, δ(|e| - δ/2) beyond
};

/// Plain pointers, so that the three builds share no inline code with the rest.
struct KernelLayer {
  int inputs, units;
  int weights, biases;  ///< offsets into the parameter vector
  Activation activation;
};
struct KernelNetwork {
  const KernelLayer* layers;
  int count, parameters;
  const KernelWindow* window;  ///< what reads the inputs before the layers; null: nothing
};
struct KernelSamples {
  const double *inputs, *targets, *weights;
  int rows, input_count, output_count;
};
struct KernelLoss {
  LossKind kind;
  double alpha, delta;
};
struct KernelScratch {
  double* values;        ///< activations of one chunk, layer after layer
  double* delta[2];      ///< widest layer x kChunk each
  double* accumulators;  ///< parameters x kLanes
  double* window;        ///< window_scratch; null without a window layer
};

struct Kernels {
  std::string_view name;
  /// Returns Σ w ℓ(output - target) over rows and outputs; gradient (parameters) receives its
  /// derivative.
  double (*loss_gradient)(const KernelNetwork&, const double* parameters, const KernelSamples&,
                          const KernelLoss&, double* gradient, const KernelScratch&);
  /// The sum alone; per_row (rows; may be null) receives each row's sum over outputs.
  double (*loss)(const KernelNetwork&, const double* parameters, const KernelSamples&,
                 const KernelLoss&, double* per_row, const KernelScratch&);
  /// outputs [chunk][output][kChunk].
  void (*predict)(const KernelNetwork&, const double* parameters, const KernelSamples&,
                  double* outputs, const KernelScratch&);
  /// d output / d parameter of rows first … first+count-1 (first a multiple of kChunk, count at
  /// most kJacobianRows): jacobian [parameters][kJacobianRows], zero beyond the last row.
  void (*jacobian)(const KernelNetwork&, const double* parameters, const KernelSamples&, int output,
                   int first, int count, double* jacobian, const KernelScratch&);
  /// d output / d input of every row: gradient [chunk][input][kChunk].
  void (*input_gradient)(const KernelNetwork&, const double* parameters, const KernelSamples&,
                         int output, double* gradient, const KernelScratch&);
  /// gram [n x n, both triangles] += J Jᵀ for J [n][kJacobianRows], the first `count` columns
  /// padded with zeros to a multiple of kLanes.
  void (*add_gram)(int n, const double* jacobian, int count, double* gram);
  double (*dot)(int n, const double* a, const double* b);
  /// y += a x.
  void (*axpy)(int n, double a, const double* x, double* y);
  /// y += a x + b z.
  void (*axpby)(int n, double a, const double* x, double b, const double* z, double* y);
};

/// "auto" takes the best that this processor has; "portable", "v3" and "v4" force one. Throws
/// Error{usage} for another name or a set that the processor lacks.
const Kernels& select_kernels(std::string_view name);

}  // namespace cupel
