#include "cupel/model/spread.hpp"

#include <cmath>

namespace cupel {

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
  for (Eigen::Index t = 0; t < targets; ++t) {
    const double unit = std::abs(encoder.targets[static_cast<std::size_t>(t)].factor);
    spread.parameters.col(t) /= unit;
    spread.total.col(t) /= unit;
  }
  return spread;
}

Matrix spread_slopes(std::span<const Member> members, const Encoder& encoder,
                     ConstVectorRef features) {
  const auto targets = static_cast<Eigen::Index>(encoder.targets.size());
  const Matrix row = features.transpose();
  const Spread spread = spread_of(members, encoder, row);
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
    const double unit = std::abs(encoder.targets[static_cast<std::size_t>(t)].factor);
    // The parts add up to parameters; total² = s² + parameters².
    slopes.row(t) *= spread.parameters(0, t) / spread.total(0, t) / unit;
  }
  return slopes;
}

}  // namespace cupel
