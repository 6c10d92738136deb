#include "cupel/network/cnn/map_kernels.hpp"

#include <algorithm>

namespace cupel {
namespace {

/// Position of a channel's first pixel; its pixels are `block` apart.
std::size_t place(const MapShape& shape, int image, int channel) {
  const auto block = static_cast<std::size_t>(shape.block);
  const auto maps = static_cast<std::size_t>(image) * static_cast<std::size_t>(shape.blocks()) +
                    static_cast<std::size_t>(channel) / block;
  return maps * static_cast<std::size_t>(shape.pixels) * block +
         static_cast<std::size_t>(channel) % block;
}

/// Copies channels that stand beside each other in both, pixel by pixel.
void copy_channels(const float* from, int from_step, float* into, int into_step, int pixels,
                   int channels) {
  if (channels == from_step && channels == into_step) {
    std::copy_n(from, static_cast<std::ptrdiff_t>(pixels) * channels, into);
    return;
  }
  for (int p = 0; p < pixels; ++p)
    std::copy_n(from + static_cast<std::ptrdiff_t>(p) * from_step, channels,
                into + static_cast<std::ptrdiff_t>(p) * into_step);
}

/// Calls copy(image, channel, count) for runs of narrow channels that cross no block's end, neither
/// there nor in the wide maps, where they begin at `first`.
template <class Copy>
void for_runs(const MapShape& narrow, const MapShape& wide, int first, Copy copy) {
  for (int image = 0; image < narrow.images; ++image)
    for (int channel = 0, count = 0; channel < narrow.channels; channel += count) {
      count = std::min({narrow.channels - channel, narrow.block - channel % narrow.block,
                        wide.block - (first + channel) % wide.block});
      copy(image, channel, count);
    }
}

}  // namespace

void add_maps(std::span<const float> a, std::span<const float> b, std::span<float> sum, bool relu) {
  const float* __restrict left = a.data();
  const float* __restrict right = b.data();
  float* __restrict out = sum.data();
  if (relu)
    for (std::size_t k = 0; k < sum.size(); ++k) out[k] = std::max(0.0f, left[k] + right[k]);
  else
    for (std::size_t k = 0; k < sum.size(); ++k) out[k] = left[k] + right[k];
}

void rectify(std::span<float> values) {
  for (float& value : values) value = std::max(0.0f, value);
}

void mask_gradient(std::span<const float> output, std::span<float> gradient) {
  const float* __restrict out = output.data();
  float* __restrict in_out = gradient.data();
  for (std::size_t k = 0; k < gradient.size(); ++k) in_out[k] = out[k] > 0 ? in_out[k] : 0.0f;
}

void accumulate(std::span<const float> from, std::span<float> into) {
  const float* __restrict source = from.data();
  float* __restrict sum = into.data();
  for (std::size_t k = 0; k < into.size(); ++k) sum[k] += source[k];
}

void average_maps(const MapShape& shape, std::span<const float> maps, std::span<float> averages) {
  const float share = 1.0f / static_cast<float>(shape.pixels);
  for (int image = 0; image < shape.images; ++image)
    for (int channel = 0; channel < shape.channels; ++channel) {
      const float* from = maps.data() + place(shape, image, channel);
      float sum = 0;
      for (int p = 0; p < shape.pixels; ++p)
        sum += from[static_cast<std::ptrdiff_t>(p) * shape.block];
      averages[static_cast<std::size_t>(image) * static_cast<std::size_t>(shape.channels) +
               static_cast<std::size_t>(channel)] = share * sum;
    }
}

void spread_averages(const MapShape& shape, std::span<const float> gradient,
                     std::span<float> maps_gradient) {
  const float share = 1.0f / static_cast<float>(shape.pixels);
  std::fill(maps_gradient.begin(), maps_gradient.end(), 0.0f);
  for (int image = 0; image < shape.images; ++image)
    for (int channel = 0; channel < shape.channels; ++channel) {
      float* into = maps_gradient.data() + place(shape, image, channel);
      const float each =
          share *
          gradient[static_cast<std::size_t>(image) * static_cast<std::size_t>(shape.channels) +
                   static_cast<std::size_t>(channel)];
      for (int p = 0; p < shape.pixels; ++p)
        into[static_cast<std::ptrdiff_t>(p) * shape.block] = each;
    }
}

void put_channels(const MapShape& narrow, std::span<const float> from, const MapShape& wide,
                  std::span<float> into, int first) {
  for_runs(narrow, wide, first, [&](int image, int channel, int count) {
    copy_channels(from.data() + place(narrow, image, channel), narrow.block,
                  into.data() + place(wide, image, first + channel), wide.block, narrow.pixels,
                  count);
  });
}

void take_channels(const MapShape& wide, std::span<const float> from, int first,
                   const MapShape& narrow, std::span<float> into) {
  for_runs(narrow, wide, first, [&](int image, int channel, int count) {
    copy_channels(from.data() + place(wide, image, first + channel), wide.block,
                  into.data() + place(narrow, image, channel), narrow.block, narrow.pixels, count);
  });
}

}  // namespace cupel
