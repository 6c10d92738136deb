// Convolutions of an image engine's plan.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "cupel/network/cnn/image_plan.hpp"

namespace cupel {

using namespace plan;

namespace {

/// Weights that both layers of a dense convolution have, from one to the other.
void copy_weights(const ImageLayer& from, const float* source, const ImageLayer& to,
                  float* target) {
  const int taps = from.kernel * from.kernel, inputs = std::min(from.inputs, to.inputs);
  for (int o = 0; o < std::min(from.outputs, to.outputs); ++o)
    std::copy_n(source + static_cast<std::ptrdiff_t>(o) * from.inputs * taps, inputs * taps,
                target + static_cast<std::ptrdiff_t>(o) * to.inputs * taps);
}

}  // namespace

Geometry plan::geometry_of(const ImageLayer& layer) {
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

memory::desc ImageEngine::Plan::half(int k, memory::desc desc) const {
  if (in_half(k)) desc.data.data_type = dnnl_bf16;
  return desc;
}

memory ImageEngine::Plan::operand(int k, Buffer* from, const memory::desc& desc, Buffer*& kept,
                                  int time, int last, Pass& pass) {
  if (!in_half(k)) return on(from, desc);
  const memory::desc narrow = half(k, desc);
  if (kept != nullptr) return on(kept, narrow);
  kept = buffer(narrow.get_size(), time, last);
  const memory wide = on(from, desc), made = on(kept, narrow);
  call(pass, time, dnnl::reorder(wide, made), {{DNNL_ARG_FROM, wide}, {DNNL_ARG_TO, made}});
  return made;
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
      {kind, dnnl::algorithm::convolution_direct, half(k, source), half(k, at.any), at.bias, result,
       at.strides, at.left, at.right},
      attributes, engine);
  chosen += fmt::format("layer {}: {}\n", k, made.impl_info_str());
  const memory weights = weights_for(k, in, made.weights_desc(), k, forward);
  Buffer*& kept = passed[static_cast<std::size_t>(k)].half_source;
  const memory read =
      operand(k, in.data, source, kept, k, training ? backward_time(k) : k, forward);
  Arguments arguments{
      {DNNL_ARG_SRC, read}, {DNNL_ARG_DST, on(out.data, result)}, {DNNL_ARG_WEIGHTS, weights}};
  if (layer(k).bias)
    arguments.emplace(DNNL_ARG_BIAS, fixed(parameters_of(k) + weights_of(k), at.bias));
  call(forward, k, dnnl::convolution_forward(made), arguments, made.scratchpad_desc());
}

dnnl::convolution_forward::primitive_desc ImageEngine::Plan::hint_for(
    int k, const Geometry& at, const memory::desc& source, const memory::desc& result) const {
  return {{dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, half(k, source),
           half(k, at.any), at.bias, half(k, result), at.strides, at.left, at.right},
          attributes,
          engine};
}

void ImageEngine::Plan::plan_weight_gradient(int k) {
  Values &in = backward_input_of(k), &out = output_of(k);
  const int time = backward_time(k);
  const ImageLayer whole = filled(k, in);
  const Geometry at = geometry_of(whole);
  const memory::desc source = filled_desc(in, whole.inputs, whole.size_in);
  const memory::desc result = filled_desc(out, whole.outputs, whole.size_out);
  const dnnl::convolution_backward_weights::primitive_desc made(
      {dnnl::algorithm::convolution_direct, half(k, source), at.any, at.bias, half(k, result),
       at.strides, at.left, at.right},
      attributes, engine, hint_for(k, at, source, result));
  chosen += fmt::format("layer {} by weights: {}\n", k, made.impl_info_str());
  const bool wider = !(whole == layer(k));
  Buffer* wide = wider ? buffer(at.plain.get_size(), time, time) : nullptr;
  const memory plain = wider ? on(wide, at.plain) : fixed(gradient_of(k), at.plain);
  const memory::desc given = made.diff_weights_desc();
  const bool same = given == at.plain;
  const memory raw = same ? plain : on(buffer(given.get_size(), time, time), given);
  Passed& own = passed[static_cast<std::size_t>(k)];
  const memory read = operand(k, in.data, source, own.half_source, time, time, backward);
  const memory slope = operand(k, out.gradient, result, own.half_gradient, time, time, backward);
  Arguments arguments{
      {DNNL_ARG_SRC, read}, {DNNL_ARG_DIFF_DST, slope}, {DNNL_ARG_DIFF_WEIGHTS, raw}};
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
        {dnnl::algorithm::convolution_direct, source, half(k, at.any), half(k, result), at.strides,
         at.left, at.right},
        attributes, engine, hint_for(k, at, source, result));
    const memory weights = weights_for(k, in, made.weights_desc(), time, backward);
    Buffer*& kept = passed[static_cast<std::size_t>(k)].half_gradient;
    const memory slope = operand(k, out.gradient, result, kept, time, time, backward);
    call(backward, time, dnnl::convolution_backward_data(made),
         {{DNNL_ARG_DIFF_DST, slope},
          {DNNL_ARG_WEIGHTS, weights},
          {DNNL_ARG_DIFF_SRC, on(into, source)}},
         made.scratchpad_desc());
    chosen += fmt::format("layer {} by input: {}\n", k, made.impl_info_str());
  });
}

}  // namespace cupel
