#include "cupel/network/cnn/image_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>

#include "cupel/base/error.hpp"
#include "cupel/network/cnn/image_plan.hpp"

namespace cupel {

BatchFigures ImageEngine::Plan::loss(std::span<const int> labels) {
  const plan::Values& out = values.back();
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

bool has_bf16() { return dnnl::get_effective_cpu_isa() >= dnnl::cpu_isa::avx512_core_bf16; }

ImageEngine::ImageEngine(const ImageTopology& topology, int batch, EngineUse use,
                         ImagePrecision precision)
    : plan_(guarded([&] { return std::make_unique<Plan>(topology, batch, use, precision); })) {}
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
  const auto copy = [](const plan::AlignedFloats& from, int count, std::vector<float>& to) {
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
  const plan::Values& from = plan_->output_of(layer);
  MapShape plain = from.shape;
  plain.block = 1;
  std::vector<float> copy(plain.floats());
  put_channels(from.shape, from.data->floats(), plain, copy, 0);
  return copy;
}

std::size_t ImageEngine::arena_bytes() const { return plan_->arena_bytes; }

std::string ImageEngine::implementation_text() const { return plan_->chosen; }

}  // namespace cupel
