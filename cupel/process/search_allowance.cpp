#include "cupel/process/search_allowance.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/base/rng.hpp"
#include "cupel/model/evaluate.hpp"
#include "cupel/model/input_values.hpp"
#include "cupel/trust/covariance.hpp"

namespace cupel {
namespace {

constexpr int kDraws = 2000, kPlaces = 200;

/// Settings of the varied genes as a row of all variables; disturbances are drawn.
Vector place_of(const Problem& problem, const Candidate& settings, Rng& rng) {
  Vector place(std::ssize(problem.variables));
  std::size_t gene = 0;
  for (std::size_t v = 0; v < problem.variables.size(); ++v) {
    const Variable& variable = problem.variables[v];
    place[static_cast<Eigen::Index>(v)] = variable.kind == VariableKind::varied ? settings[gene++]
                                          : variable.kind == VariableKind::fixed
                                              ? variable.value
                                              : rng.uniform(variable.low, variable.up);
  }
  return place;
}

/// All variables at places drawn at random, [places x variables].
Matrix random_places(const Problem& problem, Rng& rng) {
  const Space space = search_space(problem);
  Matrix places(kPlaces, std::ssize(problem.variables));
  for (Eigen::Index row = 0; row < places.rows(); ++row)
    places.row(row) = place_of(problem, random_candidate(space, rng), rng).transpose();
  return places;
}

/// The settings themselves, and each once more with its numbers moved a little.
Matrix places_near(const Problem& problem, std::span<const Candidate> settings, Rng& rng) {
  constexpr double kNear = 0.05;  // of a gene's range
  const Space space = search_space(problem);
  Matrix places(2 * std::ssize(settings), std::ssize(problem.variables));
  for (std::size_t k = 0; k < settings.size(); ++k) {
    Candidate moved = settings[k];
    for (std::size_t g = 0; g < moved.size(); ++g) {
      const Gene& gene = space.genes[g];
      if (gene.kind == GeneKind::real)
        moved[g] = std::clamp(moved[g] + kNear * (gene.up - gene.low) * rng.uniform(-1, 1),
                              gene.low, gene.up);
    }
    const auto row = static_cast<Eigen::Index>(2 * k);
    places.row(row) = place_of(problem, settings[k], rng).transpose();
    places.row(row + 1) = place_of(problem, moved, rng).transpose();
  }
  return places;
}

/// The places as a model's input rows; only valid ones, where there are some.
Matrix input_rows(const Problem& problem, const Model& model, const Matrix& places) {
  Matrix rows(places.rows(), std::ssize(model.encoder.columns));
  for (Eigen::Index c = 0; c < rows.cols(); ++c)
    for (std::size_t v = 0; v < problem.variables.size(); ++v)
      if (problem.variables[v].name == model.encoder.columns[static_cast<std::size_t>(c)].name)
        rows.col(c) = places.col(static_cast<Eigen::Index>(v));
  if (!problem.inside_data) return rows;
  const Vector distance = evaluate(model, rows, {.intervals = false}).distance;
  std::vector<Eigen::Index> valid;
  for (Eigen::Index row = 0; row < rows.rows(); ++row)
    if (distance[row] <= 1) valid.push_back(row);
  return valid.empty() ? rows : Matrix(rows(valid, Eigen::all));
}

std::vector<double> quantiles_at(const Problem& problem, const Matrix& places) {
  std::vector<double> quantiles;
  for (const Model& model : problem.models) {
    const Vector own =
        simultaneous_quantiles(model, input_rows(problem, model, places), problem.confidence);
    for (std::size_t t = 0; t < model.encoder.targets.size(); ++t)
      quantiles.push_back(own.size() > 0 ? own[static_cast<Eigen::Index>(t)] : 0);
  }
  return quantiles;
}

}  // namespace

double normal_quantile(double confidence) {
  double low = -10, up = 10;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + up) / 2;
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < confidence ? low : up) = middle;
  }
  return low;
}

Vector simultaneous_quantiles(const Model& model, ConstMatrixRef rows, double confidence) {
  const Matrix features = encode_all(model.encoder, input_columns(model.encoder, rows));
  const auto targets = static_cast<Eigen::Index>(model.encoder.targets.size());
  // errors [targets][rows x draws]: a draw of every network's parameters, told by all rows.
  std::vector<Matrix> errors(targets, Matrix::Zero(rows.rows(), kDraws));
  Matrix variance = Matrix::Zero(rows.rows(), targets);
  Rng rng(0x5CEFFE);
  for (const Member& member : model.members) {
    if (!member.uncertainty.known()) return {};
    const Matrix& factor = member.uncertainty.factor;
    Matrix draws(factor.cols(), kDraws);
    for (double& value : draws.reshaped()) value = rng.normal();
    const Matrix inputs = features(Eigen::all, member.features);
    for (int k = 0; k < member.network.topology.outputs(); ++k) {
      const Matrix response = member.weights[k] * parameter_jacobian(member.network, inputs, k) *
                              factor.triangularView<Eigen::Lower>();
      errors[target_of(member, k)] += response * draws;
      variance.col(target_of(member, k)) += response.rowwise().squaredNorm();
    }
  }
  Vector quantiles(targets);
  for (Eigen::Index t = 0; t < targets; ++t) {
    const Vector scale = variance.col(t).cwiseMax(1e-300).cwiseSqrt().cwiseInverse();
    Vector worst = (scale.asDiagonal() * errors[t]).colwise().maxCoeff();
    const auto rank = static_cast<Eigen::Index>(std::ceil(confidence * kDraws)) - 1;
    std::nth_element(worst.data(), worst.data() + rank, worst.data() + kDraws);
    quantiles[t] = worst[rank];
  }
  return quantiles;
}

std::vector<double> search_allowance(const Problem& problem) {
  if (problem.confidence <= 0) return {};
  Rng rng(0x91ACE5);
  return quantiles_at(problem, random_places(problem, rng));
}

std::vector<double> allowance_near(const Problem& problem, std::span<const Candidate> settings) {
  Rng rng(0x4EA2);
  std::vector<double> quantiles = quantiles_at(problem, places_near(problem, settings, rng));
  for (std::size_t k = 0; k < quantiles.size(); ++k)
    quantiles[k] = std::min(quantiles[k], problem.allowance[k]);
  return quantiles;
}

}  // namespace cupel
