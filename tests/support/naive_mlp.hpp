// The naive twin of the network's kernels: plain loops over rows, in long double, straight from
// the definitions. Slow, and obviously right.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "cupel/network/mlp/mlp.hpp"

namespace cupel::test {

using Real = long double;

inline Real naive_activation(Activation activation, Real x) {
  switch (activation) {
    case Activation::linear:
      return x;
    case Activation::tanh:
      return std::tanh(x);
    case Activation::logistic:
      return 1 / (1 + std::exp(-x));
    case Activation::clipped_symmetric:
      return std::clamp<Real>(x, -1, 1);
    case Activation::clipped_unit:
      return std::clamp<Real>(x, 0, 1);
  }
  return x;
}

/// Derivative by the activation's argument.
inline Real naive_slope(Activation activation, Real x) {
  switch (activation) {
    case Activation::linear:
      return 1;
    case Activation::tanh:
      return 1 - std::tanh(x) * std::tanh(x);
    case Activation::logistic:
      return std::exp(-x) / ((1 + std::exp(-x)) * (1 + std::exp(-x)));
    case Activation::clipped_symmetric:
      return x > -1 && x < 1 ? 1 : 0;
    case Activation::clipped_unit:
      return x > 0 && x < 1 ? 1 : 0;
  }
  return 1;
}

inline Real naive_loss(const Loss& loss, Real e) {
  switch (loss.kind) {
    case LossKind::mse:
      return e * e;
    case LossKind::alpha_mix:
      return loss.alpha * e * e +
             (1 - loss.alpha) *
                 (std::abs(e) + std::log1p(std::exp(-2 * std::abs(e))) - std::log(Real(2)));
    case LossKind::huber:
      return std::abs(e) <= loss.huber_delta
                 ? e * e / 2
                 : loss.huber_delta * (std::abs(e) - loss.huber_delta / Real(2));
  }
  return 0;
}

inline Real naive_loss_slope(const Loss& loss, Real e) {
  switch (loss.kind) {
    case LossKind::mse:
      return 2 * e;
    case LossKind::alpha_mix:
      return 2 * loss.alpha * e + (1 - loss.alpha) * std::tanh(e);
    case LossKind::huber:
      return std::clamp<Real>(e, -loss.huber_delta, loss.huber_delta);
  }
  return 0;
}

/// Arguments and values of every neuron for one row, layer by layer.
struct NaivePass {
  std::vector<std::vector<Real>> arguments, values;  ///< values[0] are the inputs
};

inline NaivePass naive_forward(const Topology& topology, const Vector& parameters,
                               const Eigen::RowVectorXd& row) {
  NaivePass pass;
  pass.values.emplace_back(row.begin(), row.end());
  int at = 0;
  for (const Layer& layer : topology.layers) {
    const std::vector<Real> in = pass.values.back();
    const int inputs = static_cast<int>(in.size());
    std::vector<Real> arguments, values;
    for (int u = 0; u < layer.units; ++u) {
      Real x = parameters[at + layer.units * inputs + u];
      for (int i = 0; i < inputs; ++i) x += Real(parameters[at + u * inputs + i]) * in[i];
      arguments.push_back(x);
      values.push_back(naive_activation(layer.activation, x));
    }
    at += layer.units * (inputs + 1);
    pass.arguments.push_back(arguments);
    pass.values.push_back(values);
  }
  return pass;
}

/// Adds Σ_o output_slopes[o] d output_o / d θ to `gradient`.
inline void naive_backward(const Topology& topology, const Vector& parameters,
                           const NaivePass& pass, std::vector<Real> output_slopes,
                           std::vector<Real>& gradient) {
  for (int l = static_cast<int>(topology.layers.size()) - 1; l >= 0; --l) {
    const Layer& layer = topology.layers[l];
    const std::vector<Real>& in = pass.values[l];
    const int inputs = static_cast<int>(in.size()), at = layer_offset(topology, l);
    std::vector<Real> below(in.size(), 0);
    for (int u = 0; u < layer.units; ++u) {
      const Real delta = output_slopes[u] * naive_slope(layer.activation, pass.arguments[l][u]);
      gradient[at + layer.units * inputs + u] += delta;
      for (int i = 0; i < inputs; ++i) {
        gradient[at + u * inputs + i] += delta * in[i];
        below[i] += delta * parameters[at + u * inputs + i];
      }
    }
    output_slopes = below;
  }
}

inline Matrix naive_predict(const Topology& topology, const Vector& parameters,
                            const Matrix& inputs) {
  Matrix outputs(inputs.rows(), topology.outputs());
  for (int r = 0; r < inputs.rows(); ++r) {
    const NaivePass pass = naive_forward(topology, parameters, inputs.row(r));
    for (int o = 0; o < outputs.cols(); ++o)
      outputs(r, o) = static_cast<double>(pass.values.back()[o]);
  }
  return outputs;
}

struct NaiveLossGradient {
  double loss = 0;
  Vector gradient;
};

/// Mean over rows and outputs.
inline NaiveLossGradient naive_loss_gradient(const Topology& topology, const Vector& parameters,
                                             const Matrix& inputs, const Matrix& targets,
                                             const Loss& loss) {
  const Real scale = Real(1) / static_cast<Real>(targets.size());
  std::vector<Real> gradient(static_cast<std::size_t>(parameters.size()), 0);
  Real total = 0;
  for (int r = 0; r < inputs.rows(); ++r) {
    const NaivePass pass = naive_forward(topology, parameters, inputs.row(r));
    std::vector<Real> slopes;
    for (int o = 0; o < targets.cols(); ++o) {
      const Real e = pass.values.back()[o] - targets(r, o);
      total += naive_loss(loss, e);
      slopes.push_back(naive_loss_slope(loss, e) * scale);
    }
    naive_backward(topology, parameters, pass, slopes, gradient);
  }
  NaiveLossGradient result{static_cast<double>(total * scale), Vector(parameters.size())};
  for (int k = 0; k < parameters.size(); ++k) result.gradient[k] = static_cast<double>(gradient[k]);
  return result;
}

/// d output / d parameters: [rows x parameters].
inline Matrix naive_jacobian(const Topology& topology, const Vector& parameters,
                             const Matrix& inputs, int output) {
  Matrix jacobian(inputs.rows(), parameters.size());
  for (int r = 0; r < inputs.rows(); ++r) {
    const NaivePass pass = naive_forward(topology, parameters, inputs.row(r));
    std::vector<Real> slopes(static_cast<std::size_t>(topology.outputs()), 0);
    slopes[output] = 1;
    std::vector<Real> gradient(static_cast<std::size_t>(parameters.size()), 0);
    naive_backward(topology, parameters, pass, slopes, gradient);
    for (int k = 0; k < parameters.size(); ++k) jacobian(r, k) = static_cast<double>(gradient[k]);
  }
  return jacobian;
}

}  // namespace cupel::test
