// The shape of a network: how many inputs, a layer that reads windows of them where they are
// windows, and the dense layers after it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/network/recurrent/window_layer.hpp"

namespace cupel {

enum class Activation {
  linear,
  tanh,
  logistic,           ///< 1 / (1 + exp(-x))
  clipped_symmetric,  ///< x held within [-1, 1] ("linear tanh")
  clipped_unit,       ///< x held within [0, 1] ("linear sigmoid")
};

std::string_view activation_name(Activation activation);
/// Throws Error{usage} listing the names.
Activation activation_from_name(std::string_view name);

/// The plain form of what the kernels compute, and its slope where its output is `value`.
double activated(Activation activation, double x);
double activation_slope(Activation activation, double value);

struct Layer {
  int units = 1;
  Activation activation = Activation::tanh;
  bool operator==(const Layer&) const = default;
};

struct Topology {
  int inputs = 1;
  std::vector<Layer> layers;  ///< the last one is the output layer
  /// Inputs are [steps x features], the oldest step first; `inputs` is their product.
  std::optional<WindowLayer> window = std::nullopt;

  int outputs() const { return layers.back().units; }
  bool operator==(const Topology&) const = default;
};

/// Numbers that the first dense layer reads.
int dense_inputs(const Topology& topology);
/// Weights and biases of the fully connected network (the thesis's N_w). The parameter vector
/// holds the window layer's (see parameter_blocks), then layer by layer the weights
/// [units x inputs] row by row and the biases.
int parameter_count(const Topology& topology);
/// Position of a layer's first weight in the parameter vector.
int layer_offset(const Topology& topology, int layer);
/// All weight matrices and biases, in the order of the parameter vector.
std::vector<ParameterBlock> parameter_blocks(const Topology& topology);
/// "6-12 tanh-17 logistic-5 linear", "10x7-gru 16-1 linear".
std::string topology_text(const Topology& topology);

Json to_json(const Topology& topology);
Topology topology_from_json(const Json& json);

}  // namespace cupel
