// Inputs that are another input in other units, or coded from -1 to 1 as plans of experiments are.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

#include "cupel/data/check_parts.hpp"

namespace cupel {
namespace {

/// y = offset + slope x, where every row holds that to the digits written.
struct Line {
  double offset = 0, slope = 0;
  bool exact = false;
};

/// Through the rows with the smallest and the largest x; then every row must lie on it.
Line line_through(std::span<const double> x, std::span<const double> y) {
  std::size_t low = x.size(), high = x.size();
  for (std::size_t row = 0; row < x.size(); ++row) {
    if (std::isnan(x[row]) != std::isnan(y[row])) return {};
    if (std::isnan(x[row])) continue;
    if (low == x.size() || x[row] < x[low]) low = row;
    if (high == x.size() || x[row] > x[high]) high = row;
  }
  if (low == x.size() || x[low] == x[high]) return {};
  Line line;
  line.slope = (y[high] - y[low]) / (x[high] - x[low]);
  line.offset = y[low] - line.slope * x[low];
  const double span = std::abs(y[high] - y[low]);
  constexpr double kRounding = 1e-6;
  if (!(span > 0) || !std::isfinite(line.offset + line.slope)) return {};
  for (std::size_t row = 0; row < x.size(); ++row)
    if (!std::isnan(x[row]) &&
        !(std::abs(line.offset + line.slope * x[row] - y[row]) <= kRounding * span))
      return {};
  line.exact = true;
  return line;
}

/// Hardly any two columns pass the first rows.
bool on_a_line(const std::vector<double>& x, const std::vector<double>& y) {
  constexpr std::size_t kFirst = 256;
  const std::span<const double> all_x(x), all_y(y);
  if (x.size() > kFirst) {
    const auto is_missing = [](double value) { return std::isnan(value); };
    const auto first_x = all_x.first(kFirst);
    const bool says_something =
        std::count_if(first_x.begin(), first_x.end(), is_missing) == 0 &&
        std::adjacent_find(first_x.begin(), first_x.end(), std::not_equal_to<>()) != first_x.end();
    if (says_something && !line_through(first_x, all_y.first(kFirst)).exact) return false;
  }
  return line_through(all_x, all_y).exact;
}

/// From -1 to 1, or to a star point of a plan, around 0.
bool is_coded(const std::vector<double>& sorted) {
  return !sorted.empty() && sorted.front() < 0 && sorted.back() <= 3 &&
         std::abs(sorted.front() + sorted.back()) < 1e-3 * sorted.back();
}

}  // namespace

void check_coded(Examination& exam) {
  constexpr std::size_t kMost = 200;
  std::vector<int> inputs = exam.numeric_inputs();
  if (inputs.size() > kMost) return;
  for (std::size_t later = 1; later < inputs.size(); ++later)
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      if (inputs[earlier] < 0 || inputs[later] < 0) continue;
      if (!on_a_line(exam.column(inputs[earlier]).values, exam.column(inputs[later]).values))
        continue;
      const bool keep_later = is_coded(exam.facts_of(inputs[earlier]).sorted) &&
                              !is_coded(exam.facts_of(inputs[later]).sorted);
      int& dropped = inputs[keep_later ? earlier : later];
      const int kept = inputs[keep_later ? later : earlier];
      exam.add({.severity = Severity::warning,
                .code = "coded_copy",
                .column = exam.column(dropped).name,
                .what = fmt::format("it is '{}' in other units or coded: a straight line gives "
                                    "every row",
                                    exam.column(kept).name),
                .advice = "it adds nothing and is not used as an input",
                .drop = !exam.kept(dropped)});
      dropped = -1;
    }
}

}  // namespace cupel
