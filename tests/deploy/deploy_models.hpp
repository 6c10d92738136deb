// Models for tests of other forms, and rows to try them on.
#pragma once

#include <fmt/format.h>

#include "cupel/model/evaluate.hpp"
#include "tests/model/trusted_model.hpp"

namespace cupel::test {

/// Rows inside and outside the training range, with missing cells and (column 1) words.
inline Matrix drawn_rows(const Model& model) {
  Rng rng(9);
  Matrix rows(60, std::ssize(model.encoder.columns));
  for (Eigen::Index c = 0; c < rows.cols(); ++c) {
    const EncodedColumn& column = model.encoder.columns[static_cast<std::size_t>(c)];
    for (double& value : rows.col(c)) {
      value = column.text ? rng.below(static_cast<int>(column.levels.size()))
                          : rng.uniform(column.low - 0.3 * (column.up - column.low),
                                        column.up + 0.3 * (column.up - column.low));
      if (rng.chance(0.1)) value = kMissing;
    }
  }
  return rows;
}

/// All activations, and connections that were removed.
inline Model masked_model() {
  Model model = normalized_model();
  Member& member = model.members[0];
  Mlp& network = member.network;
  network.topology.layers = {{3, Activation::logistic},
                             {2, Activation::clipped_symmetric},
                             {2, Activation::clipped_unit},
                             {2, Activation::tanh}};
  Rng rng(12);
  const int count = parameter_count(network.topology);
  network.parameters = Vector::NullaryExpr(count, [&](Eigen::Index) { return rng.normal(); });
  for (int p = 0; p < count; ++p) network.mask.push_back(p % 5 != 2);
  for (int p = 2; p < count; p += 5) network.parameters[p] = 0;
  const Matrix features = sample_features(150, 31)(Eigen::all, member.features);
  Matrix targets = predict(network, features);
  for (double& target : targets.reshaped()) target += 0.1 * rng.normal();
  member.uncertainty = uncertainty_of(
      parameter_covariance(network, features, targets, ridge_diagonal(network.topology, 0.1, 0.1)));
  return model;
}

/// As a model is that was just made: its test vectors say what it computes.
inline Model with_true_vectors(Model model) {
  const Prediction found = predict_rows(model, test_table(model, "model"));
  for (std::size_t row = 0; row < model.test_vectors.size(); ++row)
    for (std::size_t t = 0; t < model.encoder.targets.size(); ++t)
      model.test_vectors[row].outputs[t] =
          found.outputs(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(t));
  return model;
}

/// A target modelled by its logarithm.
inline Model log_model() {
  Model model = normalized_model();
  model.encoder.targets[0] = {"yield", "%", -3, 0.8, 20, 80, true};
  return with_true_vectors(model);
}

/// Four steps of three inputs through each family's layer.
inline Model window_model(WindowKind kind) {
  Model model;
  for (int c = 0; c < 12; ++c) {
    model.encoder.columns.push_back({.name = fmt::format("x{}", c), .low = -1, .up = 1});
    model.encoder.features.push_back({fmt::format("x{}", c), c, -1, 0, 1});
  }
  model.encoder.targets = {{"y", "", 0, 1, -3, 3}, {"z", "", 0, 1, -3, 3}};
  Member member{.weights = Vector::Ones(2)};
  for (int f = 0; f < 12; ++f) member.features.push_back(f);
  member.network.topology = {12, {{3, Activation::tanh}, {2, Activation::linear}}};
  member.network.topology.window = WindowLayer{.kind = kind, .steps = 4, .units = 5};
  Rng rng(static_cast<std::uint64_t>(kind) + 60);
  member.network.parameters = Vector::NullaryExpr(parameter_count(member.network.topology),
                                                  [&](Eigen::Index) { return rng.normal(); });
  model.members = {member};
  model.intervals = fit_intervals(Matrix::Ones(30, 2), Matrix::Zero(30, 2));
  return model;
}

}  // namespace cupel::test
