// The order of the rows: steps of the time column, and order in time without one.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/data/check_parts.hpp"

namespace cupel {
namespace {

struct Steps {
  std::vector<double> forward;  ///< lengths of the steps ahead
  int rows = 0;                 ///< rows with a time
  int missing = 0, first_missing = -1;
  int back = 0, first_back = -1;
  int repeated = 0, first_repeated = -1;
  double longest = 0;
  int longest_row = -1;  ///< the row after it
};

Steps steps_of(const std::vector<double>& time) {
  Steps steps;
  double last = kMissing;
  for (int row = 0; row < static_cast<int>(time.size()); ++row) {
    const double now = time[static_cast<std::size_t>(row)];
    if (std::isnan(now)) {
      if (steps.missing++ == 0) steps.first_missing = row;
      continue;
    }
    const double step = now - last;
    last = now;
    ++steps.rows;
    if (std::isnan(step)) continue;
    if (step < 0 && steps.back++ == 0) steps.first_back = row;
    if (step == 0 && steps.repeated++ == 0) steps.first_repeated = row;
    if (step > 0) steps.forward.push_back(step);
    if (step > steps.longest) {
      steps.longest = step;
      steps.longest_row = row;
    }
  }
  return steps;
}

std::string duration(double seconds) {
  if (seconds < 120) return fmt::format("{:.3g} s", seconds);
  if (seconds < 7200) return fmt::format("{:.3g} min", seconds / 60);
  if (seconds < 172800) return fmt::format("{:.3g} h", seconds / 3600);
  return fmt::format("{:.4g} days", seconds / 86400);
}

void check_direction(Examination& exam, const std::string& name, const Steps& steps) {
  if (steps.back == 0) return;
  const bool reversed = steps.forward.empty();
  exam.add({.severity = reversed ? Severity::note : Severity::warning,
            .code = "time_reversed",
            .column = name,
            .row = steps.first_back,
            .what = reversed ? "the newest row comes first"
                             : fmt::format("the time goes back at {}", counted(steps.back, "row")),
            .advice = reversed ? "the rows are sorted by time"
                               : "the rows are sorted by time; if several files were joined, check "
                                 "that none is there twice"});
}

void check_uneven(Examination& exam, const std::string& name, Steps steps) {
  constexpr double kLong = 1.5;
  if (steps.forward.size() < 3) return;
  const auto middle = steps.forward.begin() + static_cast<std::ptrdiff_t>(steps.forward.size() / 2);
  std::nth_element(steps.forward.begin(), middle, steps.forward.end());
  const double usual = *middle;
  const auto uneven = std::count_if(steps.forward.begin(), steps.forward.end(), [&](double step) {
    return step > kLong * usual || step * kLong < usual;
  });
  if (uneven == 0 || steps.back > 0) return;
  exam.add(
      {.severity = Severity::note,
       .code = "time_uneven",
       .column = name,
       .row = steps.longest_row,
       .what = fmt::format("{} from the usual step of {}; the longest is {}",
                           uneven == 1 ? "1 step differs" : fmt::format("{} steps differ", uneven),
                           duration(usual), duration(steps.longest)),
       .advice = "no matter unless past rows are to be inputs"});
}

void check_time_column(Examination& exam) {
  const Column& column = exam.column(exam.resolved.time);
  const Steps steps = steps_of(column.values);
  if (column.kind == ColumnKind::text) {
    exam.add({.severity = Severity::error,
              .code = "time_unreadable",
              .column = column.name,
              .row = 0,
              .what = "the time column holds words, not time stamps",
              .advice = "write times as 2024-12-31 13:45:00"});
    return;
  }
  if (steps.missing > 0)
    exam.add({.severity = Severity::warning,
              .code = "time_missing",
              .column = column.name,
              .row = steps.first_missing,
              .what = fmt::format("{} without a time", counted(steps.missing, "row")),
              .advice = "each stays behind the row above it"});
  if (steps.repeated > 0)
    exam.add({.severity = Severity::warning,
              .code = "time_repeated",
              .column = column.name,
              .row = steps.first_repeated,
              .what = fmt::format("{} with the same time as the row above",
                                  counted(steps.repeated, "row")),
              .advice = "check for rows that were recorded or joined twice"});
  check_direction(exam, column.name, steps);
  check_uneven(exam, column.name, steps);
}

/// Correlation of each row's value with the next one's; missing cells break the chain.
double autocorrelation(const std::vector<double>& x) {
  double mean = 0, count = 0;
  for (const double value : x)
    if (!std::isnan(value)) mean += value, ++count;
  if (count < 3) return 0;
  mean /= count;
  double both = 0, one = 0, pairs = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i])) continue;
    one += (x[i] - mean) * (x[i] - mean);
    if (i == 0 || std::isnan(x[i - 1])) continue;
    both += (x[i] - mean) * (x[i - 1] - mean);
    ++pairs;
  }
  return one > 0 && pairs > 0 ? both / pairs / (one / count) : 0;
}

void check_order(Examination& exam) {
  constexpr double kHigh = 0.8;
  constexpr int kFewestRows = 50, kContinuous = 20;
  if (exam.table.rows < kFewestRows) return;
  const auto goes_on = [&](int index) {
    return autocorrelation(exam.column(index).values) > kHigh;
  };
  int inputs = 0, going_on = 0;
  for (const int index : exam.numeric_inputs()) {
    if (exam.facts_of(index).distinct < kContinuous) continue;
    ++inputs;
    going_on += goes_on(index);
  }
  if (inputs == 0 || 3 * going_on < 2 * inputs) return;
  for (const int target : exam.resolved.targets) {
    if (exam.column(target).kind != ColumnKind::number || !goes_on(target)) continue;
    exam.add({.severity = Severity::note,
              .code = "ordered",
              .column = {},
              .what = fmt::format("the rows look ordered in time: '{}' and most inputs change "
                                  "little from row to row",
                                  exam.column(target).name),
              .advice = "if so, use --split ordered: a random test part would be too easy"});
    return;
  }
}

}  // namespace

void check_time(Examination& exam) {
  if (exam.resolved.time >= 0)
    check_time_column(exam);
  else if (exam.resolved.group < 0)
    check_order(exam);
}

}  // namespace cupel
