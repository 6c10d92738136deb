// The arithmetic on maps that is our own: sums, gradients through ReLU, averages over maps, and
// moving channels between maps. Blocked maps: [image][channels / block][pixel][block], the last
// block filled up with zeros, which every function keeps.
#pragma once

#include <cstddef>
#include <span>

namespace cupel {

struct MapShape {
  int images = 1, channels = 1, pixels = 1, block = 8;
  int blocks() const { return (channels + block - 1) / block; }
  std::size_t floats() const {
    return static_cast<std::size_t>(images) * static_cast<std::size_t>(blocks()) *
           static_cast<std::size_t>(pixels) * static_cast<std::size_t>(block);
  }
};

/// sum = a + b, then max(0, .) where `relu`.
void add_maps(std::span<const float> a, std::span<const float> b, std::span<float> sum, bool relu);
/// In place: max(0, .).
void rectify(std::span<float> values);
/// Sets the gradient to 0 where `output` is not above 0.
void mask_gradient(std::span<const float> output, std::span<float> gradient);
/// into += from.
void accumulate(std::span<const float> from, std::span<float> into);

/// averages [images x channels], row by row.
void average_maps(const MapShape& shape, std::span<const float> maps, std::span<float> averages);
/// Gradient by the maps of averages with the given gradient.
void spread_averages(const MapShape& shape, std::span<const float> gradient,
                     std::span<float> maps_gradient);

/// Copies all channels of `narrow` into `wide` from channel `first` on, or back.
void put_channels(const MapShape& narrow, std::span<const float> from, const MapShape& wide,
                  std::span<float> into, int first);
void take_channels(const MapShape& wide, std::span<const float> from, int first,
                   const MapShape& narrow, std::span<float> into);

}  // namespace cupel
