// Sensors that hang and values that cannot be: stuck tags and outliers.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/data/check_parts.hpp"

namespace cupel {
namespace {

/// Rows with the same value, one after the other.
struct Run {
  int row = 0, length = 0;
};

std::vector<Run> runs_of(const std::vector<double>& values) {
  std::vector<Run> runs;
  for (int row = 0; row < static_cast<int>(values.size()); ++row) {
    const auto at = static_cast<std::size_t>(row);
    if (std::isnan(values[at])) continue;
    const bool continues = row > 0 && values[at] == values[at - 1];
    if (continues)
      ++runs.back().length;
    else
      runs.push_back({row, 1});
  }
  return runs;
}

/// Longer than chance makes a run when two neighbors agree with probability `agree`.
double unusual_length(double agree, double rows) {
  constexpr int kShortest = 12;
  const double expected = std::log(rows) / std::log(1 / std::max(agree, 1e-3));
  return std::max<double>(kShortest, 4 * expected + 5);
}

/// The longest run, when it is a hanging sensor and not a state that the plant returns to.
Run stuck_run(const std::vector<double>& values) {
  constexpr double kMostlySame = 0.4;  // then the column holds its value as a rule
  const std::vector<Run> runs = runs_of(values);
  if (runs.empty()) return {};
  const Run longest = *std::max_element(
      runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.length < b.length; });
  const double others = static_cast<double>(values.size()) - longest.length;
  if (others < 20) return {};
  const double agree = (others - static_cast<double>(runs.size() - 1)) / others;
  if (agree > kMostlySame) return {};
  if (longest.length < unusual_length(agree, static_cast<double>(values.size()))) return {};
  const double held = values[static_cast<std::size_t>(longest.row)];
  // Nothing of it, where there is never less than nothing: not added, not running.
  const auto below = [](double value) { return value < 0; };
  if (held == 0 && std::none_of(values.begin(), values.end(), below)) return {};
  const auto similar = std::count_if(runs.begin(), runs.end(), [&](const Run& run) {
    return values[static_cast<std::size_t>(run.row)] == held && run.length >= 3 &&
           4 * run.length >= longest.length;
  });
  return similar > 2 ? Run{} : longest;
}

/// Columns that stand still over the same rows.
struct Standstill {
  Run run;
  std::vector<int> columns;
};

/// Runs that begin within a few rows of each other and are about as long belong together.
void collect(std::vector<Standstill>& standstills, int index, const Run& run) {
  constexpr int kNear = 3;
  for (Standstill& standstill : standstills) {
    const bool together = std::abs(standstill.run.row - run.row) <= kNear &&
                          std::abs(standstill.run.length - run.length) <= 2 * kNear;
    if (!together) continue;
    standstill.columns.push_back(index);
    return;
  }
  standstills.push_back({run, {index}});
}

void report_stuck(Examination& exam, int index, const Run& run) {
  const Column& column = exam.column(index);
  exam.add({.severity = Severity::warning,
            .code = "stuck",
            .column = column.name,
            .row = run.row,
            .what = fmt::format("it holds exactly {} for {} rows, while it changes elsewhere",
                                column.values[static_cast<std::size_t>(run.row)], run.length),
            .advice = "if the sensor hung, empty these cells or leave the rows out"});
}

void check_stuck(Examination& exam) {
  constexpr int kContinuous = 20;  // fewer values are a setting or a code
  constexpr std::size_t kManyColumns = 3;
  std::vector<Standstill> standstills;
  for (const int index : exam.numeric_columns()) {
    if (exam.facts_of(index).distinct < kContinuous) continue;
    const Run run = stuck_run(exam.column(index).values);
    if (run.length > 0) collect(standstills, index, run);
  }
  for (const auto& [run, columns] : standstills) {
    if (columns.size() < kManyColumns) {
      for (const int index : columns) report_stuck(exam, index, run);
      continue;
    }
    exam.add({.severity = Severity::warning,
              .code = "stuck",
              .row = run.row,
              .what = fmt::format("{} columns ('{}', '{}', …) stand still together for {} rows",
                                  columns.size(), exam.column(columns[0]).name,
                                  exam.column(columns[1]).name, run.length),
              .advice = "if the plant or its recorder stood still, leave these rows out"});
  }
}

double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

/// 1.48 × median distance from the median: the standard deviation of clean normal data.
double robust_deviation(const std::vector<double>& sorted, double middle) {
  std::vector<double> distances;
  distances.reserve(sorted.size());
  for (const double value : sorted) distances.push_back(std::abs(value - middle));
  const auto half = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), half, distances.end());
  return 1.4826 * *half;
}

/// How many of the largest of `sorted` lie far beyond a gap: a long tail has no such gap.
int beyond_gap(const std::vector<double>& sorted, double least) {
  constexpr double kWideGap = 0.5;  // of the range of all other values
  const auto rows = sorted.size();
  const std::size_t most = std::max<std::size_t>(1, rows / 200);
  int found = 0;
  for (std::size_t k = 1; k <= most; ++k) {
    const double inside = sorted[rows - k - 1], outside = sorted[rows - k];
    const double range = inside - quantile(sorted, 0.01);
    if (outside >= least && outside - inside > kWideGap * range) found = static_cast<int>(k);
  }
  return found;
}

void report_outliers(Examination& exam, int index, double limit, bool high) {
  const Column& column = exam.column(index);
  const auto is_outlier = [&](double value) { return high ? value >= limit : value <= limit; };
  const auto first = std::find_if(column.values.begin(), column.values.end(), is_outlier);
  const auto count = std::count_if(column.values.begin(), column.values.end(), is_outlier);
  const std::vector<double>& sorted = exam.facts_of(index).sorted;
  exam.add({.severity = Severity::warning,
            .code = "outliers",
            .column = column.name,
            .row = static_cast<int>(first - column.values.begin()),
            .what = fmt::format(
                "{} far {} all others (first: {:.6g}; nearly all lie between {:.6g} "
                "and {:.6g})",
                count == 1 ? "1 value lies" : fmt::format("{} values lie", count),
                high ? "above" : "below", *first, quantile(sorted, 0.01), quantile(sorted, 0.99)),
            .advice = "if it is a mistake, correct or empty the cell; one such value can spoil the "
                      "scaling"});
}

/// One tail far longer than the other, as flows and concentrations have it.
bool has_long_tail(const std::vector<double>& sorted) {
  constexpr double kLonger = 3;
  const double middle = quantile(sorted, 0.5);
  const double above = quantile(sorted, 0.98) - middle, below = middle - quantile(sorted, 0.02);
  return above > kLonger * below || below > kLonger * above;
}

/// The same order on a scale where long tails are short: sign(x) log(1 + |x| / typical |x|).
std::vector<double> on_log_scale(const std::vector<double>& sorted) {
  std::vector<double> magnitudes;
  for (const double value : sorted)
    if (value != 0) magnitudes.push_back(std::abs(value));
  if (magnitudes.empty()) return sorted;
  const auto half = magnitudes.begin() + static_cast<std::ptrdiff_t>(magnitudes.size() / 2);
  std::nth_element(magnitudes.begin(), half, magnitudes.end());
  std::vector<double> result;
  for (const double value : sorted)
    result.push_back(std::copysign(std::log1p(std::abs(value) / *half), value));
  return result;
}

int outliers_above(const std::vector<double>& sorted) {
  constexpr double kDeviations = 8;
  const double middle = quantile(sorted, 0.5);
  const double deviation = robust_deviation(sorted, middle);
  if (!(deviation > 0)) return 0;  // mostly one value: what is far from it cannot be told
  return beyond_gap(sorted, middle + kDeviations * deviation);
}

void check_outliers(Examination& exam, int index) {
  constexpr int kFewestRows = 20, kContinuous = 10;
  const ColumnFacts& facts = exam.facts_of(index);
  const std::size_t rows = facts.sorted.size();
  if (static_cast<int>(rows) < kFewestRows || facts.distinct < kContinuous) return;
  std::vector<double> values =
      has_long_tail(facts.sorted) ? on_log_scale(facts.sorted) : facts.sorted;
  if (const int high = outliers_above(values); high > 0)
    report_outliers(exam, index, facts.sorted[rows - static_cast<std::size_t>(high)], true);
  std::reverse(values.begin(), values.end());
  for (double& value : values) value = -value;
  if (const int low = outliers_above(values); low > 0)
    report_outliers(exam, index, facts.sorted[static_cast<std::size_t>(low - 1)], false);
}

}  // namespace

void check_tags(Examination& exam) {
  check_stuck(exam);
  for (const int index : exam.numeric_columns()) check_outliers(exam, index);
}

}  // namespace cupel
