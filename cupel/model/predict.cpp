#include <fmt/format.h>

#include <algorithm>
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

/// An input that no member uses cannot make a prediction wrong, unless it is far from all that was
/// seen of it.
std::string reason_of(const Model& model, const std::vector<bool>& used,
                      const std::vector<Column>& inputs, int row) {
  std::string reasons;
  for (std::size_t c = 0; c < inputs.size(); ++c) {
    const EncodedColumn& column = model.encoder.columns[c];
    if (!used[c] && column.text) continue;
    const std::string reason = used[c]
                                   ? outside_reason(model.region, column, inputs[c], row)
                                   : far_reason({column.name, column.unit, column.low, column.up},
                                                inputs[c].values[static_cast<std::size_t>(row)]);
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

/// Inputs that no network can read: constant in training, or copies.
void watch(const Model& model, const Table& table, Prediction& prediction) {
  for (const WatchedInput& input : model.region.watched) {
    const int place = table.find(input.name);
    if (place < 0) continue;
    const Column& column = table.columns[static_cast<std::size_t>(place)];
    const bool other_unit =
        !column.unit.empty() && !input.unit.empty() && column.unit != input.unit;
    if (column.kind != ColumnKind::number || other_unit) continue;
    for (std::size_t row = 0; row < prediction.invalid.size(); ++row) {
      const double value = column.values[row];
      const std::string reason = far_reason(input, value);
      if (reason.empty()) continue;
      std::string& reasons = prediction.invalid[row];
      reasons += (reasons.empty() ? "" : "; ") + reason;
      double& distance = prediction.distance[static_cast<Eigen::Index>(row)];
      distance = std::max(distance, far_ratio(input.low, input.up, value));
    }
  }
}

/// With an empty column for each that windows are made of, that no network reads, and that the file
/// lacks.
Table with_unread_columns(const Model& model, const Table& table) {
  Table completed = table;
  for (const auto* names : {&model.windows.inputs, &model.windows.targets})
    for (const std::string& name : *names) {
      if (completed.find(name) >= 0 || reads(model, name)) continue;
      Column empty;
      empty.name = name;
      empty.values.assign(static_cast<std::size_t>(table.rows), kMissing);
      completed.columns.push_back(std::move(empty));
    }
  return completed;
}

Prediction predict_file(const Model& model, const Table& table, double confidence) {
  if (!model.windows.any()) return predict_rows(model, table, confidence);
  PredictionWindows made = prediction_windows(with_unread_columns(model, table), model.windows);
  Prediction prediction = predict_rows(model, made.table, confidence);
  for (std::size_t row = 0; row < made.incomplete.size(); ++row) {
    if (made.incomplete[row].empty()) continue;
    prediction.invalid[row] = std::move(made.incomplete[row]);
    for (Matrix* values : {&prediction.outputs, &prediction.lower, &prediction.upper})
      if (values->size() > 0) values->row(static_cast<Eigen::Index>(row)).setConstant(kMissing);
  }
  return prediction;
}

/// Whether the times of the file must be there: a network reads what is made of them.
bool reads_calendar(const Model& model) {
  const std::vector<std::string> names = calendar_names(model.calendar);
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return reads(model, name); });
}

}  // namespace

Prediction predict(const Model& model, const Table& table, double confidence) {
  Table dated = table;
  if (model.calendar.any() && (table.find(model.calendar.time) >= 0 || reads_calendar(model)))
    add_calendar(model.calendar, dated);
  Prediction prediction = predict_file(model, dated, confidence);
  watch(model, table, prediction);
  return prediction;
}

}  // namespace cupel
