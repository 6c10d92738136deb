// The sample model with what trust adds: covariances and normalized residuals, or fold networks,
// and a cloud of training rows. And data drawn from a small network, with models fitted to them.
#pragma once

#include <algorithm>

#include "cupel/model/spread.hpp"
#include "cupel/training/train.hpp"
#include "tests/model/sample_model.hpp"

namespace cupel {

/// Rows as training would have them: T 50 … 110, catalyst, p 1 … 3 rising with T.
inline Matrix sample_features(int rows, std::uint64_t seed) {
  Rng rng(seed);
  Matrix features = Matrix::Zero(rows, 4);
  for (int r = 0; r < rows; ++r) {
    features(r, 0) = rng.uniform(-1, 1);
    if (const int level = rng.below(3); level > 0) features(r, level) = 1;
    features(r, 3) = 0.6 * features(r, 0) + 0.4 * rng.uniform(-1, 1);
  }
  return features;
}

inline void add_cloud(Model& model, const Matrix& features) {
  model.region.cloud = fit_cloud(features, {0, 1, 2, 3}, {});
}

inline Model normalized_model() {
  Model model = sample_model();
  const Matrix features = sample_features(150, 31);
  for (Member& member : model.members) {
    const Matrix inputs = features(Eigen::all, member.features);
    Rng rng(32);
    const Matrix noise = Matrix::NullaryExpr(150, 2, [&] { return 0.2 * rng.normal(); });
    member.uncertainty = uncertainty_of(
        parameter_covariance(member.network, inputs, predict(member.network, inputs) + noise,
                             ridge_diagonal(member.network.topology, 0.1, 1e-3)));
  }
  model.interval_method = IntervalMethod::normalized;
  Matrix scores(30, 2);
  scores << Vector::LinSpaced(30, 0.05, 2), Vector::LinSpaced(30, 0.04, 1.8);
  model.intervals = fit_intervals(scores, Matrix::Zero(30, 2));
  add_cloud(model, features);
  return model;
}

inline Model fold_model(int folds) {
  Model model = sample_model();
  model.interval_method = IntervalMethod::cv_plus;
  model.intervals = {};
  for (int k = 0; k < folds; ++k) {
    FoldModel fold{.encoder = model.encoder, .members = model.members, .rows = 20};
    fold.encoder.columns[0].fill += k;
    fold.encoder.features[0].offset += 0.01 * k;
    fold.encoder.targets[1].factor *= 1 + 0.1 * k;
    Rng rng(static_cast<std::uint64_t>(40 + k));
    for (Member& member : fold.members)
      for (double& parameter : member.network.parameters) parameter += 0.05 * rng.normal();
    for (const double unit : {1.0, 0.1})
      fold.residuals.push_back(sorted_residuals(Vector::LinSpaced(20, 0.1 * unit, (3 + k) * unit),
                                                Vector::Zero(20), 20));
    model.folds.push_back(std::move(fold));
  }
  add_cloud(model, sample_features(150, 31));
  return model;
}

struct DrawnData {
  Matrix inputs, targets;  ///< features = values; targets scaled = own unit
  Matrix new_values, new_targets;
};

inline const Topology& drawn_topology() {
  static const Topology topology = {2, {{3, Activation::tanh}, {1, Activation::linear}}};
  return topology;
}

/// 80 rows to learn from, 400 new ones.
inline DrawnData drawn_data(std::uint64_t seed) {
  Rng rng(mix_seed({77, seed}));
  const auto values = [&](int rows) {
    return Matrix(Matrix::NullaryExpr(rows, 2, [&] { return rng.uniform(-1.5, 1.5); }));
  };
  const Mlp truth{
      drawn_topology(), Vector::NullaryExpr(13, [&](Eigen::Index) { return rng.normal(); }), {}};
  DrawnData data{.inputs = values(80), .targets = {}, .new_values = values(400), .new_targets = {}};
  const auto noisy = [&](const Matrix& rows) {
    Matrix targets = predict(truth, rows);
    for (double& target : targets.reshaped()) target += 0.3 * rng.normal();
    return targets;
  };
  data.targets = noisy(data.inputs);
  data.new_targets = noisy(data.new_values);
  return data;
}

inline Encoder plain_encoder() {
  Encoder encoder;
  encoder.columns.resize(2);
  encoder.columns[0].name = "a";
  encoder.columns[1].name = "b";
  for (EncodedColumn& column : encoder.columns) {
    column.low = -1.5;
    column.up = 1.5;
  }
  encoder.features = {{"a", 0, -1, 0, 1}, {"b", 1, -1, 0, 1}};
  encoder.targets = {{"y", "", 0, 1, -3, 3}};
  return encoder;
}

inline Member fitted_member(const Matrix& inputs, const Matrix& targets) {
  TrainOptions options;
  options.optimizer = Optimizer::levenberg_marquardt;
  options.ridge = 0.1;
  options.bias_ridge = 1e-3;
  options.starts = 3;
  Member member{
      .network =
          train(drawn_topology(), PackedSamples(inputs, targets), nullptr, options, 1).network,
      .weights = Vector::Ones(1),
      .features = {0, 1}};
  member.uncertainty = uncertainty_of(parameter_covariance(
      member.network, inputs, targets, ridge_diagonal(drawn_topology(), 0.1, 1e-3)));
  return member;
}

/// Calls use(member fitted without the fold, held-out inputs, held-out targets) for ten folds.
template <class Use>
void for_drawn_folds(const DrawnData& data, Use use) {
  for (int fold = 0; fold < 10; ++fold) {
    std::vector<int> in, out;
    for (int row = 0; row < 80; ++row) (row % 10 == fold ? out : in).push_back(row);
    use(fitted_member(data.inputs(in, Eigen::all), data.targets(in, Eigen::all)),
        Matrix(data.inputs(out, Eigen::all)), Matrix(data.targets(out, Eigen::all)));
  }
}

inline Model fitted_normalized(const DrawnData& data) {
  Model model{.encoder = plain_encoder(), .members = {fitted_member(data.inputs, data.targets)}};
  model.interval_method = IntervalMethod::normalized;
  Matrix scores(80, 1);
  int at = 0;
  for_drawn_folds(data, [&](const Member& member, const Matrix& inputs, const Matrix& targets) {
    const std::vector<Member> members = {member};
    const Matrix spread = spread_of(members, model.encoder, inputs).total;
    const Matrix residuals = targets - predict(member.network, inputs);
    for (int row = 0; row < residuals.rows(); ++row)
      scores(at++, 0) = residuals(row, 0) / spread(row, 0);
  });
  model.intervals = fit_intervals(scores, Matrix::Zero(80, 1));
  return model;
}

inline Model fitted_folds(const DrawnData& data) {
  Model model{.encoder = plain_encoder(), .members = {fitted_member(data.inputs, data.targets)}};
  model.interval_method = IntervalMethod::cv_plus;
  for_drawn_folds(data, [&](const Member& member, const Matrix& inputs, const Matrix& targets) {
    model.folds.push_back({.encoder = model.encoder,
                           .members = {member},
                           .rows = static_cast<int>(inputs.rows()),
                           .residuals = {sorted_residuals(
                               targets.col(0), predict(member.network, inputs).col(0), 100)}});
  });
  return model;
}

}  // namespace cupel
