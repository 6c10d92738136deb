#include "cupel/network/cnn/complexity.hpp"

namespace cupel {
namespace {

/// α of one kernel without groups: 8 for 3x3, 1 for 1x1.
std::int64_t edge_weight(int kernel) { return kernel == 1 ? 1 : kernel * kernel - 1; }

}  // namespace

ImageNetworkCost cost_of(const ImageTopology& topology) {
  // One edge from each output back to the input makes the graph strongly connected: one component.
  ImageNetworkCost cost{.topology = topology.classes + 1};
  for (const ImageLayer& layer : topology.layers) {
    const std::int64_t outputs = layer.outputs;
    if (layer.kind == ImageLayerKind::batch_norm) cost.parameters += 2 * outputs;
    if (layer.kind != ImageLayerKind::convolution && layer.kind != ImageLayerKind::full) continue;
    const bool full = layer.kind == ImageLayerKind::full;
    const std::int64_t edges = layer.inputs / layer.groups * outputs;
    const std::int64_t weights = edges * layer.kernel * layer.kernel;
    cost.topology += (full ? 1 : edge_weight(layer.kernel)) * edges / layer.groups - outputs;
    cost.parameters += weights + (layer.bias ? outputs : 0);
    cost.multiply_adds += weights * layer.size_out * layer.size_out;
  }
  return cost;
}

}  // namespace cupel
