#include "cupel/model/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/model/fold_intervals.hpp"
#include "cupel/model/input_values.hpp"
#include "cupel/model/model_inputs.hpp"
#include "cupel/model/spread.hpp"

namespace cupel {
namespace {

void add_fold_intervals(const Model& model, const std::vector<Column>& columns, double confidence,
                        Evaluation& result) {
  result.lower = result.upper = result.outputs;
  std::vector<Matrix> predicted;
  for (const FoldModel& fold : model.folds) predicted.push_back(fold_outputs(fold, columns));
  std::vector<double> of_fold(predicted.size());
  for (Eigen::Index row = 0; row < result.outputs.rows(); ++row)
    for (int t = 0; t < static_cast<int>(result.outputs.cols()); ++t) {
      for (std::size_t k = 0; k < predicted.size(); ++k) of_fold[k] = predicted[k](row, t);
      result.lower(row, t) = interval_end(model.folds, of_fold, t, confidence, -1).value;
      result.upper(row, t) = interval_end(model.folds, of_fold, t, confidence, 1).value;
    }
}

void add_intervals(const Model& model, const std::vector<Column>& columns, const Matrix& features,
                   double confidence, Evaluation& result) {
  if (!model.folds.empty()) return add_fold_intervals(model, columns, confidence, result);
  if (model.intervals.residuals.empty()) return;
  Matrix width = Matrix::Ones(result.outputs.rows(), result.outputs.cols());
  if (model.interval_method == IntervalMethod::normalized)
    width = spread_of(model.members, model.encoder, features).total;
  for (int t = 0; t < static_cast<int>(width.cols()); ++t)
    width.col(t) *= half_width(model.intervals, t, confidence);
  result.lower = result.outputs - width;
  result.upper = result.outputs + width;
}

/// Nothing until it is far.
double unread_ratio(const EncodedColumn& column, double value) {
  const double ratio = column.text ? 0 : far_ratio(column.low, column.up, value);
  return ratio > 1 ? ratio : 0;
}

Vector distances(const Model& model, ConstMatrixRef values, const Matrix& features) {
  Vector distance = Vector::Zero(values.rows());
  if (model.region.cloud.known()) distance = cloud_ratios(model.region.cloud, features);
  const std::vector<bool> used = used_columns(model);
  for (Eigen::Index c = 0; c < values.cols(); ++c) {
    const EncodedColumn& column = model.encoder.columns[static_cast<std::size_t>(c)];
    for (Eigen::Index row = 0; row < values.rows(); ++row) {
      double ratio = range_ratio(model.region, column, values(row, c));
      if (!used[static_cast<std::size_t>(c)]) ratio = unread_ratio(column, values(row, c));
      distance[row] = std::max(distance[row], ratio);
    }
  }
  return distance;
}

}  // namespace

Evaluation evaluate(const Model& model, ConstMatrixRef values, const EvaluateOptions& options) {
  const std::vector<Column> columns = input_columns(model.encoder, values);
  const Matrix features = encode_all(model.encoder, columns);
  Evaluation result;
  result.outputs = decode_targets(model.encoder, predict_scaled(model, features));
  if (options.intervals) add_intervals(model, columns, features, options.confidence, result);
  if (options.distance) result.distance = distances(model, values, features);
  return result;
}

Matrix parameter_uncertainty(const Model& model, ConstMatrixRef values) {
  const std::vector<Column> columns = input_columns(model.encoder, values);
  const Matrix features = encode_all(model.encoder, columns);
  return spread_of(model.members, model.encoder, features).parameters;
}

}  // namespace cupel
