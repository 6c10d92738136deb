#include "cupel/network/cnn/image_plan.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "cupel/base/error.hpp"
#include "cupel/network/cnn/arena_plan.hpp"

namespace cupel {

using namespace plan;

AlignedFloats plan::aligned_floats(std::size_t bytes) {
  constexpr std::size_t kAlignment = 4096;
  const std::size_t rounded = (bytes + kAlignment) / kAlignment * kAlignment;
  auto* data = static_cast<float*>(std::aligned_alloc(kAlignment, rounded));
  if (!data) throw std::bad_alloc();
  std::memset(data, 0, rounded);  // once, here: no page is first touched within a step
  return AlignedFloats(data);
}

int plan::channel_block() {
  return dnnl::get_effective_cpu_isa() >= dnnl::cpu_isa::avx512_core ? 16 : 8;
}

namespace {

bool is_flat(const ImageLayer& layer) {
  return layer.kind == ImageLayerKind::average_pool || layer.kind == ImageLayerKind::full;
}

}  // namespace

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

void ImageEngine::Plan::gradient_by(Values& to, int time,
                                    const std::function<void(Buffer*)>& write) {
  if (!to.gradient) return;  // the images
  Buffer* into = to.gradient_begun ? buffer(to.gradient->bytes, time, time) : to.gradient;
  write(into);
  if (to.gradient_begun)
    backward.push_back([sum = to.gradient, into] { accumulate(into->floats(), sum->floats()); });
  to.gradient_begun = true;
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

ImageEngine::Plan::Plan(const ImageTopology& given, int images_in_batch, EngineUse use,
                        ImagePrecision wanted)
    : topology(given),
      batch(images_in_batch),
      training(use == EngineUse::training),
      precision(wanted),
      parameter_at(parameter_offsets(given)),
      statistics_at(statistics_offsets(given)) {
  if (precision == ImagePrecision::bf16 && !has_bf16())
    throw Error(ErrorKind::usage, "this processor has no instructions for bf16",
                "leave out --precision");
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

}  // namespace cupel
