// What an image network costs, known before it is trained: topological complexity
// T = Σ α E - N + 1 over convolutions and fully connected layers, edges from each output back to
// the input among them (docs/methods/tcnas.md); parameters; multiply-adds.
#pragma once

#include <cstdint>

#include "cupel/network/cnn/image_topology.hpp"

namespace cupel {

struct ImageNetworkCost {
  std::int64_t topology = 0;       ///< T
  std::int64_t parameters = 0;     ///< weights, biases, scales and shifts
  std::int64_t multiply_adds = 0;  ///< of convolutions and fully connected layers, one image
  /// Floating-point operations of forward and backward for one image: 2 a multiply-add, and the
  /// backward pass twice the forward one.
  double training_flop() const { return 6.0 * static_cast<double>(multiply_adds); }
};

ImageNetworkCost cost_of(const ImageTopology& topology);

}  // namespace cupel
