#include "cupel/process/efficiency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/model/evaluate.hpp"

namespace cupel {
namespace {

int target_of(const Model& model, const std::string& name) {
  const auto& targets = model.encoder.targets;
  std::string names;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    if (targets[t].name == name || (name.empty() && targets.size() == 1))
      return static_cast<int>(t);
    names += (names.empty() ? "" : ", ") + targets[t].name;
  }
  throw Error(ErrorKind::usage,
              name.empty() ? "the model has several targets"
                           : fmt::format("the model has no target '{}'", name),
              fmt::format("give --target, one of: {}", names));
}

/// Half the significance of the narrowest interval, of a grid, that a shortfall still leaves.
constexpr double kLargest = 0.5, kSmallest = 4e-4, kFactor = 0.85;

void add_chances(const Model& model, const Table& table, int target, bool less_is_better,
                 std::vector<Period>& periods) {
  for (double p = kLargest * kFactor; p > kSmallest; p *= kFactor) {
    const Prediction at = predict(model, table, 1 - 2 * p);
    bool any = false;
    for (Period& period : periods) {
      const bool outside = less_is_better ? period.actual > at.upper(period.row, target)
                                          : period.actual < at.lower(period.row, target);
      if (outside) period.p = p;
      any = any || outside;
    }
    if (!any) return;
  }
}

void adjust(std::vector<Period>& periods, double significance) {
  std::vector<Period*> order;
  for (Period& period : periods) order.push_back(&period);
  std::stable_sort(order.begin(), order.end(),
                   [](const Period* a, const Period* b) { return a->p < b->p; });
  double least = 1;
  for (std::size_t k = order.size(); k-- > 0;) {
    least = std::min(least,
                     order[k]->p * static_cast<double>(order.size()) / static_cast<double>(k + 1));
    order[k]->q = least;
    order[k]->falls_short = least <= significance && order[k]->invalid.empty();
  }
}

}  // namespace

std::vector<Period> analyze_efficiency(const Model& model, const Table& table,
                                       const EfficiencyOptions& options) {
  const int target = target_of(model, options.target);
  const std::string& name = model.encoder.targets[target].name;
  const int column = table.find(name);
  if (column < 0 || table.columns[column].kind != ColumnKind::number)
    throw Error(ErrorKind::bad_data,
                fmt::format("{} has no column of numbers '{}'", table.source, name),
                "the analysis compares what was measured with what the model expects");
  if (model.windows.horizon > 0)
    throw Error(ErrorKind::usage,
                "the model forecasts: it does not say what a row should have been",
                "design one with --horizon 0");
  const Prediction prediction = predict(model, table);
  if (prediction.lower.size() == 0)
    throw Error(ErrorKind::usage, "the model has no held-out residuals, so no significance",
                "design it again with rows held out");
  std::vector<Period> periods;
  for (int row = 0; row < table.rows; ++row) {
    const double actual = table.columns[column].values[row];
    // A row without a complete window has nothing to be compared with.
    if (std::isnan(actual) || std::isnan(prediction.outputs(row, target))) continue;
    Period period{.row = row,
                  .actual = actual,
                  .expected = prediction.outputs(row, target),
                  .invalid = prediction.invalid[row]};
    period.shortfall = (options.less_is_better ? 1 : -1) * (actual - period.expected);
    periods.push_back(std::move(period));
  }
  add_chances(model, table, target, options.less_is_better, periods);
  adjust(periods, options.significance);
  return periods;
}

double smallest_chance(const Model& model) {
  // An interval of a confidence that the held-out rows do not reach has no end, at any place.
  const Matrix place = Matrix::Constant(1, std::ssize(model.encoder.columns), kMissing);
  double least = kLargest;
  for (double p = kLargest * kFactor; p > kSmallest; p *= kFactor) {
    const Matrix upper = evaluate(model, place, {.confidence = 1 - 2 * p, .distance = false}).upper;
    if (!upper.array().isFinite().any()) break;
    least = p;
  }
  return least;
}

}  // namespace cupel
