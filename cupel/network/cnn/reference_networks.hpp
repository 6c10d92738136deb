// Well-known image networks in the form they take for small images: what a designed network is
// compared with. Widths may be scaled down so that they train under the same budget.
#pragma once

#include <span>
#include <string_view>

#include "cupel/network/cnn/image_topology.hpp"

namespace cupel {

struct ReferenceNetwork {
  std::string_view name, source;
  /// `scale` divides all widths.
  ImageTopology (*build)(int channels, int size, int classes, int scale);
};

std::span<const ReferenceNetwork> reference_networks();

/// With biases and without normalization, as first published; `kernel` 1 or 3 in every
/// convolution; 16 or 19 layers; 32 x 32 color images.
ImageTopology plain_vgg(int layers, int kernel, int classes);
/// The form for small 32 x 32 color images; 18 or 34 layers; `kernel` 1 or 3.
ImageTopology plain_resnet(int layers, int kernel, int classes);

}  // namespace cupel
