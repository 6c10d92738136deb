#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/model/evaluate.hpp"
#include "cupel/model/input_values.hpp"
#include "cupel/model/model_inputs.hpp"

namespace cupel {
namespace {

Matrix picked_columns(const Matrix& features, const std::vector<int>& picked) {
  Matrix result(features.rows(), static_cast<Eigen::Index>(picked.size()));
  for (Eigen::Index i = 0; i < result.cols(); ++i)
    result.col(i) = features.col(picked[static_cast<std::size_t>(i)]);
  return result;
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

/// A fill value stands for what is missing: the intervals do not know how far off it is.
std::string missing_reason(const std::vector<bool>& used, const std::vector<Column>& inputs,
                           int row) {
  std::string names;
  for (std::size_t c = 0; c < inputs.size(); ++c) {
    if (!used[c] || !std::isnan(inputs[c].values[static_cast<std::size_t>(row)])) continue;
    names += (names.empty() ? "" : ", ") + inputs[c].name;
  }
  return names.empty() ? names : "missing: " + names;
}

}  // namespace

Matrix predict_scaled(std::span<const Member> members, int targets, const Matrix& features) {
  Matrix sum = Matrix::Zero(features.rows(), targets);
  for (const Member& member : members) {
    const Matrix outputs = predict(member.network, picked_columns(features, member.features)) *
                           member.weights.asDiagonal();
    for (int k = 0; k < static_cast<int>(outputs.cols()); ++k)
      sum.col(target_of(member, k)) += outputs.col(k);
  }
  return sum;
}

Matrix predict_scaled(const Model& model, const Matrix& features) {
  return predict_scaled(model.members, static_cast<int>(model.encoder.targets.size()), features);
}

Prediction predict_rows(const Model& model, const Table& table, double confidence) {
  if (!(confidence > 0 && confidence < 1))
    throw Error(ErrorKind::usage, fmt::format("a confidence of {} is impossible", confidence),
                "give a number between 0 and 1, such as 0.9");
  const std::vector<bool> used = used_columns(model);
  const std::vector<Column> inputs = model_inputs(model, used, table);
  std::vector<int> rows(static_cast<std::size_t>(table.rows));
  std::iota(rows.begin(), rows.end(), 0);
  Prediction prediction;
  const Matrix features = encode_inputs(model.encoder, inputs, rows, &prediction.notes);
  Evaluation evaluation =
      evaluate(model, input_values(model.encoder, inputs), {.confidence = confidence});
  prediction.outputs = std::move(evaluation.outputs);
  prediction.lower = std::move(evaluation.lower);
  prediction.upper = std::move(evaluation.upper);
  prediction.distance = std::move(evaluation.distance);
  for (const int row : rows) {
    std::string reason = reason_of(model, used, inputs, row);
    if (reason.empty() && prediction.distance[row] > 1)
      reason = cloud_reason(model.region, model.encoder, features.row(row).transpose());
    if (const std::string missing = missing_reason(used, inputs, row); !missing.empty())
      reason = missing + (reason.empty() ? "" : "; " + reason);
    if (reason.empty() && !prediction.outputs.row(row).allFinite())
      reason = "the prediction is not a finite number";
    prediction.invalid.push_back(std::move(reason));
  }
  return prediction;
}

namespace {

Prediction predict_file(const Model& model, const Table& table, double confidence) {
  if (!model.windows.any()) return predict_rows(model, table, confidence);
  PredictionWindows made = prediction_windows(table, model.windows);
  Prediction prediction = predict_rows(model, made.table, confidence);
  for (std::size_t row = 0; row < made.incomplete.size(); ++row) {
    if (made.incomplete[row].empty()) continue;
    prediction.invalid[row] = std::move(made.incomplete[row]);
    for (Matrix* values : {&prediction.outputs, &prediction.lower, &prediction.upper})
      if (values->size() > 0) values->row(static_cast<Eigen::Index>(row)).setConstant(kMissing);
  }
  return prediction;
}

}  // namespace

Prediction predict(const Model& model, const Table& table, double confidence) {
  if (!model.calendar.any()) return predict_file(model, table, confidence);
  Table dated = table;
  add_calendar(model.calendar, dated);
  return predict_file(model, dated, confidence);
}

}  // namespace cupel
