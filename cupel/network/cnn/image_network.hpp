// An image network with its numbers. Parameters stand layer by layer: a convolution's weights
// [out x in / groups x kernel x kernel] then its biases; a batch normalization's scales, then its
// shifts; a fully connected layer's weights [out x in], then its biases. Statistics: of each batch
// normalization the running means, then the running variances.
#pragma once

#include <cstdint>
#include <vector>

#include "cupel/network/cnn/image_topology.hpp"

namespace cupel {

struct ImageNetwork {
  ImageTopology topology;
  std::vector<float> parameters;
  std::vector<float> statistics;
  bool operator==(const ImageNetwork&) const = default;
};

/// Numbers that a layer keeps.
int parameter_count(const ImageLayer& layer);
int statistics_count(const ImageLayer& layer);
/// Position of each layer's first number; one entry more than layers: the total.
std::vector<int> parameter_offsets(const ImageTopology& topology);
std::vector<int> statistics_offsets(const ImageTopology& topology);

/// Weights drawn from a normal distribution of variance 2 / inputs of a unit (He, Zhang, Ren & Sun
/// 2015); scales 1, shifts and biases 0; running means 0, variances 1.
ImageNetwork initial_image_network(const ImageTopology& topology, std::uint64_t seed);

}  // namespace cupel
