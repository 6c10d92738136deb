// Inputs that give the target away: usually computed from it, or known only after it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/shell_word.hpp"
#include "cupel/data/check_parts.hpp"

namespace cupel {
namespace {

/// The rows where both are known.
struct Pairs {
  std::vector<double> x, y;
  std::size_t size() const { return x.size(); }
};

/// The power of two that brings all values into [-1, 1]: exact, and squares neither overflow nor
/// vanish.
double scale_of(const ColumnFacts& facts) {
  const double largest = std::max(std::abs(facts.sorted.front()), std::abs(facts.sorted.back()));
  int exponent = 0;
  std::frexp(largest, &exponent);
  return std::ldexp(1.0, std::clamp(-exponent, -1000, 1000));
}

/// Repeats count as one row, with the mean of their targets: what is common to the readings of a
/// specimen is no more than one number that a column could have been computed from.
Pairs without_repeats(const Examination& exam, const std::vector<double>& xs,
                      const std::vector<double>& ys) {
  struct Sum {
    double x = 0, y = 0, rows = 0;
  };
  std::vector<Sum> sums(static_cast<std::size_t>(exam.together.settings));
  for (std::size_t k = 0; k < exam.complete_rows.size(); ++k) {
    const auto row = static_cast<std::size_t>(exam.complete_rows[k]);
    if (std::isnan(xs[row]) || std::isnan(ys[row])) continue;
    Sum& sum = sums[static_cast<std::size_t>(exam.together.setting[k])];
    sum = {xs[row], sum.y + ys[row], sum.rows + 1};
  }
  Pairs pairs;
  for (const Sum& sum : sums) {
    if (sum.rows == 0) continue;
    pairs.x.push_back(sum.x);
    pairs.y.push_back(sum.y / sum.rows);
  }
  return pairs;
}

Pairs known_pairs(const std::vector<double>& xs, const std::vector<double>& ys) {
  Pairs pairs;
  pairs.x.reserve(xs.size());
  pairs.y.reserve(ys.size());
  for (std::size_t row = 0; row < xs.size(); ++row) {
    if (std::isnan(xs[row]) || std::isnan(ys[row])) continue;
    pairs.x.push_back(xs[row]);
    pairs.y.push_back(ys[row]);
  }
  return pairs;
}

Pairs scaled_pairs(const Examination& exam, int input, int target) {
  const double x_scale = scale_of(exam.facts_of(input)), y_scale = scale_of(exam.facts_of(target));
  std::vector<double> xs = exam.column(input).values, ys = exam.column(target).values;
  for (double& x : xs) x *= x_scale;
  for (double& y : ys) y *= y_scale;
  return exam.together.unit.empty() ? known_pairs(xs, ys) : without_repeats(exam, xs, ys);
}

struct Line {
  double slope = 0, intercept = 0, r2 = 0;
  double residual = 0;  ///< sum of squares
};

/// Least squares of y on x over [begin, end).
Line fit_line(const Pairs& pairs, std::size_t begin, std::size_t end) {
  const auto n = static_cast<double>(end - begin);
  double mean_x = 0, mean_y = 0;
  for (std::size_t i = begin; i < end; ++i) {
    mean_x += pairs.x[i];
    mean_y += pairs.y[i];
  }
  mean_x /= n;
  mean_y /= n;
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const double dx = pairs.x[i] - mean_x, dy = pairs.y[i] - mean_y;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  Line line;
  line.slope = xx > 0 ? xy / xx : 0;
  line.intercept = mean_y - line.slope * mean_x;
  line.residual = std::max(0.0, yy - line.slope * xy);
  line.r2 = yy > 0 ? 1 - line.residual / yy : 0;
  return line;
}

Pairs sorted_by_x(const Pairs& pairs) {
  std::vector<std::pair<double, double>> both;
  both.reserve(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) both.emplace_back(pairs.x[i], pairs.y[i]);
  std::sort(both.begin(), both.end());
  Pairs sorted;
  for (const auto& [x, y] : both) {
    sorted.x.push_back(x);
    sorted.y.push_back(y);
  }
  return sorted;
}

/// Without the hundredth of the rows at each end of x and of y: one wild row of both must not make
/// a line.
Pairs inner_pairs(const Pairs& pairs) {
  const auto limits = [](std::vector<double> values) {
    const std::size_t cut = std::max<std::size_t>(1, values.size() / 100);
    std::sort(values.begin(), values.end());
    return std::pair(values[cut], values[values.size() - 1 - cut]);
  };
  const auto [x_low, x_high] = limits(pairs.x);
  const auto [y_low, y_high] = limits(pairs.y);
  Pairs inner;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double x = pairs.x[i], y = pairs.y[i];
    if (x < x_low || x > x_high || y < y_low || y > y_high) continue;
    inner.x.push_back(x);
    inner.y.push_back(y);
  }
  return inner;
}

std::size_t distinct_x(const Pairs& pairs, std::size_t begin, std::size_t end) {
  std::size_t count = begin < end ? 1 : 0;
  for (std::size_t i = begin + 1; i < end; ++i) count += pairs.x[i] != pairs.x[i - 1];
  return count;
}

/// The end of a piece of at least `rows` rows and `values` values of x; equal x stay together.
std::size_t piece_end(const Pairs& pairs, std::size_t begin, std::size_t rows, std::size_t values) {
  std::size_t end = begin, met = 0;
  while (end < pairs.size()) {
    const bool is_new = end == begin || pairs.x[end] != pairs.x[end - 1];
    if (is_new && end - begin >= rows && met >= values) break;
    met += is_new;
    ++end;
  }
  return end;
}

/// Share of y's variance that any curve of x explains: a line in each of up to 200 pieces of x
/// (for words: a mean a word), corrected for the number of pieces. A piece holds ten values of x
/// (of a few levels: one): a value that a specimen's rows share may explain them, but no other.
double curve_r2(const Pairs& pairs, bool words) {
  constexpr std::size_t kFewest = 10, kLevels = 20;
  const std::size_t rows = pairs.size();
  const std::size_t piece = words ? 1 : std::max(kFewest, rows / 200);
  const std::size_t values = words || distinct_x(pairs, 0, rows) <= kLevels ? 1 : kFewest;
  double residual = 0;
  std::size_t parameters = 0;
  for (std::size_t begin = 0, end = 0; begin < rows; begin = end) {
    end = piece_end(pairs, begin, piece, values);
    if (piece_end(pairs, end, piece, values) == rows && distinct_x(pairs, end, rows) < values)
      end = rows;  // too few values are left for a piece of their own
    residual += fit_line(pairs, begin, end).residual;
    parameters += pairs.x[begin] == pairs.x[end - 1] ? 1 : 2;
  }
  const Line all = fit_line(pairs, 0, rows);
  const double total = all.r2 < 1 ? all.residual / (1 - all.r2) : all.residual;
  if (!(total > 0) || 2 * parameters > rows) return 0;
  return 1 -
         residual / total * static_cast<double>(rows - 1) / static_cast<double>(rows - parameters);
}

/// Whether x still explains y without the outermost rows, where enough are left to tell.
bool holds_inside(const Pairs& pairs) {
  constexpr double kStill = 0.9;
  constexpr std::size_t kFewestRows = 10;
  const Pairs inner = inner_pairs(pairs);
  return inner.size() < kFewestRows || fit_line(inner, 0, inner.size()).r2 >= kStill ||
         curve_r2(sorted_by_x(inner), false) >= kStill;
}

/// Is y a line through x, rounded? `quantum` is the smallest step between values of y.
bool is_rounded_line(const Pairs& pairs, double quantum) {
  constexpr double kWithin = 0.75, kShare = 0.98, kLinear = 0.9;
  const Line line = fit_line(pairs, 0, pairs.size());
  if (line.r2 < kLinear) return false;
  std::size_t within = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double expected = line.intercept + line.slope * pairs.x[i];
    within += std::abs(pairs.y[i] - expected) <= kWithin * quantum;
  }
  return static_cast<double>(within) >= kShare * static_cast<double>(pairs.size());
}

/// On the scale of scaled_pairs.
double smallest_step(const ColumnFacts& facts) {
  const std::vector<double>& sorted = facts.sorted;
  const double scale = scale_of(facts);
  double step = INFINITY;
  const double negligible = 1e-9 * (sorted.back() * scale - sorted.front() * scale);
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const double difference = sorted[i] * scale - sorted[i - 1] * scale;
    if (difference > negligible) step = std::min(step, difference);
  }
  return step;
}

std::string r2_text(double r2) { return fmt::format("{:.5g}", std::min(r2, 1.0)); }

void report_leak(Examination& exam, int input, int target, double r2) {
  constexpr double kCertain = 0.999;
  const std::string& name = exam.column(input).name;
  const std::string& target_name = exam.column(target).name;
  const bool stop = r2 >= kCertain && !exam.kept(input);
  exam.add({.severity = stop ? Severity::error : Severity::warning,
            .code = "leak",
            .column = name,
            .what = fmt::format("it alone {} the target '{}' (R² = {})",
                                r2 >= kCertain ? "reproduces" : "nearly reproduces", target_name,
                                r2_text(r2)),
            .advice = fmt::format("if it is computed from '{}' or known only after it, leave it "
                                  "out: {}; if it is a true input: {}",
                                  target_name, shell_option("--ignore", name),
                                  shell_option("--keep", name))});
}

void report_rounded(Examination& exam, int input, int target, double r2) {
  const std::string& name = exam.column(input).name;
  const std::string& target_name = exam.column(target).name;
  exam.add({.severity = Severity::warning,
            .code = "leak",
            .column = name,
            .what = fmt::format("up to rounding it is the target '{}' on another scale (R² = {})",
                                target_name, r2_text(r2)),
            .advice = fmt::format("if one is computed from the other, leave it out: {}; "
                                  "if it is a true input: {}",
                                  shell_option("--ignore", name), shell_option("--keep", name))});
}

/// Rounding hides a copy: given the one column, the other follows, but not the reverse.
bool is_rounded_copy(const Examination& exam, int input, int target, const Pairs& pairs) {
  constexpr int kFewestValues = 5;
  const ColumnFacts& x = exam.facts_of(input);
  const ColumnFacts& y = exam.facts_of(target);
  if (x.distinct >= kFewestValues && is_rounded_line(Pairs{pairs.y, pairs.x}, smallest_step(x)))
    return true;
  return y.distinct >= kFewestValues && is_rounded_line(pairs, smallest_step(y));
}

void check_pair(Examination& exam, int input, int target) {
  constexpr double kSuspicious = 0.98, kCertain = 0.999, kSuspiciousCurve = 0.995;
  constexpr std::size_t kFewestRows = 10, kFewestForCurves = 50;
  if (exam.facts_of(input).sorted.empty()) return;
  const Pairs pairs = scaled_pairs(exam, input, target);
  if (pairs.size() < kFewestRows) return;
  const bool words = exam.column(input).kind == ColumnKind::text;
  const double line = words ? 0 : fit_line(pairs, 0, pairs.size()).r2;
  double curve = 0;
  if (line < kCertain && pairs.size() >= kFewestForCurves)
    curve = curve_r2(sorted_by_x(pairs), words);
  if (line >= kSuspicious || curve >= kSuspiciousCurve) {
    if (!words && !holds_inside(pairs)) return;
    report_leak(exam, input, target, std::max(line, curve));
    if (std::max(line, curve) >= kCertain) exam.leaking.emplace_back(input, target);
    return;
  }
  if (!words && is_rounded_copy(exam, input, target, pairs))
    report_rounded(exam, input, target, line);
}

}  // namespace

void check_leaks(Examination& exam) {
  for (const int target : exam.resolved.targets) {
    const ColumnKind kind = exam.column(target).kind;
    const int values = exam.facts_of(target).distinct;
    const bool two_words = kind == ColumnKind::text && values == 2;  // their numbers are 0 and 1
    if ((kind != ColumnKind::number && !two_words) || values < 2) continue;
    for (const int input : exam.remaining_inputs())
      if (exam.column(input).kind != ColumnKind::time) check_pair(exam, input, target);
  }
}

}  // namespace cupel
