#include <algorithm>
#include <cmath>

#include "cupel/model/evaluate.hpp"
#include "cupel/model/fold_intervals.hpp"
#include "cupel/model/input_values.hpp"
#include "cupel/model/model_inputs.hpp"
#include "cupel/model/spread.hpp"

namespace cupel {
namespace {

/// d feature / d value of the column that it comes from.
Vector feature_slopes(const Encoder& encoder, ConstVectorRef value) {
  Vector slopes(encoder.inputs());
  for (int f = 0; f < encoder.inputs(); ++f) {
    const Feature& feature = encoder.features[static_cast<std::size_t>(f)];
    const EncodedColumn& column = encoder.columns[static_cast<std::size_t>(feature.column)];
    const double x = value[feature.column];
    slopes[f] = column.text || std::isnan(x) ? 0 : feature.factor;
    if (column.log_scale > 0) slopes[f] /= column.log_scale + (std::isnan(x) ? 0 : std::abs(x));
  }
  return slopes;
}

/// [n x features] to [n x columns].
Matrix by_columns(const Encoder& encoder, ConstVectorRef value, const Matrix& by_features) {
  const Vector slopes = feature_slopes(encoder, value);
  Matrix result = Matrix::Zero(by_features.rows(), value.size());
  for (int f = 0; f < encoder.inputs(); ++f)
    result.col(encoder.features[static_cast<std::size_t>(f)].column) +=
        slopes[f] * by_features.col(f);
  return result;
}

/// d output / d feature in own units, [targets x features].
Matrix output_slopes(const std::vector<Member>& members, const Encoder& encoder,
                     const Vector& features) {
  const int targets = static_cast<int>(encoder.targets.size());
  Matrix slopes = scaled_output_slopes(members, targets, features);
  const Matrix values =
      decode_targets(encoder, predict_scaled(members, targets, features.transpose()));
  for (Eigen::Index t = 0; t < slopes.rows(); ++t)
    slopes.row(t) *= target_slope(encoder.targets[static_cast<std::size_t>(t)], values(0, t));
  return slopes;
}

void add_fold_gradients(const Model& model, const std::vector<Column>& columns,
                        ConstVectorRef value, double confidence, EvaluationGradient& result) {
  result.lower = result.upper = Matrix::Zero(result.outputs.rows(), result.outputs.cols());
  std::vector<Matrix> predicted, slopes;
  for (const FoldModel& fold : model.folds) {
    predicted.push_back(fold_outputs(fold, columns));
    const Vector features = encode_all(fold.encoder, columns).transpose();
    slopes.push_back(
        by_columns(fold.encoder, value, output_slopes(fold.members, fold.encoder, features)));
  }
  std::vector<double> of_fold(predicted.size());
  for (int t = 0; t < static_cast<int>(result.outputs.rows()); ++t) {
    for (std::size_t k = 0; k < predicted.size(); ++k) of_fold[k] = predicted[k](0, t);
    const int low = interval_end(model.folds, of_fold, t, confidence, -1).fold;
    const int up = interval_end(model.folds, of_fold, t, confidence, 1).fold;
    if (low >= 0) result.lower.row(t) = slopes[static_cast<std::size_t>(low)].row(t);
    if (up >= 0) result.upper.row(t) = slopes[static_cast<std::size_t>(up)].row(t);
  }
}

void add_interval_gradients(const Model& model, const Vector& features, ConstVectorRef value,
                            double confidence, EvaluationGradient& result) {
  if (model.intervals.residuals.empty()) return;
  result.lower = result.upper = result.outputs;
  if (model.interval_method != IntervalMethod::normalized) return;
  const Matrix spread =
      by_columns(model.encoder, value, spread_slopes(model.members, model.encoder, features));
  for (int t = 0; t < static_cast<int>(spread.rows()); ++t) {
    const double times = half_width(model.intervals, t, confidence);
    if (!std::isfinite(times)) continue;
    result.lower.row(t) -= times * spread.row(t);
    result.upper.row(t) += times * spread.row(t);
  }
}

Vector distance_gradient(const Model& model, ConstVectorRef value, const Vector& features) {
  double largest = 0;
  Vector gradient = Vector::Zero(value.size());
  if (model.region.cloud.known()) {
    const CloudDistance cloud = cloud_distance(model.region.cloud, features);
    largest = std::max(cloud.mean_ratio, cloud.row_ratio);
    gradient = by_columns(model.encoder, value, cloud.gradient.transpose()).transpose();
  }
  const std::vector<bool> used = used_columns(model);
  for (Eigen::Index c = 0; c < value.size(); ++c) {
    if (!used[static_cast<std::size_t>(c)]) continue;
    const EncodedColumn& column = model.encoder.columns[static_cast<std::size_t>(c)];
    const double ratio = range_ratio(model.region, column, value[c]);
    if (ratio <= largest) continue;
    largest = ratio;
    gradient.setZero();
    const double half = (0.5 + model.region.margin) * (column.up - column.low);
    const double off = value[c] - 0.5 * (column.up + column.low);
    if (half > 0) gradient[c] = std::copysign(1 / half, off);
  }
  return gradient;
}

}  // namespace

EvaluationGradient evaluate_gradient(const Model& model, ConstVectorRef value,
                                     const EvaluateOptions& options) {
  const Matrix row = value.transpose();
  const std::vector<Column> columns = input_columns(model.encoder, row);
  const Vector features = encode_all(model.encoder, columns).transpose();
  EvaluationGradient result;
  result.outputs =
      by_columns(model.encoder, value, output_slopes(model.members, model.encoder, features));
  if (options.intervals && !model.folds.empty())
    add_fold_gradients(model, columns, value, options.confidence, result);
  else if (options.intervals)
    add_interval_gradients(model, features, value, options.confidence, result);
  if (options.distance) result.distance = distance_gradient(model, value, features);
  return result;
}

}  // namespace cupel
