#include "cupel/network/topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

/// More parameters than any network here can have: a count that fits into an int with room.
constexpr std::int64_t kMostParameters = 50'000'000;

constexpr std::array kNames = {"linear", "tanh", "logistic", "clipped-symmetric", "clipped-unit"};

}  // namespace

std::string_view activation_name(Activation activation) {
  return kNames[static_cast<std::size_t>(activation)];
}

Activation activation_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (name == kNames[i]) return static_cast<Activation>(i);
  throw Error(ErrorKind::usage, fmt::format("there is no activation '{}'", name),
              "use linear, tanh, logistic, clipped-symmetric or clipped-unit");
}

double activated(Activation activation, double x) {
  switch (activation) {
    case Activation::linear:
      return x;
    case Activation::tanh:
      return std::tanh(x);
    case Activation::logistic:
      return 1 / (1 + std::exp(-x));
    case Activation::clipped_symmetric:
      return std::clamp(x, -1.0, 1.0);
    case Activation::clipped_unit:
      return std::clamp(x, 0.0, 1.0);
  }
  return x;
}

double activation_slope(Activation activation, double value) {
  switch (activation) {
    case Activation::linear:
      return 1;
    case Activation::tanh:
      return 1 - value * value;
    case Activation::logistic:
      return value * (1 - value);
    case Activation::clipped_symmetric:
      return std::abs(value) < 1 ? 1 : 0;
    case Activation::clipped_unit:
      return value > 0 && value < 1 ? 1 : 0;
  }
  return 1;
}

int dense_inputs(const Topology& topology) {
  return topology.window ? output_count(*topology.window) : topology.inputs;
}

int layer_offset(const Topology& topology, int layer) {
  int offset = 0, inputs = dense_inputs(topology);
  if (topology.window)
    offset = parameter_count(*topology.window, topology.inputs / topology.window->steps);
  for (int l = 0; l < layer; ++l) {
    offset += topology.layers[l].units * (inputs + 1);
    inputs = topology.layers[l].units;
  }
  return offset;
}

int parameter_count(const Topology& topology) {
  return layer_offset(topology, static_cast<int>(topology.layers.size()));
}

std::vector<ParameterBlock> parameter_blocks(const Topology& topology) {
  std::vector<ParameterBlock> blocks;
  if (const auto& window = topology.window)
    blocks = parameter_blocks(*window, topology.inputs / window->steps);
  int inputs = dense_inputs(topology), offset = layer_offset(topology, 0);
  for (const Layer& layer : topology.layers) {
    blocks.push_back({inputs, layer.units, offset, offset + layer.units * inputs});
    offset += layer.units * (inputs + 1);
    inputs = layer.units;
  }
  return blocks;
}

std::string topology_text(const Topology& topology) {
  std::string text = fmt::format("{}", topology.inputs);
  if (const auto& window = topology.window)
    text = fmt::format("{}x{}-{} {}", window->steps, topology.inputs / window->steps,
                       window_kind_name(window->kind), window->units);
  for (const Layer& layer : topology.layers)
    text += fmt::format("-{} {}", layer.units, activation_name(layer.activation));
  return text;
}

Json to_json(const Topology& topology) {
  Json json;
  json["inputs"] = topology.inputs;
  if (const auto& window = topology.window) {
    json["window"]["family"] = window_kind_name(window->kind);
    json["window"]["steps"] = window->steps;
    json["window"]["units"] = window->units;
  }
  json["layers"] = Json::Array{};
  for (const Layer& layer : topology.layers) {
    Json item;
    item["units"] = layer.units;
    item["activation"] = activation_name(layer.activation);
    json["layers"].push_back(std::move(item));
  }
  return json;
}

Topology topology_from_json(const Json& json) {
  Topology topology;
  const auto count = [](const Json& value) {
    const std::int64_t n = value.as_integer();
    if (n < 1 || n > 100000)
      throw Error(ErrorKind::runtime, fmt::format("a network with {} units in a layer", n));
    return static_cast<int>(n);
  };
  topology.inputs = count(json.at("inputs"));
  for (const Json& item : json.at("layers").as_array())
    topology.layers.push_back(
        {count(item.at("units")), activation_from_name(item.at("activation").as_string())});
  if (topology.layers.empty()) throw Error(ErrorKind::runtime, "a network without layers");
  std::int64_t parameters = 0, inputs = topology.inputs;
  if (const Json* window = json.find("window")) {
    topology.window = WindowLayer{.kind = window_kind_from_name(window->at("family").as_string()),
                                  .steps = count(window->at("steps")),
                                  .units = count(window->at("units"))};
    const std::int64_t steps = topology.window->steps, units = topology.window->units;
    if (topology.inputs % steps != 0 || units > 2000)
      throw Error(ErrorKind::runtime, "a window layer that does not fit its network");
    parameters = parameter_count(*topology.window, static_cast<int>(topology.inputs / steps));
    inputs = output_count(*topology.window);
  }
  for (const Layer& layer : topology.layers) {
    parameters += layer.units * (inputs + 1);
    inputs = layer.units;
    if (parameters > kMostParameters)
      throw Error(ErrorKind::runtime, "a network with more than 50 million parameters");
  }
  return topology;
}

}  // namespace cupel
