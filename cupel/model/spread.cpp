#include "cupel/model/spread.hpp"

#include <algorithm>
#include <cmath>

namespace cupel {
namespace {

bool any_log(const Encoder& encoder) {
  return std::any_of(encoder.targets.begin(), encoder.targets.end(),
                     [](const TargetScale& target) { return target.log; });
}

/// |d own unit / d scaled| at each row, [rows x targets].
Matrix own_units(std::span<const Member> members, const Encoder& encoder, ConstMatrixRef features) {
  Matrix values = Matrix::Ones(features.rows(), std::ssize(encoder.targets));
  if (any_log(encoder))
    values = decode_targets(
        encoder, predict_scaled(members, static_cast<int>(values.cols()), Matrix(features)));
  for (Eigen::Index t = 0; t < values.cols(); ++t)
    for (double& value : values.col(t))
      value = std::abs(target_slope(encoder.targets[static_cast<std::size_t>(t)], value));
  return values;
}

}  // namespace

Spread spread_of(std::span<const Member> members, const Encoder& encoder, ConstMatrixRef features) {
  const auto targets = static_cast<Eigen::Index>(encoder.targets.size());
  Spread spread{.parameters = Matrix::Zero(features.rows(), targets), .total = {}};
  Vector noise = Vector::Zero(targets);
  for (const Member& member : members) {
    if (!member.uncertainty.known()) return {};
    const Matrix own = parameter_variance(member.network, member.uncertainty,
                                          features(Eigen::all, member.features))
                           .cwiseSqrt();
    for (Eigen::Index k = 0; k < own.cols(); ++k) {
      const Eigen::Index target = target_of(member, k);
      const double weight = std::abs(member.weights[k]);
      spread.parameters.col(target) += weight * own.col(k);
      noise[target] += weight * member.uncertainty.noise[k];
    }
  }
  spread.total = (spread.parameters.cwiseAbs2().rowwise() + noise.transpose()).cwiseSqrt();
  const Matrix units = own_units(members, encoder, features);
  spread.parameters.array() *= units.array();
  spread.total.array() *= units.array();
  return spread;
}

Matrix scaled_output_slopes(std::span<const Member> members, Eigen::Index targets,
                            ConstVectorRef features) {
  Matrix slopes = Matrix::Zero(targets, features.size());
  for (const Member& member : members) {
    const Matrix own = input_gradient(member.network, features(member.features));
    for (Eigen::Index k = 0; k < own.rows(); ++k)
      for (Eigen::Index i = 0; i < own.cols(); ++i)
        slopes(target_of(member, k), member.features[static_cast<std::size_t>(i)]) +=
            member.weights[k] * own(k, i);
  }
  return slopes;
}

Matrix spread_slopes(std::span<const Member> members, const Encoder& encoder,
                     ConstVectorRef features) {
  const auto targets = static_cast<Eigen::Index>(encoder.targets.size());
  const Matrix row = features.transpose();
  const Spread spread = spread_of(members, encoder, row);
  const Matrix units = own_units(members, encoder, row);
  const Matrix scaled_slopes = scaled_output_slopes(members, targets, features);
  Matrix slopes = Matrix::Zero(targets, features.size());
  for (const Member& member : members) {
    const Vector own = features(member.features);
    const Matrix variance = parameter_variance(member.network, member.uncertainty, own.transpose());
    const Matrix gradient = parameter_variance_gradient(member.network, member.uncertainty, own);
    for (Eigen::Index k = 0; k < gradient.rows(); ++k) {
      const double root = std::sqrt(std::max(variance(0, k), 1e-300));
      for (Eigen::Index i = 0; i < gradient.cols(); ++i)
        slopes(target_of(member, k), member.features[static_cast<std::size_t>(i)]) +=
            std::abs(member.weights[k]) * gradient(k, i) / (2 * root);
    }
  }
  for (Eigen::Index t = 0; t < targets; ++t) {
    // The parts add up to parameters; total² = s² + parameters².
    slopes.row(t) *= units(0, t) * spread.parameters(0, t) / spread.total(0, t);
    if (encoder.targets[static_cast<std::size_t>(t)].log)  // total = scaled total · value / factor
      slopes.row(t) += spread.total(0, t) * scaled_slopes.row(t) /
                       encoder.targets[static_cast<std::size_t>(t)].factor;
  }
  return slopes;
}

}  // namespace cupel
