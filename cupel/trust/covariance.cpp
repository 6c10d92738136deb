#include "cupel/trust/covariance.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr double kSmallestCondition = 1e-12;

std::vector<int> existing(const Mlp& network) {
  std::vector<int> positions;
  for (int k = 0; k < network.parameters.size(); ++k)
    if (network.mask.empty() || network.mask[static_cast<std::size_t>(k)]) positions.push_back(k);
  return positions;
}

/// Calls use(first, block) with d output / d parameters [count x all parameters] of each chunk.
template <class Use>
void for_jacobian_blocks(MlpEvaluator& evaluator, const Mlp& network, const PackedSamples& samples,
                         int output, Use use) {
  const int n = evaluator.parameters();
  AlignedBuffer block(std::int64_t{n} * kJacobianRows);
  for (int first = 0; first < samples.rows(); first += kJacobianRows) {
    const int count = std::min(kJacobianRows, samples.rows() - first);
    evaluator.jacobian(network.parameters, samples, output, first, count, block);
    use(first, count, block.data());
  }
}

/// A block's columns of the existing parameters, [count x p].
Matrix rows_of(const double* block, int count, const std::vector<int>& parameters) {
  Matrix rows(count, static_cast<Eigen::Index>(parameters.size()));
  for (std::size_t k = 0; k < parameters.size(); ++k)
    rows.col(static_cast<Eigen::Index>(k)) =
        Eigen::Map<const Vector>(block + std::int64_t{parameters[k]} * kJacobianRows, count);
  return rows;
}

struct Gram {
  std::vector<Matrix> of_output;  ///< G_k
  Matrix total;                   ///< H
};

Gram curvature(MlpEvaluator& evaluator, const Mlp& network, const PackedSamples& samples,
               const std::vector<int>& parameters, ConstVectorRef ridge) {
  const int n = evaluator.parameters();
  Gram gram{.of_output = {}, .total = Vector(ridge(parameters)).asDiagonal()};
  for (int output = 0; output < network.topology.outputs(); ++output) {
    Matrix all = Matrix::Zero(n, n);
    for_jacobian_blocks(evaluator, network, samples, output,
                        [&](int, int count, const double* block) {
                          evaluator.kernels().add_gram(n, block, count, all.data());
                        });
    gram.of_output.push_back(all(parameters, parameters));
    gram.total += gram.of_output.back();
  }
  return gram;
}

/// Inverse of a symmetric matrix by way of its unit-diagonal scaling; empty when that is not
/// safe.
Matrix safe_inverse(const Matrix& matrix) {
  if (!(matrix.diagonal().array() > 0).all() || !matrix.allFinite()) return {};
  const Vector scale = matrix.diagonal().cwiseSqrt().cwiseInverse();
  const Matrix scaled = scale.asDiagonal() * matrix * scale.asDiagonal();
  const Eigen::LLT<Matrix> cholesky(scaled);
  if (cholesky.info() != Eigen::Success || !(cholesky.rcond() > kSmallestCondition)) return {};
  const Matrix inverse = cholesky.solve(Matrix::Identity(matrix.rows(), matrix.cols()));
  return scale.asDiagonal() * (0.5 * (inverse + inverse.transpose())) * scale.asDiagonal();
}

std::string rank_problem(const Matrix& curvature) {
  const Vector diagonal = curvature.diagonal();
  const auto dead = (diagonal.array() <= 0).count();
  int rank = 0;
  if (curvature.allFinite()) {
    const Vector scale =
        (diagonal.array() > 0).select(diagonal.array().abs().sqrt().inverse(), 0).matrix();
    const Matrix scaled = scale.asDiagonal() * curvature * scale.asDiagonal();
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(scaled, Eigen::EigenvaluesOnly);
    const Vector& values = solver.eigenvalues();
    rank = static_cast<int>((values.array() > kSmallestCondition * values.maxCoeff()).count());
  }
  std::string text = fmt::format("the data determine only {} of the network's {} parameters", rank,
                                 curvature.rows());
  if (dead > 0) text += fmt::format(" ({} have no effect on any row)", dead);
  return text;
}

Matrix leverages_of(MlpEvaluator& evaluator, const Mlp& network, const PackedSamples& samples,
                    const Covariance& covariance) {
  Matrix leverages(samples.rows(), network.topology.outputs());
  for (int output = 0; output < network.topology.outputs(); ++output)
    for_jacobian_blocks(evaluator, network, samples, output,
                        [&](int first, int count, const double* block) {
                          const Matrix rows = rows_of(block, count, covariance.parameters);
                          leverages.col(output).segment(first, count) =
                              (rows * covariance.inverse).cwiseProduct(rows).rowwise().sum();
                        });
  return leverages;
}

void set_noise(const Gram& gram, ConstVectorRef ridge, Covariance& result) {
  const auto outputs = static_cast<Eigen::Index>(gram.of_output.size());
  const auto rows = static_cast<double>(result.residuals.rows());
  result.noise.resize(outputs);
  result.effective.resize(outputs);
  for (Eigen::Index k = 0; k < outputs; ++k) {
    const Matrix& own = gram.of_output[static_cast<std::size_t>(k)];
    result.effective[k] = own.cwiseProduct(result.inverse).sum();
    const double freedom = rows - result.effective[k];
    if (!(freedom >= 1)) {
      result.problem = fmt::format("{} rows do not suffice for {:.0f} parameters", rows,
                                   std::ceil(result.effective[k]));
      return;
    }
    result.noise[k] = result.residuals.col(k).squaredNorm() / freedom;
  }
  if (outputs == 1) {
    result.covariance = result.noise[0] * result.inverse;
    return;
  }
  Matrix middle = Vector(result.noise.mean() * ridge(result.parameters)).asDiagonal();
  for (Eigen::Index k = 0; k < outputs; ++k)
    middle += result.noise[k] * gram.of_output[static_cast<std::size_t>(k)];
  const Matrix covariance = result.inverse * middle * result.inverse;
  result.covariance = 0.5 * (covariance + covariance.transpose());
}

}  // namespace

Covariance parameter_covariance(const Mlp& network, ConstMatrixRef inputs, ConstMatrixRef targets,
                                ConstVectorRef ridge, const CovarianceOptions& options) {
  if (ridge.size() != network.parameters.size())
    throw Error(ErrorKind::runtime, "a ridge that does not fit the network's parameters");
  if (inputs.rows() != targets.rows() || targets.cols() != network.topology.outputs())
    throw Error(ErrorKind::runtime, "samples that do not fit the network");
  Covariance result{.problem = {}, .parameters = existing(network)};
  if (result.parameters.size() > kMostCovarianceParameters)
    return {.problem =
                fmt::format("the network has {} parameters, and it is worked out for up to {}",
                            result.parameters.size(), kMostCovarianceParameters)};
  const PackedSamples samples(inputs, targets);
  MlpEvaluator evaluator(network.topology, select_kernels(options.kernels));
  result.residuals = targets - evaluator.predict(network.parameters, samples);
  const Gram gram = curvature(evaluator, network, samples, result.parameters, ridge);
  result.inverse = safe_inverse(gram.total);
  if (result.inverse.size() == 0)
    result.problem = rank_problem(gram.total);
  else
    set_noise(gram, ridge, result);
  if (!result.usable()) return {.problem = result.problem};
  if (options.leverages) result.leverages = leverages_of(evaluator, network, samples, result);
  return result;
}

Vector ridge_diagonal(const Topology& topology, double weights, double biases) {
  Vector ridge = Vector::Constant(parameter_count(topology), biases);
  for (const ParameterBlock& block : parameter_blocks(topology))
    ridge.segment(block.weights, block.units * block.inputs).setConstant(weights);
  return ridge;
}

Matrix parameter_jacobian(const Mlp& network, ConstMatrixRef inputs, int output) {
  const std::vector<int> parameters = existing(network);
  const PackedSamples samples(inputs, Matrix::Zero(inputs.rows(), network.topology.outputs()));
  MlpEvaluator evaluator(network.topology);
  Matrix jacobian(inputs.rows(), static_cast<Eigen::Index>(parameters.size()));
  for_jacobian_blocks(evaluator, network, samples, output,
                      [&](int first, int count, const double* block) {
                        jacobian.middleRows(first, count) = rows_of(block, count, parameters);
                      });
  return jacobian;
}

std::vector<int> dependent_columns(ConstMatrixRef columns) {
  const Matrix centered = columns.rowwise() - columns.colwise().mean();
  std::vector<int> varying, dependent;
  for (int c = 0; c < columns.cols(); ++c)
    if (centered.col(c).norm() > 1e-12 * (1 + columns.col(c).norm())) varying.push_back(c);
  if (varying.empty()) return {};
  Matrix units(columns.rows(), static_cast<Eigen::Index>(varying.size()));
  for (std::size_t k = 0; k < varying.size(); ++k)
    units.col(static_cast<Eigen::Index>(k)) = centered.col(varying[k]).normalized();
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(units.transpose() * units);
  std::vector<bool> named(varying.size(), false);
  for (Eigen::Index v = 0; v < solver.eigenvalues().size(); ++v) {
    if (solver.eigenvalues()[v] > 1e-10) break;
    for (std::size_t k = 0; k < varying.size(); ++k)
      if (std::abs(solver.eigenvectors()(static_cast<Eigen::Index>(k), v)) > 1e-3) named[k] = true;
  }
  for (std::size_t k = 0; k < varying.size(); ++k)
    if (named[k]) dependent.push_back(varying[k]);
  return dependent;
}

}  // namespace cupel
