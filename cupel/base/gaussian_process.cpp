#include "cupel/base/gaussian_process.hpp"

#include <Eigen/Cholesky>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include "cupel/base/bounded_descent.hpp"
#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

constexpr double kRoot5 = 2.23606797749978969;

/// Distances between the rows of a and b in length scales, squared: [rows of a x rows of b].
Matrix squared_distances(ConstMatrixRef a, ConstMatrixRef b, const Vector& length_scales) {
  const auto scale = length_scales.cwiseInverse().asDiagonal();
  const Matrix left = a * scale, right = b * scale;
  Matrix squares = -2 * left * right.transpose();
  squares.colwise() += left.rowwise().squaredNorm();
  squares.rowwise() += right.rowwise().squaredNorm().transpose();
  return squares.cwiseMax(0);
}

/// Covariances of the function, without noise.
Matrix covariances(const Matrix& squares, const HyperParameters& parameters, Covariance kind) {
  switch (kind) {
    case Covariance::matern52: {
      const Eigen::ArrayXXd r = kRoot5 * squares.array().sqrt();
      return parameters.signal_variance * (1 + r + r.square() / 3) * (-r).exp();
    }
    case Covariance::squared_exponential:
      return parameters.signal_variance * (-0.5 * squares.array()).exp();
  }
  return {};
}

/// dk/d log l_d = this · (x_d - x'_d)² / l_d².
Matrix length_slopes(const Matrix& squares, const HyperParameters& parameters, Covariance kind) {
  if (kind == Covariance::squared_exponential) return covariances(squares, parameters, kind);
  const Eigen::ArrayXXd r = kRoot5 * squares.array().sqrt();
  return parameters.signal_variance * (5.0 / 3) * (1 + r) * (-r).exp();
}

/// What the likelihood and the prediction both need.
struct Factored {
  Matrix squares;
  Eigen::LLT<Matrix> factor;
  double mean = 0;
  Vector weights;
  double log_likelihood = 0;
};

std::optional<Factored> factor(ConstMatrixRef inputs, ConstVectorRef targets,
                               const HyperParameters& parameters, const GaussianProcessForm& form) {
  Factored parts{.squares = squared_distances(inputs, inputs, parameters.length_scales)};
  parts.squares.diagonal().setZero();
  Matrix covariance = covariances(parts.squares, parameters, form.covariance);
  covariance.diagonal().array() += parameters.noise_variance;
  parts.factor.compute(covariance);
  if (parts.factor.info() != Eigen::Success) return std::nullopt;
  if (form.mean == PriorMean::constant) {
    const Vector ones = parts.factor.solve(Vector::Ones(targets.size()));
    parts.mean = ones.dot(targets) / ones.sum();
  }
  const Vector residual = targets.array() - parts.mean;
  parts.weights = parts.factor.solve(residual);
  const double log_determinant = 2 * parts.factor.matrixLLT().diagonal().array().log().sum();
  parts.log_likelihood =
      -0.5 * (residual.dot(parts.weights) + log_determinant +
              static_cast<double>(targets.size()) * std::log(2 * std::numbers::pi));
  if (!std::isfinite(parts.log_likelihood)) return std::nullopt;
  return parts;
}

/// 1/2 tr((w wᵀ - K⁻¹) dK/dθ); the most likely constant mean adds nothing (it is a maximum).
Vector gradient_of(ConstMatrixRef inputs, const HyperParameters& parameters,
                   const GaussianProcessForm& form, const Factored& parts) {
  const auto rows = inputs.rows(), count = inputs.cols();
  Matrix pull = -parts.factor.solve(Matrix::Identity(rows, rows));
  pull.noalias() += parts.weights * parts.weights.transpose();
  Vector gradient(count + 2);
  const Matrix covariance = covariances(parts.squares, parameters, form.covariance);
  gradient[0] = 0.5 * pull.cwiseProduct(covariance).sum();
  gradient[count + 1] = 0.5 * parameters.noise_variance * pull.trace();
  pull = pull.cwiseProduct(length_slopes(parts.squares, parameters, form.covariance)).eval();
  // Σ_ij P_ij (x_i - x_j)² = 2 (Σ_i p_i x_i² - xᵀ P x), p the row sums.
  const Vector sums = pull.rowwise().sum();
  const Matrix pulled = pull * inputs;
  for (Eigen::Index d = 0; d < count; ++d) {
    const auto x = inputs.col(d);
    gradient[d + 1] = (sums.dot(x.cwiseAbs2()) - x.dot(pulled.col(d))) /
                      (parameters.length_scales[d] * parameters.length_scales[d]);
  }
  return gradient;
}

HyperParameters from_logs(const Vector& logs) {
  const auto count = logs.size() - 2;
  return {std::exp(logs[0]), logs.segment(1, count).array().exp(), std::exp(logs[count + 1])};
}

Vector to_logs(const HyperParameters& parameters) {
  Vector logs(parameters.length_scales.size() + 2);
  logs << std::log(parameters.signal_variance), parameters.length_scales.array().log().matrix(),
      std::log(parameters.noise_variance);
  return logs;
}

Box log_box(const GaussianProcessOptions& options, Eigen::Index inputs) {
  const auto end = [&](double ParameterRange::*side) {
    return to_logs({options.signal_variance.*side,
                    Vector::Constant(inputs, options.length_scale.*side),
                    options.noise_variance.*side});
  };
  return {end(&ParameterRange::low), end(&ParameterRange::up)};
}

}  // namespace

LogLikelihood log_marginal_likelihood(ConstMatrixRef inputs, ConstVectorRef targets,
                                      const HyperParameters& parameters,
                                      const GaussianProcessForm& form) {
  const auto parts = factor(inputs, targets, parameters, form);
  if (!parts) return {-std::numeric_limits<double>::infinity(), Vector::Zero(inputs.cols() + 2)};
  return {parts->log_likelihood, gradient_of(inputs, parameters, form, *parts)};
}

GaussianProcess condition(ConstMatrixRef inputs, ConstVectorRef targets,
                          const HyperParameters& parameters, const GaussianProcessForm& form) {
  auto parts = factor(inputs, targets, parameters, form);
  if (!parts)
    throw Error(ErrorKind::runtime, "the covariance matrix of a Gaussian process has no factor",
                "check that all values are finite");
  return {form,
          parameters,
          inputs,
          parts->mean,
          std::move(parts->weights),
          parts->factor.matrixL(),
          parts->log_likelihood};
}

GaussianProcess fit_gaussian_process(ConstMatrixRef inputs, ConstVectorRef targets,
                                     const GaussianProcessOptions& options) {
  // Around their mean, so that differences of squares lose nothing.
  const Matrix centered = inputs.rowwise() - inputs.colwise().mean();
  const double deviation = options.length_scale_prior_deviation;
  const auto objective = [&](const Vector& logs, Vector& gradient) {
    const LogLikelihood likelihood =
        log_marginal_likelihood(centered, targets, from_logs(logs), options.form);
    double value = -likelihood.value;
    gradient = -likelihood.gradient;
    if (deviation <= 0) return value;
    for (Eigen::Index d = 1; d + 1 < logs.size(); ++d) {
      const double off = (logs[d] - std::log(options.length_scale_prior_middle)) / deviation;
      value += 0.5 * off * off;
      gradient[d] += off / deviation;
    }
    return value;
  };
  const Box box = log_box(options, inputs.cols());
  Rng rng(options.seed);
  BoundedMinimum best{.value = std::numeric_limits<double>::infinity()};
  for (int start = 0; start < options.starts; ++start) {
    Vector logs = 0.5 * (box.low + box.up);
    if (start > 0)
      for (Eigen::Index k = 0; k < logs.size(); ++k)
        logs[k] += 0.4 * rng.uniform(-1, 1) * (box.up[k] - box.low[k]);
    else if (options.first.length_scales.size() == inputs.cols())
      logs = to_logs(options.first);
    BoundedMinimum found = minimize_within(objective, box, std::move(logs),
                                           {.max_iterations = options.max_iterations,
                                            .gradient_tolerance = 1e-4,
                                            .progress_tolerance = 1e-8});
    if (found.value < best.value) best = std::move(found);
  }
  if (!std::isfinite(best.value))
    throw Error(ErrorKind::runtime, "a Gaussian process could not be fitted",
                "check that all values are finite");
  return condition(inputs, targets, from_logs(best.x), options.form);
}

ProcessPrediction predict(const GaussianProcess& process, ConstMatrixRef inputs) {
  const HyperParameters& parameters = process.parameters;
  const Matrix across =
      covariances(squared_distances(process.inputs, inputs, parameters.length_scales), parameters,
                  process.form.covariance);
  ProcessPrediction prediction;
  prediction.mean = (across.transpose() * process.weights).array() + process.mean;
  const Matrix reduced = process.factor.triangularView<Eigen::Lower>().solve(across);
  prediction.variance =
      (parameters.signal_variance - reduced.colwise().squaredNorm().transpose().array()).max(0);
  return prediction;
}

}  // namespace cupel
