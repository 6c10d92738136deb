#include "cupel/network/cnn/image_network.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

int inputs_of_a_unit(const ImageLayer& layer) {
  return layer.inputs / layer.groups * layer.kernel * layer.kernel;
}

template <class Count>
std::vector<int> offsets(const ImageTopology& topology, Count count) {
  std::vector<int> offsets{0};
  for (const ImageLayer& layer : topology.layers) offsets.push_back(offsets.back() + count(layer));
  return offsets;
}

}  // namespace

int parameter_count(const ImageLayer& layer) {
  switch (layer.kind) {
    case ImageLayerKind::convolution:
    case ImageLayerKind::full:
      return layer.outputs * (inputs_of_a_unit(layer) + (layer.bias ? 1 : 0));
    case ImageLayerKind::batch_norm:
      return 2 * layer.outputs;
    case ImageLayerKind::max_pool:
    case ImageLayerKind::add:
    case ImageLayerKind::concatenate:
    case ImageLayerKind::average_pool:
      return 0;
  }
  return 0;
}

int statistics_count(const ImageLayer& layer) {
  return layer.kind == ImageLayerKind::batch_norm ? 2 * layer.outputs : 0;
}

std::vector<int> parameter_offsets(const ImageTopology& topology) {
  return offsets(topology, [](const ImageLayer& layer) { return parameter_count(layer); });
}

std::vector<int> statistics_offsets(const ImageTopology& topology) {
  return offsets(topology, statistics_count);
}

ImageNetwork initial_image_network(const ImageTopology& topology, std::uint64_t seed) {
  Rng rng(seed);
  ImageNetwork network{topology, {}, {}};
  for (const ImageLayer& layer : topology.layers) {
    const int count = parameter_count(layer);
    const auto end = [&] { return network.parameters.size(); };
    if (layer.kind == ImageLayerKind::batch_norm) {
      network.parameters.resize(end() + static_cast<std::size_t>(layer.outputs), 1.0f);
      network.statistics.resize(network.statistics.size() + static_cast<std::size_t>(layer.outputs),
                                0.0f);
      network.statistics.resize(network.statistics.size() + static_cast<std::size_t>(layer.outputs),
                                1.0f);
      network.parameters.resize(end() + static_cast<std::size_t>(layer.outputs), 0.0f);
      continue;
    }
    if (count == 0) continue;
    const int weights = count - (layer.bias ? layer.outputs : 0);
    const double deviation = std::sqrt(2.0 / inputs_of_a_unit(layer));
    for (int k = 0; k < weights; ++k)
      network.parameters.push_back(static_cast<float>(deviation * rng.normal()));
    network.parameters.resize(end() + static_cast<std::size_t>(count - weights), 0.0f);
  }
  return network;
}

}  // namespace cupel
