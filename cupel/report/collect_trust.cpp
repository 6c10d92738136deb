#include "cupel/report/collect_trust.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/model/evaluate.hpp"
#include "cupel/model/input_values.hpp"
#include "cupel/model/model_inputs.hpp"
#include "cupel/report/collect_bars.hpp"

namespace cupel {
namespace {

constexpr int kShownInputs = 6, kPlaces = 15, kRows = 60, kTypicalRows = 200;

bool asks_later(const DesignResult& result, IntervalMethod method) {
  return method == IntervalMethod::normalized ? result.trust.later_spreads : !result.later.empty();
}

/// later: rows in time order were predicted from earlier ones too.
std::string explanation_of(IntervalMethod method, bool later) {
  const std::string rows =
      later ? "errors on held-out rows, and on later rows predicted from earlier ones"
            : "errors on held-out rows";
  switch (method) {
    case IntervalMethod::held_out:
      return rows + "; the same width everywhere";
    case IntervalMethod::normalized:
      return rows + ", wider where the data say less";
    case IntervalMethod::cv_plus:
      return "around the networks of all folds; guaranteed at twice the error rate";
    case IntervalMethod::split:
      return "around the network of one fold and its held-out rows";
    case IntervalMethod::jackknife:
      return "the network's own errors, enlarged by leverage; needs no further training";
  }
  return {};
}

Matrix spaced_rows(const Matrix& values, int most) {
  const auto count = std::min<Eigen::Index>(values.rows(), most);
  Matrix rows(count, values.cols());
  for (Eigen::Index k = 0; k < count; ++k) rows.row(k) = values.row(k * values.rows() / count);
  return rows;
}

double median_of(Vector values) {
  std::sort(values.begin(), values.end());
  return values.size() > 0 ? values[values.size() / 2] : std::nan("");
}

/// Medians of numbers, the most frequent level of words (level 0).
Vector median_row(const Encoder& encoder, const Matrix& values) {
  Vector row(values.cols());
  for (Eigen::Index c = 0; c < values.cols(); ++c) {
    const EncodedColumn& column = encoder.columns[static_cast<std::size_t>(c)];
    row[c] = column.text ? 0 : column.fill;
  }
  return row;
}

/// Columns of one step: of windows, an input's whole past changes with it.
Eigen::Index step_columns(const Model& model) {
  return model.windows.any() ? model.windows.width() : std::ssize(model.encoder.columns);
}

std::vector<LocalSlope> local_slopes(const Model& model, const Matrix& values) {
  const Vector place = median_row(model.encoder, values);
  const Matrix slopes =
      evaluate_gradient(model, place, {.intervals = false, .distance = false}).outputs;
  const std::vector<bool> used = used_columns(model);
  std::vector<LocalSlope> all;
  const Eigen::Index step = step_columns(model);
  for (Eigen::Index c = values.cols() - step; c < values.cols(); ++c) {
    const EncodedColumn& column = model.encoder.columns[static_cast<std::size_t>(c)];
    if (!used[static_cast<std::size_t>(c)] || column.text) continue;
    LocalSlope slope{.input = column.name, .unit = column.unit, .at = place[c]};
    for (Eigen::Index t = 0; t < slopes.rows(); ++t) {
      double total = 0;
      for (Eigen::Index at = c; at >= 0; at -= step) total += slopes(t, at);
      slope.slopes.push_back(total);
      slope.tenths.push_back(total * 0.1 * (column.up - column.low));
    }
    all.push_back(std::move(slope));
  }
  return all;
}

/// The inputs with the largest effects, numbers only.
std::vector<Eigen::Index> shown_inputs(const DesignResult& result) {
  const std::vector<bool> used = used_columns(result.model);
  std::vector<Eigen::Index> shown;
  const auto step = static_cast<std::size_t>(step_columns(result.model));
  for (std::size_t c = used.size() - step; c < used.size(); ++c)
    if (used[c] && !result.model.encoder.columns[c].text)
      shown.push_back(static_cast<Eigen::Index>(c));
  std::stable_sort(shown.begin(), shown.end(), [&](Eigen::Index a, Eigen::Index b) {
    return result.input_effects[static_cast<std::size_t>(a)] >
           result.input_effects[static_cast<std::size_t>(b)];
  });
  if (std::ssize(shown) > kShownInputs) shown.resize(kShownInputs);
  return shown;
}

/// Mean outputs and mean parameter uncertainty with one input at one value in all rows.
void add_place(const Model& model, Matrix rows, Eigen::Index input, double x,
               std::vector<PartialDependence>& targets) {
  for (Eigen::Index at = input; at >= 0; at -= step_columns(model)) rows.col(at).setConstant(x);
  const Matrix outputs = evaluate(model, rows, {.intervals = false, .distance = false}).outputs;
  const Matrix sd = parameter_uncertainty(model, rows);
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const auto column = static_cast<Eigen::Index>(t);
    PartialDependence& curve = targets[t];
    const double mean = outputs.col(column).mean();
    curve.x.push_back(x);
    curve.y.push_back(mean);
    if (sd.size() == 0) continue;
    curve.low.push_back(mean - 2 * sd.col(column).mean());
    curve.high.push_back(mean + 2 * sd.col(column).mean());
  }
}

std::vector<PartialDependence> dependences(const DesignResult& result, const Matrix& values) {
  const Encoder& encoder = result.model.encoder;
  const Matrix rows = spaced_rows(values, kRows);
  std::vector<PartialDependence> all;
  for (const Eigen::Index input : shown_inputs(result)) {
    const EncodedColumn& column = encoder.columns[static_cast<std::size_t>(input)];
    std::vector<PartialDependence> targets;
    for (const TargetScale& target : encoder.targets)
      targets.push_back({.input = column.name,
                         .input_unit = column.unit,
                         .target = target.name,
                         .target_unit = target.unit});
    for (int k = 0; k < kPlaces; ++k)
      add_place(result.model, rows, input,
                column.low + (column.up - column.low) * k / (kPlaces - 1.0), targets);
    for (PartialDependence& curve : targets) all.push_back(std::move(curve));
  }
  return all;
}

}  // namespace

TrustReport collect_trust(const StudyData& data, const DesignOptions& options,
                          const DesignResult& result) {
  TrustReport report{.intervals = {}, .parameter_uncertainty = {}, .problem = result.trust.problem};
  report.outside = result.test_trust.outside;
  report.drift = result.test_trust.drift;
  for (const TestTrust::Kind& kind : result.test_trust.kinds)
    report.intervals.push_back(
        {.name = std::string(interval_method_name(kind.method)),
         .explanation = explanation_of(kind.method, asks_later(result, kind.method)),
         .half_width = kind.half_width,
         .coverage = kind.coverage,
         .rows = kind.rows});
  const Matrix values = input_values(data.encoder, data.data.inputs)(data.split.design, Eigen::all);
  const Matrix sd = parameter_uncertainty(result.model, spaced_rows(values, kTypicalRows));
  for (Eigen::Index t = 0; t < sd.cols(); ++t)
    report.parameter_uncertainty.push_back(median_of(sd.col(t)));
  report.slopes = local_slopes(result.model, values);
  report.dependences = dependences(result, values);
  report.bars = collect_bars(data, options, result);
  return report;
}

}  // namespace cupel
