// A layer that reads a window: the last `steps` rows of all features, oldest first, and leaves one
// state for the dense layers after it. Families and formulas (docs/methods/namdm.md):
//   LSTM  i f g o = σ σ tanh σ (W [x_t, h] + b);  c = f c + i g;  h = o tanh c
//   GRU   r z = σ(W [x_t, h] + b);  n = tanh(V x_t + v + r (U h + u));  h = (1 - z) n + z h
//   Bi-LSTM: two layers in both directions, the last states of the second joined
//   AM-: score_t = uᵀ tanh(W h_t), a = softmax over t, context = Σ a_t h_t
//   CNN   tanh of filters over `filter_steps` rows, averaged over time
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace cupel {

enum class WindowKind { lstm, gru, bi_lstm, am_lstm, am_gru, cnn };

/// "lstm", "gru", "bi-lstm", "am-lstm", "am-gru", "cnn".
std::string_view window_kind_name(WindowKind kind);
/// Throws Error{usage} listing the names.
WindowKind window_kind_from_name(std::string_view name);

struct WindowLayer {
  WindowKind kind = WindowKind::lstm;
  int steps = 10;  ///< rows of a window
  int units = 8;   ///< state of the cell, or filters
  bool operator==(const WindowLayer&) const = default;
};

/// Steps that a filter of a CNN covers.
int filter_steps(const WindowLayer& layer);
/// Numbers that the layer leaves: its units, twice as many in both directions.
int output_count(const WindowLayer& layer);

/// A weight matrix [units x inputs] row by row at `weights` of the parameter vector, and its
/// biases; biases = -1: it has none.
struct ParameterBlock {
  int inputs, units;
  int weights, biases;
};
/// In the order of the parameter vector, which begins with the window layer. LSTM: gates i f g o.
/// GRU: gates r z, V, U. Bi-LSTM: first layer forward and back, second layer forward and back.
std::vector<ParameterBlock> parameter_blocks(const WindowLayer& layer, int features);
int parameter_count(const WindowLayer& layer, int features);

/// The layer as the kernels see it.
struct KernelWindow {
  WindowKind kind;
  int steps, features, units, filter_steps;
};
/// Doubles of scratch memory that a chunk takes.
std::int64_t window_scratch(const WindowLayer& layer, int features);

}  // namespace cupel
