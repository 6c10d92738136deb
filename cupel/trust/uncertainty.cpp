#include "cupel/trust/uncertainty.hpp"

#include <Eigen/Cholesky>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/base/packed_floats.hpp"

namespace cupel {
namespace {

/// Rows whose Jacobian is held at a time.
constexpr Eigen::Index kRows = kJacobianRows;

/// The lower triangle, column by column.
Vector triangle(const Matrix& factor) {
  Vector entries(factor.rows() * (factor.rows() + 1) / 2);
  Eigen::Index at = 0;
  for (Eigen::Index c = 0; c < factor.cols(); ++c) {
    const Eigen::Index count = factor.rows() - c;
    entries.segment(at, count) = factor.col(c).tail(count);
    at += count;
  }
  return entries;
}

Matrix from_triangle(const Vector& entries, Eigen::Index size) {
  Matrix factor = Matrix::Zero(size, size);
  Eigen::Index at = 0;
  for (Eigen::Index c = 0; c < size; ++c) {
    factor.col(c).tail(size - c) = entries.segment(at, size - c);
    at += size - c;
  }
  return factor;
}

}  // namespace

Uncertainty uncertainty_of(const Covariance& covariance) {
  if (!covariance.usable()) return {};
  // Unit diagonal first: parameters differ by orders of magnitude in their variance.
  const Vector sd = covariance.covariance.diagonal().cwiseSqrt();
  const Vector inverse = sd.cwiseInverse();
  const Eigen::LLT<Matrix> cholesky(inverse.asDiagonal() * covariance.covariance *
                                    inverse.asDiagonal());
  if (cholesky.info() != Eigen::Success) return {};
  return {.factor = as_floats(sd.asDiagonal() * Matrix(cholesky.matrixL())),
          .noise = covariance.noise};
}

Matrix parameter_variance(const Mlp& network, const Uncertainty& uncertainty,
                          ConstMatrixRef inputs) {
  Matrix variance(inputs.rows(), network.topology.outputs());
  for (Eigen::Index first = 0; first < inputs.rows(); first += kRows) {
    const Eigen::Index count = std::min(kRows, inputs.rows() - first);
    for (int k = 0; k < network.topology.outputs(); ++k) {
      const Matrix jacobian = parameter_jacobian(network, inputs.middleRows(first, count), k);
      const Matrix spread = jacobian * uncertainty.factor.triangularView<Eigen::Lower>();
      variance.col(k).segment(first, count) = spread.rowwise().squaredNorm();
    }
  }
  return variance;
}

Matrix parameter_variance_gradient(const Mlp& network, const Uncertainty& uncertainty,
                                   ConstVectorRef input) {
  // d (J C Jᵀ) / dx = 2 d (J u) / dx at u = C Jᵀ held still, and J u is the derivative of the
  // output along u: the change of its gradient by x along u, by central differences.
  const Matrix row = input.transpose();
  Matrix gradient(network.topology.outputs(), input.size());
  for (int k = 0; k < network.topology.outputs(); ++k) {
    const Vector jacobian = parameter_jacobian(network, row, k).transpose();
    const Vector direction = uncertainty.factor * (uncertainty.factor.transpose() * jacobian);
    const double step = 1e-4 / std::max(direction.cwiseAbs().maxCoeff(), 1e-300);
    Mlp up = network, down = network;
    int at = 0;
    for (Eigen::Index p = 0; p < network.parameters.size(); ++p) {
      if (!network.mask.empty() && !network.mask[static_cast<std::size_t>(p)]) continue;
      up.parameters[p] += step * direction[at];
      down.parameters[p] -= step * direction[at++];
    }
    gradient.row(k) =
        (input_gradient(up, input).row(k) - input_gradient(down, input).row(k)) / step;
  }
  return gradient;
}

Json to_json(const Uncertainty& uncertainty) {
  Json json;
  json["noise"] = uncertainty.noise;
  json["factor"] = pack_floats(triangle(uncertainty.factor));
  return json;
}

Uncertainty uncertainty_from_json(const Json& json, const Mlp& network) {
  Uncertainty uncertainty;
  uncertainty.noise = json.at("noise").as_vector();
  if (uncertainty.noise.size() != network.topology.outputs() ||
      !(uncertainty.noise.array() >= 0).all() || !uncertainty.noise.allFinite())
    throw Error(ErrorKind::runtime, "noise that does not fit the outputs of a network");
  const Eigen::Index size = connection_count(network);
  uncertainty.factor =
      from_triangle(unpack_floats(json.at("factor").as_string(), size * (size + 1) / 2, 1), size);
  return uncertainty;
}

}  // namespace cupel
