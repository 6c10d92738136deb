#include "cupel/report/collect_bars.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/model/evaluate.hpp"
#include "cupel/model/input_values.hpp"

namespace cupel {
namespace {

constexpr Eigen::Index kMostBars = 80;

/// Rows with a measurement, by its value, at most kMostBars of them.
std::vector<Eigen::Index> chosen_rows(ConstVectorRef measured) {
  std::vector<Eigen::Index> rows;
  for (Eigen::Index i = 0; i < measured.size(); ++i)
    if (std::isfinite(measured[i])) rows.push_back(i);
  std::stable_sort(rows.begin(), rows.end(),
                   [&](auto a, auto b) { return measured[a] < measured[b]; });
  const auto count = std::ssize(rows), kept = std::min<std::ptrdiff_t>(count, kMostBars);
  for (std::ptrdiff_t k = 0; k < kept; ++k)
    rows[static_cast<std::size_t>(k)] =
        rows[static_cast<std::size_t>(kept < 2 ? 0 : k * (count - 1) / (kept - 1))];
  rows.resize(static_cast<std::size_t>(kept));
  return rows;
}

std::vector<double> column_of(const Matrix& matrix, Eigen::Index column) {
  if (matrix.size() == 0) return {};
  return {matrix.col(column).begin(), matrix.col(column).end()};
}

/// values [rows x columns of the encoder], measured [rows x targets].
void add_part(const Model& model, const std::string& part, const Matrix& values,
              const Matrix& measured, double confidence, std::vector<BarRows>& bars) {
  for (Eigen::Index t = 0; t < measured.cols(); ++t) {
    const std::vector<Eigen::Index> rows = chosen_rows(measured.col(t));
    if (rows.empty()) continue;
    const Matrix some = values(rows, Eigen::all);
    const Evaluation said = evaluate(model, some, {.confidence = confidence, .distance = false});
    const TargetScale& target = model.encoder.targets[static_cast<std::size_t>(t)];
    bars.push_back({.target = target.name,
                    .unit = target.unit,
                    .part = part,
                    .measured = column_of(measured(rows, Eigen::all), t),
                    .predicted = column_of(said.outputs, t),
                    .low = column_of(said.lower, t),
                    .high = column_of(said.upper, t),
                    .sd = column_of(parameter_uncertainty(model, some), t),
                    .rows = static_cast<int>(measured.rows())});
  }
}

}  // namespace

std::vector<BarRows> collect_bars(const StudyData& data, const DesignOptions& options,
                                  const DesignResult& result) {
  const Matrix values = input_values(data.encoder, data.data.inputs);
  std::vector<BarRows> bars;
  add_part(result.model, "training", values(data.split.design, Eigen::all), data.design_values,
           options.confidence, bars);
  add_part(result.model, "test", values(data.split.test, Eigen::all), data.test_values,
           options.confidence, bars);
  return bars;
}

}  // namespace cupel
