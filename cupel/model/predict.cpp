#include <fmt/format.h>

#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/model/model.hpp"
#include "cupel/model/model_inputs.hpp"

namespace cupel {
namespace {

Matrix picked_columns(const Matrix& features, const std::vector<int>& picked) {
  Matrix result(features.rows(), static_cast<Eigen::Index>(picked.size()));
  for (Eigen::Index i = 0; i < result.cols(); ++i)
    result.col(i) = features.col(picked[static_cast<std::size_t>(i)]);
  return result;
}

void add_intervals(const ResidualIntervals& intervals, double confidence, Prediction& prediction) {
  if (intervals.residuals.empty()) return;
  prediction.lower = prediction.upper = prediction.outputs;
  for (int target = 0; target < static_cast<int>(intervals.residuals.size()); ++target) {
    const double width = half_width(intervals, target, confidence);
    prediction.lower.col(target).array() -= width;
    prediction.upper.col(target).array() += width;
  }
}

/// Inputs that no member uses cannot make a prediction wrong.
std::string reason_of(const Model& model, const std::vector<bool>& used,
                      const std::vector<Column>& inputs, int row) {
  std::string reasons;
  for (std::size_t c = 0; c < inputs.size(); ++c) {
    if (!used[c]) continue;
    const std::string reason =
        outside_reason(model.region, model.encoder.columns[c], inputs[c], row);
    if (!reason.empty()) reasons += (reasons.empty() ? "" : "; ") + reason;
  }
  return reasons;
}

}  // namespace

Matrix predict_scaled(std::span<const Member> members, int targets, const Matrix& features) {
  Matrix sum = Matrix::Zero(features.rows(), targets);
  for (const Member& member : members) {
    const Matrix outputs = predict(member.network, picked_columns(features, member.features)) *
                           member.weights.asDiagonal();
    for (int k = 0; k < static_cast<int>(outputs.cols()); ++k)
      sum.col(member.targets.empty() ? k : member.targets[static_cast<std::size_t>(k)]) +=
          outputs.col(k);
  }
  return sum;
}

Matrix predict_scaled(const Model& model, const Matrix& features) {
  return predict_scaled(model.members, static_cast<int>(model.encoder.targets.size()), features);
}

Prediction predict(const Model& model, const Table& table, double confidence) {
  if (!(confidence > 0 && confidence < 1))
    throw Error(ErrorKind::usage, fmt::format("a confidence of {} is impossible", confidence),
                "give a number between 0 and 1, such as 0.9");
  const std::vector<bool> used = used_columns(model);
  const std::vector<Column> inputs = model_inputs(model, used, table);
  std::vector<int> rows(static_cast<std::size_t>(table.rows));
  std::iota(rows.begin(), rows.end(), 0);
  Prediction prediction;
  const Matrix features = encode_inputs(model.encoder, inputs, rows, &prediction.notes);
  prediction.outputs = decode_targets(model.encoder, predict_scaled(model, features));
  add_intervals(model.intervals, confidence, prediction);
  for (const int row : rows) {
    std::string reason = reason_of(model, used, inputs, row);
    if (reason.empty() && !prediction.outputs.row(row).allFinite())
      reason = "the prediction is not a finite number";
    prediction.invalid.push_back(std::move(reason));
  }
  return prediction;
}

}  // namespace cupel
