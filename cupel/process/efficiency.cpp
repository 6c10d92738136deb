#include "cupel/process/efficiency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"

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

/// Half of the two-sided conformal p-value: the residuals are taken as symmetric.
double chance_of(const std::vector<double>& residuals, double shortfall) {
  if (shortfall <= 0) return 1;
  const auto larger =
      residuals.end() - std::lower_bound(residuals.begin(), residuals.end(), shortfall);
  return 0.5 * (1 + static_cast<double>(larger)) / (1 + static_cast<double>(residuals.size()));
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
  if (model.intervals.residuals.empty())
    throw Error(ErrorKind::usage, "the model has no held-out residuals, so no significance",
                "design it again with rows held out");
  const Prediction prediction = predict(model, table);
  const std::vector<double>& residuals = model.intervals.residuals[target];
  std::vector<Period> periods;
  for (int row = 0; row < table.rows; ++row) {
    const double actual = table.columns[column].values[row];
    if (std::isnan(actual)) continue;
    Period period{.row = row,
                  .actual = actual,
                  .expected = prediction.outputs(row, target),
                  .invalid = prediction.invalid[row]};
    period.shortfall = (options.less_is_better ? 1 : -1) * (actual - period.expected);
    period.p = chance_of(residuals, period.shortfall);
    periods.push_back(std::move(period));
  }
  adjust(periods, options.significance);
  return periods;
}

}  // namespace cupel
