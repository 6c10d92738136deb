// How an image engine computes: the steps of its forward and backward pass in order, each with its
// oneDNN primitive and its places in the arena. For the .cpp files of this folder alone (the one
// header that knows oneDNN's types).
#pragma once

#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "cupel/network/cnn/image_engine.hpp"
#include "cupel/network/cnn/map_kernels.hpp"

/// Of the OpenMP runtime that oneDNN brings; clang has its header only beside another runtime.
extern "C" void omp_set_num_threads(int threads);

namespace cupel {

namespace plan {

using dnnl::memory;
using Tag = memory::format_tag;
using Arguments = std::unordered_map<int, memory>;

constexpr auto kFloat = memory::data_type::f32;

/// A piece of the arena, or (data set from the start) memory of its own.
struct Buffer {
  std::size_t bytes = 0;
  int first = 0, last = 0;
  float* data = nullptr;
  std::span<float> floats() const { return {data, bytes / sizeof(float)}; }
};

struct FreeDeleter {
  void operator()(float* data) const { std::free(data); }
};
using AlignedFloats = std::unique_ptr<float[], FreeDeleter>;

/// Zero. Throws std::bad_alloc.
AlignedFloats aligned_floats(std::size_t bytes);

/// Channels that a vector register of this processor holds.
int channel_block();

/// What a layer gives: maps, or (behind the average) one number a channel.
struct Values {
  MapShape shape;
  memory::desc desc;
  Buffer* data = nullptr;
  Buffer* gradient = nullptr;
  bool gradient_begun = false;  ///< while the backward pass is planned
};

/// What the backward pass of a layer needs of its forward pass.
struct Passed {
  /// Of a dense convolution: what it multiplies, in bf16.
  Buffer *half_source = nullptr, *half_gradient = nullptr;
  std::optional<dnnl::batch_normalization_forward::primitive_desc> normalization;
  std::optional<dnnl::pooling_forward::primitive_desc> pool;
  Buffer *work = nullptr, *mean = nullptr, *variance = nullptr;
};

using Pass = std::vector<std::function<void()>>;

inline memory::dims dims_of(std::initializer_list<int> sizes) {
  return {sizes.begin(), sizes.end()};
}

/// A convolution's layouts and places.
struct Geometry {
  memory::dims weights, strides, left, right;
  memory::desc plain;  ///< weights as in the parameter vector
  memory::desc any;    ///< weights as the primitive likes them
  memory::desc bias;   ///< empty: none
};
Geometry geometry_of(const ImageLayer& layer);

}  // namespace plan

struct ImageEngine::Plan {
  Plan(const ImageTopology& given, int images, EngineUse use, ImagePrecision wanted);

  void plan_forward(int k);
  void plan_backward(int k);
  void plan_convolution(int k);
  void plan_weight_gradient(int k);
  void plan_input_gradient(int k);
  void plan_normalization(int k);
  void plan_normalization_backward(int k);
  void plan_pool(int k);
  void plan_pool_backward(int k);
  void plan_sum_backward(int k);
  void plan_concatenation(int k);
  void plan_concatenation_backward(int k);
  void plan_full(int k);
  void plan_full_backward(int k);
  plan::memory::desc blocked_desc(int channels, int size) const {
    return {plan::dims_of({batch, channels, size, size}), plan::kFloat,
            block == 16 ? plan::Tag::nChw16c : plan::Tag::nChw8c};
  }
  void make_values();
  void place_buffers();

  const ImageLayer& layer(int k) const { return topology.layers[static_cast<std::size_t>(k)]; }
  int layers() const { return static_cast<int>(topology.layers.size()); }
  int backward_time(int k) const { return 2 * layers() - 1 - k; }
  plan::Values& input_of(int k) { return values[static_cast<std::size_t>(layer(k).input + 1)]; }
  /// Convolutions of the images are fast in one of two layouts: forward with a kernel larger than
  /// one pixel as the images are, else in blocks.
  plan::Values& forward_input_of(int k) {
    return layer(k).input < 0 && layer(k).kernel == 1 ? blocked_images : input_of(k);
  }
  plan::Values& backward_input_of(int k) {
    return layer(k).input < 0 ? blocked_images : input_of(k);
  }
  plan::Values& other_of(int k) { return values[static_cast<std::size_t>(layer(k).other + 1)]; }
  plan::Values& output_of(int k) { return values[static_cast<std::size_t>(k + 1)]; }
  /// Weights that are no biases.
  int weights_of(int k) const {
    return parameter_count(layer(k)) - (layer(k).bias ? layer(k).outputs : 0);
  }
  float* parameters_of(int k) {
    return parameters.get() + parameter_at[static_cast<std::size_t>(k)];
  }
  float* gradient_of(int k) { return gradient.get() + parameter_at[static_cast<std::size_t>(k)]; }
  float* statistics_of(int k) {
    return statistics.get() + statistics_at[static_cast<std::size_t>(k)];
  }

  /// Whether the convolution multiplies in bf16: dense, and of maps that lie in blocks.
  bool in_half(int k) const {
    return precision == ImagePrecision::bf16 && layer(k).groups == 1 && layer(k).input >= 0;
  }
  /// The layout with elements of bf16 where the convolution multiplies in it.
  plan::memory::desc half(int k, plan::memory::desc desc) const;
  /// The forward pass once more as the backward ones' hint: its source may have another layout
  /// there.
  dnnl::convolution_forward::primitive_desc hint_for(int k, const plan::Geometry& at,
                                                     const plan::memory::desc& source,
                                                     const plan::memory::desc& result) const;
  /// Values as the convolution multiplies them: converted once, at `time`, and kept until `last`.
  plan::memory operand(int k, plan::Buffer* from, const plan::memory::desc& desc,
                       plan::Buffer*& kept, int time, int last, plan::Pass& pass);

  plan::Buffer* buffer(std::size_t bytes, int first, int last);
  plan::memory on(plan::Buffer* place, const plan::memory::desc& desc);
  plan::memory fixed(float* data, const plan::memory::desc& desc) {
    return plan::memory(desc, engine, data);
  }
  void call(plan::Pass& pass, int time, const dnnl::primitive& primitive, plan::Arguments arguments,
            const plan::memory::desc& scratch = {});
  /// The layer with channels up to a whole block: the filling of the maps is zero, so that the
  /// sums are the same, and oneDNN has fast code for whole blocks only.
  ImageLayer filled(int k, const plan::Values& in) const;
  plan::memory::desc filled_desc(const plan::Values& maps, int channels, int size) const;
  /// Weights of a convolution that reads `in`, in the layout `wanted`.
  plan::memory weights_for(int k, const plan::Values& in, const plan::memory::desc& wanted,
                           int time, plan::Pass& pass);
  /// Appends `write`, which sets the gradient by `to` at a place of its own choice: the first
  /// writer's is the gradient itself, the others' is added to it.
  void gradient_by(plan::Values& to, int time, const std::function<void(plan::Buffer*)>& write);
  BatchFigures loss(std::span<const int> labels);

  ImageTopology topology;
  int batch = 0;
  bool training = false;
  ImagePrecision precision = ImagePrecision::f32;
  int block = plan::channel_block();
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  dnnl::primitive_attr attributes;
  std::vector<int> parameter_at, statistics_at;
  plan::AlignedFloats parameters, gradient, statistics, images, arena;
  std::deque<plan::Buffer> buffers;
  std::vector<std::pair<plan::memory, plan::Buffer*>> unplaced;
  std::vector<plan::Values> values;  ///< [0]: the images; [k + 1]: of layer k
  plan::Values blocked_images;
  std::vector<plan::Passed> passed;
  plan::Pass forward, backward;
  plan::Buffer* features = nullptr;
  std::size_t arena_bytes = 0;
  std::string chosen;  ///< implementations, as text
};

}  // namespace cupel
