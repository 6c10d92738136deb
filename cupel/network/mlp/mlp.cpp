#include "cupel/network/mlp/mlp.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace

int connection_count(const Mlp& network) {
  if (network.mask.empty()) return parameter_count(network.topology);
  return std::accumulate(network.mask.begin(), network.mask.end(), 0);
}

MlpEvaluator::MlpEvaluator(const Topology& topology, const Kernels& kernels) : kernels_(&kernels) {
  int inputs = dense_inputs(topology), widest = 0, units = 0, offset = layer_offset(topology, 0);
  if (topology.window) widest = inputs;
  for (const Layer& layer : topology.layers) {
    layers_.push_back(
        {inputs, layer.units, offset, offset + layer.units * inputs, layer.activation});
    offset += layer.units * (inputs + 1);
    inputs = layer.units;
    widest = std::max(widest, layer.units);
    units += layer.units;
  }
  network_ = {layers_.data(), static_cast<int>(layers_.size()), offset, nullptr};
  if (const auto& window = topology.window) {
    const int features = topology.inputs / window->steps;
    window_ = {window->kind, window->steps, features, window->units, filter_steps(*window)};
    network_.window = &window_;
    window_values_ = AlignedBuffer(window_scratch(*window, features));
  }
  values_ = AlignedBuffer(std::int64_t{units} * kChunk);
  for (auto& delta : delta_) delta = AlignedBuffer(std::int64_t{widest} * kChunk);
  accumulators_ = AlignedBuffer(std::int64_t{offset} * kLanes);
}

KernelScratch MlpEvaluator::scratch() {
  return {values_.data(),
          {delta_[0].data(), delta_[1].data()},
          accumulators_.data(),
          window_values_.data()};
}

double MlpEvaluator::loss_gradient(const Vector& parameters, const PackedSamples& samples,
                                   const Loss& loss, Vector& gradient) {
  const double scale = 1.0 / (static_cast<double>(samples.rows()) * samples.output_count());
  const double total = kernels_->loss_gradient(network_, parameters.data(), samples.view(),
                                               {loss.kind, loss.alpha, loss.huber_delta},
                                               gradient.data(), scratch());
  gradient *= scale;
  return total * scale;
}

double MlpEvaluator::loss(const Vector& parameters, const PackedSamples& samples,
                          const Loss& loss) {
  const double total =
      kernels_->loss(network_, parameters.data(), samples.view(),
                     {loss.kind, loss.alpha, loss.huber_delta}, nullptr, scratch());
  return total / (static_cast<double>(samples.rows()) * samples.output_count());
}

Matrix MlpEvaluator::predict(const Vector& parameters, const PackedSamples& samples) {
  const int outputs = layers_.back().units;
  KernelSamples view = samples.view();
  view.output_count = outputs;
  AlignedBuffer packed((std::int64_t{view.rows} + kChunk) * outputs);
  kernels_->predict(network_, parameters.data(), view, packed.data(), scratch());
  return unpack(packed.data(), view.rows, outputs);
}

Matrix MlpEvaluator::input_gradient(const Vector& parameters, const PackedSamples& samples,
                                    int output) {
  AlignedBuffer packed((std::int64_t{samples.rows()} + kChunk) * samples.input_count());
  kernels_->input_gradient(network_, parameters.data(), samples.view(), output, packed.data(),
                           scratch());
  return unpack(packed.data(), samples.rows(), samples.input_count());
}

double MlpEvaluator::residuals(const Vector& parameters, const PackedSamples& samples,
                               AlignedBuffer& residuals) {
  const KernelSamples& view = samples.view();
  kernels_->predict(network_, parameters.data(), view, residuals.data(), scratch());
  double sum = 0;
  for (int first = 0; first < view.rows; first += kChunk) {
    const int rows = std::min(kChunk, view.rows - first);
    for (int o = 0; o < view.output_count; ++o) {
      const std::int64_t at = std::int64_t{first} * view.output_count + std::int64_t{o} * kChunk;
      double* e = residuals.data() + at;
      for (int k = 0; k < rows; ++k) {
        e[k] -= view.targets[at + k];
        sum += e[k] * e[k];
      }
      std::fill(e + rows, e + kChunk, 0.0);
    }
  }
  return sum;
}

void MlpEvaluator::jacobian(const Vector& parameters, const PackedSamples& samples, int output,
                            int first, int count, AlignedBuffer& block) {
  kernels_->jacobian(network_, parameters.data(), samples.view(), output, first, count,
                     block.data(), scratch());
}

Matrix predict(const Mlp& network, ConstMatrixRef inputs) {
  if (inputs.cols() != network.topology.inputs)
    throw Error(ErrorKind::runtime, "the network and the samples differ in their inputs");
  const PackedSamples samples(inputs, Matrix::Zero(inputs.rows(), 1));
  return MlpEvaluator(network.topology).predict(network.parameters, samples);
}

Matrix input_gradient(const Mlp& network, ConstVectorRef input) {
  if (input.size() != network.topology.inputs)
    throw Error(ErrorKind::runtime, "the network and the sample differ in their inputs");
  if (network.topology.window) {
    const PackedSamples sample(input.transpose(), Matrix::Zero(1, 1));
    MlpEvaluator evaluator(network.topology);
    Matrix gradient(network.topology.outputs(), input.size());
    for (int k = 0; k < network.topology.outputs(); ++k)
      gradient.row(k) = evaluator.input_gradient(network.parameters, sample, k);
    return gradient;
  }
  Vector value = input;
  Matrix gradient = Matrix::Identity(input.size(), input.size());
  for (int l = 0; l < static_cast<int>(network.topology.layers.size()); ++l) {
    const Layer& layer = network.topology.layers[l];
    const double* place = network.parameters.data() + layer_offset(network.topology, l);
    const Eigen::Map<const RowMajor> weights(place, layer.units, value.size());
    const Eigen::Map<const Vector> biases(place + weights.size(), layer.units);
    Vector next = weights * value + biases;
    gradient = weights * gradient;
    for (int u = 0; u < layer.units; ++u) {
      next[u] = activated(layer.activation, next[u]);
      gradient.row(u) *= activation_slope(layer.activation, next[u]);
    }
    value = std::move(next);
  }
  return gradient;
}

Json to_json(const Mlp& network) {
  Json json = to_json(network.topology);
  json["parameters"] = network.parameters;
  if (!network.mask.empty())
    json["mask"] = std::vector<int>(network.mask.begin(), network.mask.end());
  return json;
}

Mlp mlp_from_json(const Json& json) {
  Mlp network{.topology = topology_from_json(json),
              .parameters = json.at("parameters").as_vector(),
              .mask = {}};
  if (network.parameters.size() != parameter_count(network.topology))
    throw Error(ErrorKind::runtime, "a network whose parameters do not fit its layers");
  if (!network.parameters.allFinite())
    throw Error(ErrorKind::runtime, "a network with parameters that are not numbers");
  if (const Json* mask = json.find("mask")) {
    const std::vector<int> entries = mask->as_integers();
    if (std::ssize(entries) != network.parameters.size())
      throw Error(ErrorKind::runtime, "a network whose mask does not fit its layers");
    for (int k = 0; k < network.parameters.size(); ++k) {
      if (entries[k] != 0 && entries[k] != 1)
        throw Error(ErrorKind::runtime, "a network whose mask has other entries than 0 and 1");
      if (entries[k] == 0 && network.parameters[k] != 0)
        throw Error(ErrorKind::runtime, "a network with a removed connection that is not 0");
      network.mask.push_back(static_cast<std::uint8_t>(entries[k]));
    }
  }
  return network;
}

}  // namespace cupel
