#include "cupel/network/cnn/reference_networks.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cupel {
namespace {

struct ImageForm {
  int channels, size, classes;
};

/// What varies within a family.
struct Form {
  int layers = 16;
  int kernel = 3;
  bool norm = true;
  int scale = 1;
};

int scaled(int width, int scale) { return std::max(8, width / scale); }

ImageTopology vgg(const Form& form, const ImageForm& image) {
  const int deep = form.layers == 19 ? 4 : 3;
  const int repeats[] = {2, 2, deep, deep, deep};
  const int widths[] = {64, 128, 256, 512, 512};
  TopologyBuilder builder(image.channels, image.size);
  for (int stage = 0; stage < 5; ++stage) {
    for (int k = 0; k < repeats[stage]; ++k)
      builder.convolution(
          {.width = scaled(widths[stage], form.scale), .kernel = form.kernel, .norm = form.norm});
    if (builder.size() > 1) builder.max_pool();
  }
  builder.average_pool();
  builder.full(scaled(512, form.scale), true, true);
  builder.full(image.classes, true, false);
  return builder.finish();
}

void residual_block(TopologyBuilder& builder, int width, int kernel, int stride) {
  const int start = builder.at(), inputs = builder.width();
  builder.convolution({.width = width, .kernel = kernel, .stride = stride});
  builder.convolution({.width = width, .kernel = kernel, .relu = false});
  if (stride == 1 && inputs == width) {
    builder.add(start, true);
    return;
  }
  const int main = builder.at();
  builder.go_to(start);
  builder.convolution({.width = width, .stride = stride, .relu = false});
  builder.add(main, true);
}

ImageTopology resnet(const Form& form, const ImageForm& image) {
  const std::array<int, 4> repeats =
      form.layers == 34 ? std::array{3, 4, 6, 3} : std::array{2, 2, 2, 2};
  TopologyBuilder builder(image.channels, image.size);
  builder.convolution({.width = scaled(64, form.scale), .kernel = form.kernel});
  for (int stage = 0; stage < 4; ++stage)
    for (int k = 0; k < repeats[stage]; ++k)
      residual_block(builder, scaled(64 << stage, form.scale), form.kernel,
                     stage > 0 && k == 0 ? 2 : 1);
  builder.average_pool();
  builder.full(image.classes, true, false);
  return builder.finish();
}

ImageTopology mobilenet(const ImageForm& image, int scale) {
  constexpr std::pair<int, int> kBlocks[] = {{64, 1},  {128, 1},  {128, 1}, {256, 2}, {256, 1},
                                             {512, 2}, {512, 1},  {512, 1}, {512, 1}, {512, 1},
                                             {512, 1}, {1024, 2}, {1024, 1}};
  TopologyBuilder builder(image.channels, image.size);
  builder.convolution({.width = scaled(32, scale), .kernel = 3});
  for (const auto& [width, stride] : kBlocks) {
    builder.depthwise(stride);
    builder.convolution({.width = scaled(width, scale)});
  }
  builder.average_pool();
  builder.full(image.classes, true, false);
  return builder.finish();
}

void fire(TopologyBuilder& builder, int squeeze, int expand) {
  builder.convolution({.width = squeeze});
  const int squeezed = builder.at();
  builder.convolution({.width = expand});
  const int narrow = builder.at();
  builder.go_to(squeezed);
  builder.convolution({.width = expand, .kernel = 3});
  builder.concatenate(narrow);
}

ImageTopology squeezenet(const ImageForm& image, int scale) {
  constexpr std::pair<int, int> kFires[] = {{16, 64},  {16, 64},  {32, 128}, {32, 128},
                                            {48, 192}, {48, 192}, {64, 256}, {64, 256}};
  TopologyBuilder builder(image.channels, image.size);
  builder.convolution({.width = scaled(64, scale), .kernel = 3});
  int blocks = 0;
  for (const auto& [squeeze, expand] : kFires) {
    fire(builder, scaled(squeeze, scale), scaled(expand, scale));
    if (++blocks == 2 || blocks == 4) builder.max_pool();
  }
  builder.average_pool();
  builder.full(image.classes, true, false);
  return builder.finish();
}

template <int layers>
ImageTopology vgg_of(int channels, int size, int classes, int scale) {
  return vgg({.layers = layers, .scale = scale}, {channels, size, classes});
}

template <int layers>
ImageTopology resnet_of(int channels, int size, int classes, int scale) {
  return resnet({.layers = layers, .scale = scale}, {channels, size, classes});
}

ImageTopology mobilenet_of(int channels, int size, int classes, int scale) {
  return mobilenet({channels, size, classes}, scale);
}

ImageTopology squeezenet_of(int channels, int size, int classes, int scale) {
  return squeezenet({channels, size, classes}, scale);
}

}  // namespace

ImageTopology plain_vgg(int layers, int kernel, int classes) {
  return vgg({.layers = layers, .kernel = kernel, .norm = false}, {3, 32, classes});
}

ImageTopology plain_resnet(int layers, int kernel, int classes) {
  return resnet({.layers = layers, .kernel = kernel}, {3, 32, classes});
}

std::span<const ReferenceNetwork> reference_networks() {
  static constexpr std::array<ReferenceNetwork, 5> all = {{
      {"VGG16", "Simonyan and Zisserman 2015, with batch normalization", vgg_of<16>},
      {"ResNet18", "He et al. 2016, the form for small images", resnet_of<18>},
      {"ResNet34", "He et al. 2016, the form for small images", resnet_of<34>},
      {"MobileNet", "Howard et al. 2017, first strides 1", mobilenet_of},
      {"SqueezeNet", "Iandola et al. 2016, first stride 1", squeezenet_of},
  }};
  return all;
}

}  // namespace cupel
