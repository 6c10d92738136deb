#include "cupel/study/dead_time_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/data/dead_times.hpp"

namespace cupel {
namespace {

/// Rows that a response goes on for, at least, once it has begun.
constexpr int kResponse = 5;
/// Lags looked at beyond a window's length.
constexpr int kBeyond = 30;

struct DesignOrder {
  std::vector<int> rows;    ///< positions in Split::design, run by run
  std::vector<int> starts;  ///< where runs begin
};

double usual_step(const std::vector<double>& time, const std::vector<int>& rows) {
  std::vector<double> steps;
  for (std::size_t k = 1; k < rows.size(); ++k) {
    const double step =
        time[static_cast<std::size_t>(rows[k])] - time[static_cast<std::size_t>(rows[k - 1])];
    if (step > 0) steps.push_back(step);
  }
  if (steps.empty()) return 0;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

/// Group by group in the order of time; a missing row begins a new run.
DesignOrder order_of(const StudyData& study) {
  const Dataset& data = study.data;
  const std::vector<int>& design = study.split.design;
  const auto group = [&](int position) {
    return data.group.empty() ? 0 : data.group[static_cast<std::size_t>(design[position])];
  };
  DesignOrder order;
  for (int k = 0; k < static_cast<int>(design.size()); ++k) order.rows.push_back(k);
  std::stable_sort(order.rows.begin(), order.rows.end(),
                   [&](int a, int b) { return group(a) < group(b); });
  std::vector<int> rows;
  for (const int position : order.rows) rows.push_back(design[position]);
  const double step = data.time.empty() ? 0 : usual_step(data.time, rows);
  for (std::size_t k = 1; k < rows.size(); ++k) {
    bool cut = group(order.rows[k]) != group(order.rows[k - 1]);
    if (data.time.empty())
      cut = cut || rows[k] != rows[k - 1] + 1;
    else
      cut = cut || !(data.time[static_cast<std::size_t>(rows[k])] -
                         data.time[static_cast<std::size_t>(rows[k - 1])] <
                     1.5 * step);
    if (cut) order.starts.push_back(static_cast<int>(k));
  }
  return order;
}

}  // namespace

std::vector<Finding> dead_time_findings(const StudyData& study) {
  if (!study.windows.any()) return {};
  const int steps = study.data.steps;
  const auto columns = study.encoder.columns.size() / static_cast<std::size_t>(steps);
  const DesignOrder order = order_of(study);
  // The last step of each window: the inputs as they are known when it ends.
  std::vector<int> features;
  for (int f = 0; f < study.encoder.inputs(); ++f) {
    const Feature& feature = study.encoder.features[static_cast<std::size_t>(f)];
    const auto column = static_cast<std::size_t>(feature.column);
    const bool last = column >= study.encoder.columns.size() - columns;
    const bool past_target =
        last && column - (study.encoder.columns.size() - columns) >= study.windows.inputs.size();
    if (last && !past_target && feature.level < 0 && feature.factor != 0) features.push_back(f);
  }
  const Matrix inputs = study.design_inputs(order.rows, features);
  const int most = std::min(steps + kBeyond, static_cast<int>(order.rows.size()) / 10);
  std::string found, beyond;
  int farthest = 0;
  for (int t = 0; t < study.targets(); ++t) {
    const Vector target = study.design_targets(order.rows, t);
    const std::vector<DeadTime> times = find_dead_times(inputs, target, order.starts, most);
    for (std::size_t k = 0; k < times.size(); ++k) {
      if (!times[k].found) continue;
      const auto column = static_cast<std::size_t>(
          study.encoder.features[static_cast<std::size_t>(features[k])].column);
      const std::string text = fmt::format(
          "{} {} on {}", study.windows.inputs[column - (study.encoder.columns.size() - columns)],
          times[k].rows + study.windows.horizon,
          study.data.targets[static_cast<std::size_t>(t)].name);
      found += (found.empty() ? "" : ", ") + text;
      if (times[k].rows < steps) continue;
      beyond += (beyond.empty() ? "" : ", ") + text;
      farthest = std::max(farthest, times[k].rows);
    }
  }
  std::vector<Finding> findings;
  if (!found.empty())
    findings.push_back({.severity = Severity::note,
                        .code = "dead_time",
                        .what = "dead times found on the design rows, in rows: " + found,
                        .advice = "by cross-correlation: a first estimate"});
  if (!beyond.empty())
    findings.push_back(
        {.severity = Severity::warning,
         .code = "dead_time_beyond",
         .what = fmt::format("windows of {} rows do not reach back to where inputs act: {}", steps,
                             beyond),
         .advice = fmt::format("use --window {}", farthest + kResponse)});
  return findings;
}

}  // namespace cupel
