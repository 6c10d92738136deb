#include "cupel/network/recurrent/window_layer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "cupel/base/error.hpp"
#include "cupel/network/mlp/kernels.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"lstm",    "gru",    "bi-lstm",
                                                    "am-lstm", "am-gru", "cnn"};

struct Blocks {
  std::vector<ParameterBlock> list;
  int next = 0;

  void add(int inputs, int units, bool biases = true) {
    const int weights = next, count = inputs * units;
    list.push_back({inputs, units, weights, biases ? weights + count : -1});
    next += count + (biases ? units : 0);
  }
  void add_lstm(int inputs, int units) { add(inputs + units, 4 * units); }
  void add_gru(int inputs, int units) {
    add(inputs + units, 2 * units);
    add(inputs, units);
    add(units, units);
  }
  void add_attention(int units) {
    add(units, units, false);
    add(units, 1, false);
  }
};

Blocks blocks_of(const WindowLayer& layer, int features) {
  Blocks blocks;
  const int units = layer.units;
  switch (layer.kind) {
    case WindowKind::lstm:
    case WindowKind::am_lstm:
      blocks.add_lstm(features, units);
      break;
    case WindowKind::gru:
    case WindowKind::am_gru:
      blocks.add_gru(features, units);
      break;
    case WindowKind::bi_lstm:
      for (const int inputs : {features, features, 2 * units, 2 * units})
        blocks.add_lstm(inputs, units);
      break;
    case WindowKind::cnn:
      blocks.add(filter_steps(layer) * features, units);
      break;
  }
  if (layer.kind == WindowKind::am_lstm || layer.kind == WindowKind::am_gru)
    blocks.add_attention(units);
  return blocks;
}

}  // namespace

std::string_view window_kind_name(WindowKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

WindowKind window_kind_from_name(std::string_view name) {
  for (std::size_t k = 0; k < kNames.size(); ++k)
    if (name == kNames[k]) return static_cast<WindowKind>(k);
  throw Error(ErrorKind::usage, fmt::format("there is no network family '{}' for windows", name),
              fmt::format("the families are: {}", fmt::join(kNames, ", ")));
}

int filter_steps(const WindowLayer& layer) { return std::min(3, layer.steps); }

int output_count(const WindowLayer& layer) {
  return layer.kind == WindowKind::bi_lstm ? 2 * layer.units : layer.units;
}

std::vector<ParameterBlock> parameter_blocks(const WindowLayer& layer, int features) {
  return blocks_of(layer, features).list;
}

int parameter_count(const WindowLayer& layer, int features) {
  return blocks_of(layer, features).next;
}

std::int64_t window_scratch(const WindowLayer& layer, int features) {
  const std::int64_t steps = layer.steps, units = layer.units;
  const auto pass = [&](std::int64_t inputs) {
    return steps * (inputs + 12 * units) + inputs + 2 * units;
  };
  std::int64_t variables = 2 * units + steps * units;  // outputs, loss by states
  switch (layer.kind) {
    case WindowKind::bi_lstm:
      variables += 2 * pass(features) + 2 * pass(2 * units) + 4 * steps * units;
      break;
    case WindowKind::cnn:
      variables += 2 * steps * units + std::int64_t{filter_steps(layer)} * features;
      break;
    case WindowKind::lstm:
    case WindowKind::gru:
    case WindowKind::am_lstm:
    case WindowKind::am_gru:
      variables += pass(features) + 2 * steps * units + 2 * steps + units;
      break;
  }
  return variables * kChunk;
}

}  // namespace cupel
