// Layers of an image engine's plan that are no convolutions.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "cupel/network/cnn/image_plan.hpp"

namespace cupel {

using namespace plan;

namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Rows = Eigen::Map<RowMajor>;
using ConstRows = Eigen::Map<const RowMajor>;

constexpr float kEpsilon = 1e-5f;        // of batch normalization
constexpr float kStatisticsPace = 0.1f;  // how fast running statistics follow

}  // namespace

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

}  // namespace cupel
