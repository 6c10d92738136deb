#include "cupel/training/line_search.hpp"

#include <algorithm>
#include <cmath>

namespace cupel {
namespace {

/// Minimum of the cubic through two points and their slopes, kept inside the interval.
double cubic_minimum(const LinePoint& a, const LinePoint& b) {
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step);
  const double root = d1 * d1 - a.slope * b.slope;
  double step = 0.5 * (a.step + b.step);
  if (root >= 0) {
    const double d2 = std::copysign(std::sqrt(root), b.step - a.step);
    const double guess =
        b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
    if (std::isfinite(guess)) step = guess;
  }
  const double low = std::min(a.step, b.step), width = std::abs(b.step - a.step);
  return std::clamp(step, low + 0.1 * width, low + 0.9 * width);
}

}  // namespace

LinePoint line_search(const Objective& objective, const Vector& origin, const Vector& direction,
                      LinePoint start, const LineOptions& options, LineState& state,
                      int& evaluations, const Kernels& kernels) {
  const int n = static_cast<int>(origin.size());
  const auto evaluate = [&](double step) {
    state.x = origin;
    kernels.axpy(n, step, direction.data(), state.x.data());
    ++evaluations;
    LinePoint point{step, objective(state.x, state.gradient), 0};
    point.slope = kernels.dot(n, state.gradient.data(), direction.data());
    return point;
  };
  const auto too_high = [&](const LinePoint& p) {
    return !(p.value <= start.value + options.sufficient_decrease * p.step * start.slope);
  };
  const auto flat = [&](const LinePoint& p) {
    return std::abs(p.slope) <= options.curvature * std::abs(start.slope);
  };

  LinePoint low = start, high{};
  bool bracketed = false;
  double step = std::min(options.first_step, options.longest_step);
  LinePoint last{};
  for (int k = 0; k < options.max_evaluations; ++k) {
    last = evaluate(step);
    if (!std::isfinite(last.value) || !std::isfinite(last.slope)) {
      high = {step, std::numeric_limits<double>::infinity(), 0};
      bracketed = true;
      step = 0.5 * (low.step + step);
      continue;
    }
    if (too_high(last) || last.value >= low.value) {
      high = last;
      bracketed = true;
    } else if (flat(last)) {
      return last;
    } else {
      if (bracketed) {
        if (last.slope * (high.step - low.step) >= 0) high = low;
      } else if (last.slope >= 0) {
        high = low;
        bracketed = true;
      }
      low = last;
      if (!bracketed && last.step >= options.longest_step) return last;
    }
    if (bracketed)
      step = std::isfinite(high.value) ? cubic_minimum(low, high) : 0.5 * (low.step + high.step);
    else
      step = std::min(4 * last.step, options.longest_step);
    if (bracketed &&
        std::abs(high.step - low.step) * std::abs(start.slope) < 1e-16 * std::abs(start.value))
      break;
  }
  if (low.step <= 0) return {0, start.value, start.slope};
  return last.step == low.step ? last : evaluate(low.step);
}

}  // namespace cupel
