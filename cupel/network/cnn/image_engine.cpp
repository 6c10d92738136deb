#include "cupel/network/cnn/image_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <new>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>
#include <unordered_map>

#include "cupel/base/error.hpp"
#include "cupel/network/cnn/arena_plan.hpp"
#include "cupel/network/cnn/map_kernels.hpp"

/// Of the OpenMP runtime that oneDNN brings; clang has its header only beside another runtime.
extern "C" void omp_set_num_threads(int threads);

namespace cupel {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;
using Arguments = std::unordered_map<int, memory>;
using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Rows = Eigen::Map<RowMajor>;
using ConstRows = Eigen::Map<const RowMajor>;

constexpr float kEpsilon = 1e-5f;        // of batch normalization
constexpr float kStatisticsPace = 0.1f;  // how fast running statistics follow
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

AlignedFloats aligned_floats(std::size_t bytes) {
  constexpr std::size_t kAlignment = 4096;
  const std::size_t rounded = (bytes + kAlignment) / kAlignment * kAlignment;
  auto* data = static_cast<float*>(std::aligned_alloc(kAlignment, rounded));
  if (!data) throw std::bad_alloc();
  std::memset(data, 0, rounded);  // once, here: no page is first touched within a step
  return AlignedFloats(data);
}

/// Channels that a vector register holds.
int block_of_processor() {
  return dnnl::get_effective_cpu_isa() >= dnnl::cpu_isa::avx512_core ? 16 : 8;
}

bool is_flat(const ImageLayer& layer) {
  return layer.kind == ImageLayerKind::average_pool || layer.kind == ImageLayerKind::full;
}

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
  std::optional<dnnl::batch_normalization_forward::primitive_desc> normalization;
  std::optional<dnnl::pooling_forward::primitive_desc> pool;
  Buffer *work = nullptr, *mean = nullptr, *variance = nullptr;
};

using Pass = std::vector<std::function<void()>>;

memory::dims dims_of(std::initializer_list<int> sizes) { return {sizes.begin(), sizes.end()}; }

/// A convolution's layouts and places.
struct Geometry {
  memory::dims weights, strides, left, right;
  memory::desc plain;  ///< weights as in the parameter vector
  memory::desc any;    ///< weights as the primitive likes them
  memory::desc bias;   ///< empty: none
};

Geometry geometry_of(const ImageLayer& layer) {
  const int left = layer.kind == ImageLayerKind::convolution ? layer.kernel / 2 : 0;
  const int right =
      std::max(0, (layer.size_out - 1) * layer.stride + layer.kernel - layer.size_in - left);
  Geometry at{{},
              dims_of({layer.stride, layer.stride}),
              dims_of({left, left}),
              dims_of({right, right}),
              {},
              {},
              {}};
  const bool grouped = layer.groups > 1;
  at.weights = grouped ? dims_of({layer.groups, layer.outputs / layer.groups,
                                  layer.inputs / layer.groups, layer.kernel, layer.kernel})
                       : dims_of({layer.outputs, layer.inputs, layer.kernel, layer.kernel});
  at.plain = {at.weights, kFloat, grouped ? Tag::goihw : Tag::oihw};
  at.any = {at.weights, kFloat, Tag::any};
  if (layer.bias) at.bias = {dims_of({layer.outputs}), kFloat, Tag::x};
  return at;
}

/// The forward pass once more as the backward ones' hint: its source may have another layout here.
dnnl::convolution_forward::primitive_desc hint_for(const Geometry& at, const memory::desc& source,
                                                   const memory::desc& result,
                                                   const dnnl::primitive_attr& attributes,
                                                   const dnnl::engine& engine) {
  return {{dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, source, at.any,
           at.bias, result, at.strides, at.left, at.right},
          attributes,
          engine};
}

/// Weights that both layers of a dense convolution have, from one to the other.
void copy_weights(const ImageLayer& from, const float* source, const ImageLayer& to,
                  float* target) {
  const int taps = from.kernel * from.kernel, inputs = std::min(from.inputs, to.inputs);
  for (int o = 0; o < std::min(from.outputs, to.outputs); ++o)
    std::copy_n(source + static_cast<std::ptrdiff_t>(o) * from.inputs * taps, inputs * taps,
                target + static_cast<std::ptrdiff_t>(o) * to.inputs * taps);
}

}  // namespace

struct ImageEngine::Plan {
  Plan(const ImageTopology& given, int images, EngineUse use);

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
  memory::desc blocked_desc(int channels, int size) const {
    return {dims_of({batch, channels, size, size}), kFloat,
            block == 16 ? Tag::nChw16c : Tag::nChw8c};
  }
  void make_values();
  void place_buffers();

  const ImageLayer& layer(int k) const { return topology.layers[static_cast<std::size_t>(k)]; }
  int layers() const { return static_cast<int>(topology.layers.size()); }
  int backward_time(int k) const { return 2 * layers() - 1 - k; }
  Values& input_of(int k) { return values[static_cast<std::size_t>(layer(k).input + 1)]; }
  /// Convolutions of the images are fast in one of two layouts: forward with a kernel larger than
  /// one pixel as the images are, else in blocks.
  Values& forward_input_of(int k) {
    return layer(k).input < 0 && layer(k).kernel == 1 ? blocked_images : input_of(k);
  }
  Values& backward_input_of(int k) { return layer(k).input < 0 ? blocked_images : input_of(k); }
  Values& other_of(int k) { return values[static_cast<std::size_t>(layer(k).other + 1)]; }
  Values& output_of(int k) { return values[static_cast<std::size_t>(k + 1)]; }
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

  Buffer* buffer(std::size_t bytes, int first, int last);
  memory on(Buffer* place, const memory::desc& desc);
  memory fixed(float* data, const memory::desc& desc) { return memory(desc, engine, data); }
  void call(Pass& pass, int time, const dnnl::primitive& primitive, Arguments arguments,
            const memory::desc& scratch = {});
  /// The layer with channels up to a whole block: the filling of the maps is zero, so that the
  /// sums are the same, and oneDNN has fast code for whole blocks only.
  ImageLayer filled(int k, const Values& in) const;
  memory::desc filled_desc(const Values& maps, int channels, int size) const;
  /// Weights of a convolution that reads `in`, in the layout `wanted`.
  memory weights_for(int k, const Values& in, const memory::desc& wanted, int time, Pass& pass);
  /// Appends `write`, which sets the gradient by `to` at a place of its own choice: the first
  /// writer's is the gradient itself, the others' is added to it.
  void gradient_by(Values& to, int time, const std::function<void(Buffer*)>& write);
  BatchFigures loss(std::span<const int> labels);

  ImageTopology topology;
  int batch = 0;
  bool training = false;
  int block = block_of_processor();
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  dnnl::primitive_attr attributes;
  std::vector<int> parameter_at, statistics_at;
  AlignedFloats parameters, gradient, statistics, images, arena;
  std::deque<Buffer> buffers;
  std::vector<std::pair<memory, Buffer*>> unplaced;
  std::vector<Values> values;  ///< [0]: the images; [k + 1]: of layer k
  Values blocked_images;
  std::vector<Passed> passed;
  Pass forward, backward;
  Buffer* features = nullptr;
  std::size_t arena_bytes = 0;
  std::string chosen;  ///< implementations, as text
};

Buffer* ImageEngine::Plan::buffer(std::size_t bytes, int first, int last) {
  buffers.push_back({bytes, first, last});
  return &buffers.back();
}

memory ImageEngine::Plan::on(Buffer* place, const memory::desc& desc) {
  memory made(desc, engine, DNNL_MEMORY_NONE);
  unplaced.emplace_back(made, place);
  return made;
}

void ImageEngine::Plan::call(Pass& pass, int time, const dnnl::primitive& primitive,
                             Arguments arguments, const memory::desc& scratch) {
  if (scratch.get_size() > 0)
    arguments.emplace(DNNL_ARG_SCRATCHPAD, on(buffer(scratch.get_size(), time, time), scratch));
  pass.push_back([this, primitive, arguments] { primitive.execute(stream, arguments); });
}

ImageLayer ImageEngine::Plan::filled(int k, const Values& in) const {
  ImageLayer whole = layer(k);
  if (whole.groups > 1 || whole.bias) return whole;
  const auto up = [&](int channels) { return (channels + block - 1) / block * block; };
  whole.outputs = up(whole.outputs);
  if (in.shape.block > 1) whole.inputs = up(whole.inputs);
  return whole;
}

memory::desc ImageEngine::Plan::filled_desc(const Values& maps, int channels, int size) const {
  return maps.shape.block > 1 ? blocked_desc(channels, size) : maps.desc;
}

memory ImageEngine::Plan::weights_for(int k, const Values& in, const memory::desc& wanted, int time,
                                      Pass& pass) {
  const ImageLayer whole = filled(k, in);
  const memory::desc plain = geometry_of(whole).plain;
  memory own = fixed(parameters_of(k), plain);
  if (!(whole == layer(k))) {
    Buffer* wide = buffer(plain.get_size(), time, time);
    own = on(wide, plain);
    pass.push_back([this, k, whole, wide] {
      std::memset(wide->data, 0, wide->bytes);
      copy_weights(layer(k), parameters_of(k), whole, wide->data);
    });
  }
  if (wanted == plain) return own;
  const memory changed = on(buffer(wanted.get_size(), time, time), wanted);
  call(pass, time, dnnl::reorder(own, changed), {{DNNL_ARG_FROM, own}, {DNNL_ARG_TO, changed}});
  return changed;
}

void ImageEngine::Plan::gradient_by(Values& to, int time,
                                    const std::function<void(Buffer*)>& write) {
  if (!to.gradient) return;  // the images
  Buffer* into = to.gradient_begun ? buffer(to.gradient->bytes, time, time) : to.gradient;
  write(into);
  if (to.gradient_begun)
    backward.push_back([sum = to.gradient, into] { accumulate(into->floats(), sum->floats()); });
  to.gradient_begun = true;
}

void ImageEngine::Plan::plan_convolution(int k) {
  Values &in = forward_input_of(k), &out = output_of(k);
  const ImageLayer whole = filled(k, in);
  const Geometry at = geometry_of(whole);
  const memory::desc source = filled_desc(in, whole.inputs, whole.size_in);
  const memory::desc result = filled_desc(out, whole.outputs, whole.size_out);
  const auto kind =
      training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
  const dnnl::convolution_forward::primitive_desc made(
      {kind, dnnl::algorithm::convolution_direct, source, at.any, at.bias, result, at.strides,
       at.left, at.right},
      attributes, engine);
  chosen += fmt::format("layer {}: {}\n", k, made.impl_info_str());
  const memory weights = weights_for(k, in, made.weights_desc(), k, forward);
  Arguments arguments{{DNNL_ARG_SRC, on(in.data, source)},
                      {DNNL_ARG_DST, on(out.data, result)},
                      {DNNL_ARG_WEIGHTS, weights}};
  if (layer(k).bias)
    arguments.emplace(DNNL_ARG_BIAS, fixed(parameters_of(k) + weights_of(k), at.bias));
  call(forward, k, dnnl::convolution_forward(made), arguments, made.scratchpad_desc());
}

void ImageEngine::Plan::plan_weight_gradient(int k) {
  Values &in = backward_input_of(k), &out = output_of(k);
  const int time = backward_time(k);
  const ImageLayer whole = filled(k, in);
  const Geometry at = geometry_of(whole);
  const memory::desc source = filled_desc(in, whole.inputs, whole.size_in);
  const memory::desc result = filled_desc(out, whole.outputs, whole.size_out);
  const dnnl::convolution_backward_weights::primitive_desc made(
      {dnnl::algorithm::convolution_direct, source, at.any, at.bias, result, at.strides, at.left,
       at.right},
      attributes, engine, hint_for(at, source, result, attributes, engine));
  chosen += fmt::format("layer {} by weights: {}\n", k, made.impl_info_str());
  const bool wider = !(whole == layer(k));
  Buffer* wide = wider ? buffer(at.plain.get_size(), time, time) : nullptr;
  const memory plain = wider ? on(wide, at.plain) : fixed(gradient_of(k), at.plain);
  const memory::desc given = made.diff_weights_desc();
  const bool same = given == at.plain;
  const memory raw = same ? plain : on(buffer(given.get_size(), time, time), given);
  Arguments arguments{{DNNL_ARG_SRC, on(in.data, source)},
                      {DNNL_ARG_DIFF_DST, on(out.gradient, result)},
                      {DNNL_ARG_DIFF_WEIGHTS, raw}};
  if (layer(k).bias)
    arguments.emplace(DNNL_ARG_DIFF_BIAS, fixed(gradient_of(k) + weights_of(k), at.bias));
  call(backward, time, dnnl::convolution_backward_weights(made), arguments, made.scratchpad_desc());
  if (!same)
    call(backward, time, dnnl::reorder(raw, plain), {{DNNL_ARG_FROM, raw}, {DNNL_ARG_TO, plain}});
  if (wider)
    backward.push_back(
        [this, k, whole, wide] { copy_weights(whole, wide->data, layer(k), gradient_of(k)); });
}

void ImageEngine::Plan::plan_input_gradient(int k) {
  Values &in = input_of(k), &out = output_of(k);
  const int time = backward_time(k);
  const ImageLayer whole = filled(k, in);
  const Geometry at = geometry_of(whole);
  const memory::desc source = filled_desc(in, whole.inputs, whole.size_in);
  const memory::desc result = filled_desc(out, whole.outputs, whole.size_out);
  gradient_by(in, time, [&](Buffer* into) {
    const dnnl::convolution_backward_data::primitive_desc made(
        {dnnl::algorithm::convolution_direct, source, at.any, result, at.strides, at.left,
         at.right},
        attributes, engine, hint_for(at, source, result, attributes, engine));
    const memory weights = weights_for(k, in, made.weights_desc(), time, backward);
    call(backward, time, dnnl::convolution_backward_data(made),
         {{DNNL_ARG_DIFF_DST, on(out.gradient, result)},
          {DNNL_ARG_WEIGHTS, weights},
          {DNNL_ARG_DIFF_SRC, on(into, source)}},
         made.scratchpad_desc());
    chosen += fmt::format("layer {} by input: {}\n", k, made.impl_info_str());
  });
}

void ImageEngine::Plan::plan_normalization(int k) {
  using Flags = dnnl::normalization_flags;
  Values &in = input_of(k), &out = output_of(k);
  Passed& pass = passed[static_cast<std::size_t>(k)];
  Flags flags = Flags::use_scale_shift;
  if (layer(k).relu) flags |= Flags::fuse_norm_relu;
  if (!training) flags |= Flags::use_global_stats;
  const dnnl::batch_normalization_forward::primitive_desc made(
      {training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference, in.desc,
       kEpsilon, flags},
      attributes, engine);
  chosen += fmt::format("layer {}: {}\n", k, made.impl_info_str());
  const int width = layer(k).outputs;
  Arguments arguments{{DNNL_ARG_SRC, on(in.data, in.desc)},
                      {DNNL_ARG_DST, on(out.data, out.desc)},
                      {DNNL_ARG_SCALE_SHIFT, fixed(parameters_of(k), made.weights_desc())}};
  if (!training) {
    arguments.emplace(DNNL_ARG_MEAN, fixed(statistics_of(k), made.mean_desc()));
    arguments.emplace(DNNL_ARG_VARIANCE, fixed(statistics_of(k) + width, made.variance_desc()));
    call(forward, k, dnnl::batch_normalization_forward(made), arguments, made.scratchpad_desc());
    return;
  }
  pass.mean = buffer(made.mean_desc().get_size(), k, backward_time(k));
  pass.variance = buffer(made.variance_desc().get_size(), k, backward_time(k));
  arguments.emplace(DNNL_ARG_MEAN, on(pass.mean, made.mean_desc()));
  arguments.emplace(DNNL_ARG_VARIANCE, on(pass.variance, made.variance_desc()));
  if (made.workspace_desc().get_size() > 0) {
    pass.work = buffer(made.workspace_desc().get_size(), k, backward_time(k));
    arguments.emplace(DNNL_ARG_WORKSPACE, on(pass.work, made.workspace_desc()));
  }
  call(forward, k, dnnl::batch_normalization_forward(made), arguments, made.scratchpad_desc());
  const double count = static_cast<double>(batch) * in.shape.pixels;
  const auto unbiased = static_cast<float>(count / std::max(1.0, count - 1));
  forward.push_back([running = statistics_of(k), mean = pass.mean, variance = pass.variance, width,
                     unbiased] {
    for (int c = 0; c < width; ++c) {
      running[c] += kStatisticsPace * (mean->data[c] - running[c]);
      running[width + c] += kStatisticsPace * (unbiased * variance->data[c] - running[width + c]);
    }
  });
  pass.normalization = made;
}

void ImageEngine::Plan::plan_normalization_backward(int k) {
  using Flags = dnnl::normalization_flags;
  Values &in = input_of(k), &out = output_of(k);
  const Passed& pass = passed[static_cast<std::size_t>(k)];
  const int time = backward_time(k);
  Flags flags = Flags::use_scale_shift;
  if (layer(k).relu) flags |= Flags::fuse_norm_relu;
  gradient_by(in, time, [&](Buffer* into) {
    const dnnl::batch_normalization_backward::primitive_desc made(
        {dnnl::prop_kind::backward, out.desc, in.desc, kEpsilon, flags}, attributes, engine,
        *pass.normalization);
    Arguments arguments{{DNNL_ARG_SRC, on(in.data, in.desc)},
                        {DNNL_ARG_MEAN, on(pass.mean, made.mean_desc())},
                        {DNNL_ARG_VARIANCE, on(pass.variance, made.variance_desc())},
                        {DNNL_ARG_DIFF_DST, on(out.gradient, out.desc)},
                        {DNNL_ARG_SCALE_SHIFT, fixed(parameters_of(k), made.weights_desc())},
                        {DNNL_ARG_DIFF_SCALE_SHIFT, fixed(gradient_of(k), made.weights_desc())},
                        {DNNL_ARG_DIFF_SRC, on(into, in.desc)}};
    if (pass.work) arguments.emplace(DNNL_ARG_WORKSPACE, on(pass.work, made.workspace_desc()));
    call(backward, time, dnnl::batch_normalization_backward(made), arguments,
         made.scratchpad_desc());
  });
}

void ImageEngine::Plan::plan_pool(int k) {
  Values &in = input_of(k), &out = output_of(k);
  Passed& pass = passed[static_cast<std::size_t>(k)];
  const Geometry at = geometry_of(layer(k));
  const auto kernel = dims_of({layer(k).kernel, layer(k).kernel});
  const dnnl::pooling_forward::primitive_desc made(
      {training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference,
       dnnl::algorithm::pooling_max, in.desc, out.desc, at.strides, kernel, at.left, at.right},
      attributes, engine);
  Arguments arguments{{DNNL_ARG_SRC, on(in.data, in.desc)}, {DNNL_ARG_DST, on(out.data, out.desc)}};
  if (training) {
    pass.work = buffer(made.workspace_desc().get_size(), k, backward_time(k));
    arguments.emplace(DNNL_ARG_WORKSPACE, on(pass.work, made.workspace_desc()));
  }
  call(forward, k, dnnl::pooling_forward(made), arguments, made.scratchpad_desc());
  pass.pool = made;
}

void ImageEngine::Plan::plan_pool_backward(int k) {
  Values &in = input_of(k), &out = output_of(k);
  const Passed& pass = passed[static_cast<std::size_t>(k)];
  const Geometry at = geometry_of(layer(k));
  const auto kernel = dims_of({layer(k).kernel, layer(k).kernel});
  gradient_by(in, backward_time(k), [&](Buffer* into) {
    const dnnl::pooling_backward::primitive_desc made(
        {dnnl::algorithm::pooling_max, in.desc, out.desc, at.strides, kernel, at.left, at.right},
        attributes, engine, *pass.pool);
    call(backward, backward_time(k), dnnl::pooling_backward(made),
         {{DNNL_ARG_DIFF_DST, on(out.gradient, out.desc)},
          {DNNL_ARG_WORKSPACE, on(pass.work, made.workspace_desc())},
          {DNNL_ARG_DIFF_SRC, on(into, in.desc)}},
         made.scratchpad_desc());
  });
}

void ImageEngine::Plan::plan_sum_backward(int k) {
  const Buffer* from = output_of(k).gradient;
  for (Values* to : {&input_of(k), &other_of(k)})
    gradient_by(*to, backward_time(k), [&](Buffer* into) {
      backward.push_back([from, into] { std::memcpy(into->data, from->data, into->bytes); });
    });
}

void ImageEngine::Plan::plan_concatenation(int k) {
  Values &a = input_of(k), &b = other_of(k), &out = output_of(k);
  forward.push_back([&a, &b, &out] {
    if (out.shape.channels % out.shape.block != 0)
      std::memset(out.data->data, 0, out.data->bytes);  // the filling behind the last channel
    put_channels(a.shape, a.data->floats(), out.shape, out.data->floats(), 0);
    put_channels(b.shape, b.data->floats(), out.shape, out.data->floats(), a.shape.channels);
  });
}

void ImageEngine::Plan::plan_concatenation_backward(int k) {
  Values& out = output_of(k);
  int first = 0;
  for (Values* to : {&input_of(k), &other_of(k)}) {
    gradient_by(*to, backward_time(k), [&](Buffer* into) {
      backward.push_back([&out, to, into, first] {
        if (to->shape.channels % to->shape.block != 0) std::memset(into->data, 0, into->bytes);
        take_channels(out.shape, out.gradient->floats(), first, to->shape, into->floats());
      });
    });
    first += to->shape.channels;
  }
}

void ImageEngine::Plan::plan_full(int k) {
  Values &in = input_of(k), &out = output_of(k);
  const int inputs = layer(k).inputs, outputs = layer(k).outputs;
  forward.push_back([this, k, &in, &out, inputs, outputs] {
    const ConstRows weights(parameters_of(k), outputs, inputs);
    Rows result(out.data->data, batch, outputs);
    result.noalias() = ConstRows(in.data->data, batch, inputs) * weights.transpose();
    if (layer(k).bias)
      result.rowwise() +=
          Eigen::Map<const Eigen::RowVectorXf>(parameters_of(k) + weights_of(k), outputs);
  });
}

void ImageEngine::Plan::plan_full_backward(int k) {
  Values &in = input_of(k), &out = output_of(k);
  const int inputs = layer(k).inputs, outputs = layer(k).outputs;
  backward.push_back([this, k, &in, &out, inputs, outputs] {
    const ConstRows given(out.gradient->data, batch, outputs);
    Rows(gradient_of(k), outputs, inputs).noalias() =
        given.transpose() * ConstRows(in.data->data, batch, inputs);
    if (layer(k).bias)
      Eigen::Map<Eigen::RowVectorXf>(gradient_of(k) + weights_of(k), outputs) =
          given.colwise().sum();
  });
  gradient_by(in, backward_time(k), [&](Buffer* into) {
    backward.push_back([this, k, into, &out, inputs, outputs] {
      Rows(into->data, batch, inputs).noalias() = ConstRows(out.gradient->data, batch, outputs) *
                                                  ConstRows(parameters_of(k), outputs, inputs);
    });
  });
}

void ImageEngine::Plan::plan_forward(int k) {
  Values &in = input_of(k), &out = output_of(k);
  const bool relu = layer(k).relu;
  switch (layer(k).kind) {
    case ImageLayerKind::convolution:
      plan_convolution(k);
      if (relu) forward.push_back([&out] { rectify(out.data->floats()); });
      break;
    case ImageLayerKind::batch_norm:
      plan_normalization(k);
      break;
    case ImageLayerKind::max_pool:
      plan_pool(k);
      break;
    case ImageLayerKind::add:
      forward.push_back([&in, &other = other_of(k), &out, relu] {
        add_maps(in.data->floats(), other.data->floats(), out.data->floats(), relu);
      });
      break;
    case ImageLayerKind::concatenate:
      plan_concatenation(k);
      break;
    case ImageLayerKind::average_pool:
      forward.push_back(
          [&in, &out] { average_maps(in.shape, in.data->floats(), out.data->floats()); });
      features = out.data;
      break;
    case ImageLayerKind::full:
      plan_full(k);
      if (relu) forward.push_back([&out] { rectify(out.data->floats()); });
      break;
  }
}

void ImageEngine::Plan::plan_backward(int k) {
  Values &in = input_of(k), &out = output_of(k);
  const bool normalized = layer(k).kind == ImageLayerKind::batch_norm;
  if (layer(k).relu && !normalized)
    backward.push_back([&out] { mask_gradient(out.data->floats(), out.gradient->floats()); });
  switch (layer(k).kind) {
    case ImageLayerKind::convolution:
      plan_weight_gradient(k);
      plan_input_gradient(k);
      break;
    case ImageLayerKind::batch_norm:
      plan_normalization_backward(k);
      break;
    case ImageLayerKind::max_pool:
      plan_pool_backward(k);
      break;
    case ImageLayerKind::add:
      plan_sum_backward(k);
      break;
    case ImageLayerKind::concatenate:
      plan_concatenation_backward(k);
      break;
    case ImageLayerKind::average_pool:
      gradient_by(in, backward_time(k), [&](Buffer* into) {
        backward.push_back([&in, &out, into] {
          spread_averages(in.shape, out.gradient->floats(), into->floats());
        });
      });
      break;
    case ImageLayerKind::full:
      plan_full_backward(k);
      break;
  }
}

/// Shapes, layouts and lives of all values.
void ImageEngine::Plan::make_values() {
  const int size = topology.size, ends = training ? 2 * layers() : layers();
  const MapShape image{batch, topology.channels, size * size, 1};
  values.push_back({image,
                    {dims_of({batch, topology.channels, size, size}), kFloat, Tag::nchw},
                    buffer(image.floats() * sizeof(float), 0, ends)});
  blocked_images.shape = {batch, topology.channels, size * size, block};
  blocked_images.desc = blocked_desc(topology.channels, size);
  blocked_images.data = buffer(blocked_images.desc.get_size(), 0, ends);
  const memory plain = on(values[0].data, values[0].desc);
  const memory blocked = on(blocked_images.data, blocked_images.desc);
  call(forward, 0, dnnl::reorder(plain, blocked), {{DNNL_ARG_FROM, plain}, {DNNL_ARG_TO, blocked}});
  for (int k = 0; k < layers(); ++k) {
    const ImageLayer& one = layer(k);
    const bool flat = one.kind == ImageLayerKind::average_pool || one.kind == ImageLayerKind::full;
    const int pixels = one.size_out * one.size_out;
    Values made{{batch, one.outputs, flat ? 1 : pixels, flat ? 1 : block}, {}};
    if (flat)
      made.desc = {dims_of({batch, one.outputs}), kFloat, Tag::nc};
    else
      made.desc = blocked_desc(one.outputs, one.size_out);
    made.data = buffer(made.shape.floats() * sizeof(float), k, training ? backward_time(k) : k);
    if (training) made.gradient = buffer(made.data->bytes, backward_time(k), backward_time(k));
    values.push_back(made);
  }
  for (int k = 0; k < layers(); ++k)
    for (const int from : {layer(k).input, layer(k).other}) {
      if (from < 0) continue;
      Values& source = values[static_cast<std::size_t>(from + 1)];
      if (!training) source.data->last = std::max(source.data->last, k);
      if (training) source.gradient->first = std::min(source.gradient->first, backward_time(k));
    }
  for (int k = 0; k < layers(); ++k)  // read after the pass
    if (!training && is_flat(layer(k))) output_of(k).data->last = ends;
}

void ImageEngine::Plan::place_buffers() {
  std::vector<ArenaBuffer> lives;
  for (const Buffer& one : buffers) lives.push_back({one.bytes, one.first, one.last});
  const ArenaPlan plan = plan_arena(lives);
  arena_bytes = plan.bytes;
  arena = aligned_floats(plan.bytes);
  for (std::size_t k = 0; k < buffers.size(); ++k)
    buffers[k].data = arena.get() + plan.offsets[k] / sizeof(float);
  for (auto& [place, from] : unplaced) place.set_data_handle(from->data);
  unplaced.clear();
}

ImageEngine::Plan::Plan(const ImageTopology& given, int images_in_batch, EngineUse use)
    : topology(given),
      batch(images_in_batch),
      training(use == EngineUse::training),
      parameter_at(parameter_offsets(given)),
      statistics_at(statistics_offsets(given)) {
  omp_set_num_threads(1);
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const auto bytes = [](int count) { return static_cast<std::size_t>(count) * sizeof(float); };
  parameters = aligned_floats(bytes(parameter_at.back()));
  if (training) gradient = aligned_floats(bytes(parameter_at.back()));
  statistics = aligned_floats(bytes(statistics_at.back()));
  values.reserve(topology.layers.size() + 1);
  passed.resize(topology.layers.size());
  make_values();
  for (int k = 0; k < layers(); ++k) plan_forward(k);
  if (training)
    for (int k = layers() - 1; k >= 0; --k) plan_backward(k);
  place_buffers();
}

BatchFigures ImageEngine::Plan::loss(std::span<const int> labels) {
  const Values& out = values.back();
  const int classes = topology.classes;
  BatchFigures figures;
  for (int image = 0; image < batch; ++image) {
    const float* logits = out.data->data + static_cast<std::ptrdiff_t>(image) * classes;
    float* slope = out.gradient->data + static_cast<std::ptrdiff_t>(image) * classes;
    const int label = labels[static_cast<std::size_t>(image)];
    const float* largest = std::max_element(logits, logits + classes);
    double sum = 0;
    for (int c = 0; c < classes; ++c) sum += std::exp(static_cast<double>(logits[c] - *largest));
    figures.loss += (std::log(sum) - (logits[label] - *largest)) / batch;
    figures.right += largest - logits == label;
    for (int c = 0; c < classes; ++c)
      slope[c] = static_cast<float>(
          (std::exp(static_cast<double>(logits[c] - *largest)) / sum - (c == label)) / batch);
  }
  return figures;
}

namespace {

template <class Work>
auto guarded(Work work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::runtime, "there is not enough memory to train the image network",
                "give fewer --jobs, a smaller --image-size or narrower networks");
  } catch (const dnnl::error& error) {
    throw Error(ErrorKind::runtime,
                fmt::format("the image network cannot be computed ({})", error.message),
                "give a smaller --image-size or narrower networks");
  }
}

}  // namespace

ImageEngine::ImageEngine(const ImageTopology& topology, int batch, EngineUse use)
    : plan_(guarded([&] { return std::make_unique<Plan>(topology, batch, use); })) {}
ImageEngine::ImageEngine(ImageEngine&&) noexcept = default;
ImageEngine& ImageEngine::operator=(ImageEngine&&) noexcept = default;
ImageEngine::~ImageEngine() = default;

int ImageEngine::batch() const { return plan_->batch; }

std::span<float> ImageEngine::images() { return plan_->values.front().data->floats(); }

std::span<float> ImageEngine::parameters() {
  return {plan_->parameters.get(), static_cast<std::size_t>(plan_->parameter_at.back())};
}

std::span<float> ImageEngine::gradient() {
  return {plan_->gradient.get(), static_cast<std::size_t>(plan_->parameter_at.back())};
}

void ImageEngine::set_numbers(const ImageNetwork& network) {
  std::copy(network.parameters.begin(), network.parameters.end(), plan_->parameters.get());
  std::copy(network.statistics.begin(), network.statistics.end(), plan_->statistics.get());
}

void ImageEngine::copy_numbers(ImageNetwork& network) const {
  const auto copy = [](const AlignedFloats& from, int count, std::vector<float>& to) {
    to.assign(from.get(), from.get() + count);
  };
  copy(plan_->parameters, plan_->parameter_at.back(), network.parameters);
  copy(plan_->statistics, plan_->statistics_at.back(), network.statistics);
}

BatchFigures ImageEngine::train_forward(std::span<const int> labels) {
  return guarded([&] {
    omp_set_num_threads(1);
    for (const auto& step : plan_->forward) step();
    return plan_->loss(labels);
  });
}

BatchFigures ImageEngine::train(std::span<const int> labels) {
  const BatchFigures figures = train_forward(labels);
  guarded([&] {
    for (const auto& step : plan_->backward) step();
  });
  return figures;
}

void ImageEngine::predict() {
  guarded([&] {
    omp_set_num_threads(1);
    for (const auto& step : plan_->forward) step();
  });
}

std::span<const float> ImageEngine::outputs() const { return plan_->values.back().data->floats(); }

std::span<const float> ImageEngine::features() const { return plan_->features->floats(); }

std::vector<float> ImageEngine::plain_output(int layer) const {
  const Values& from = plan_->output_of(layer);
  MapShape plain = from.shape;
  plain.block = 1;
  std::vector<float> copy(plain.floats());
  put_channels(from.shape, from.data->floats(), plain, copy, 0);
  return copy;
}

std::size_t ImageEngine::arena_bytes() const { return plan_->arena_bytes; }

std::string ImageEngine::implementation_text() const { return plan_->chosen; }

}  // namespace cupel
