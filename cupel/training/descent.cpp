#include "cupel/training/descent.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/training/line_search.hpp"

namespace cupel {
namespace {

constexpr int kProgressWindow = 5;

double largest(const Vector& v) { return v.size() == 0 ? 0 : v.lpNorm<Eigen::Infinity>(); }

}  // namespace

std::string_view stop_reason_text(StopReason reason) {
  switch (reason) {
    case StopReason::small_gradient:
      return "the gradient is small";
    case StopReason::small_progress:
      return "hardly any progress";
    case StopReason::no_descent:
      return "no lower point nearby";
    case StopReason::max_iterations:
      return "the limit of iterations";
    case StopReason::no_improvement:
      return "validation error no longer improves";
    case StopReason::damping_limit:
      return "damping limit";
    case StopReason::not_finite:
      return "the error became infinite";
    case StopReason::cancelled:
      return "cancelled";
  }
  return "";
}

DescentResult descend(const Objective& objective, Vector start, const DescentOptions& options,
                      const Kernels& kernels, const QuasiNewton& method) {
  const int n = static_cast<int>(start.size());
  DescentResult result{.x = std::move(start)};
  Vector gradient(n), direction(n), step(n), change(n);
  LineState line{Vector(n), Vector(n)};
  result.value = objective(result.x, gradient);
  result.evaluations = 1;
  double window_start = result.value;

  const auto finish = [&](StopReason reason) {
    result.reason = reason;
    return std::move(result);
  };
  if (!std::isfinite(result.value) || !gradient.allFinite()) return finish(StopReason::not_finite);
  while (result.iterations < options.max_iterations) {
    if (largest(gradient) <= options.gradient_tolerance) return finish(StopReason::small_gradient);
    bool scaled = method.direct(gradient, direction);
    double slope = kernels.dot(n, gradient.data(), direction.data());
    if (!(slope < 0)) {
      method.forget();
      scaled = false;
      direction = -gradient;
      slope = -kernels.dot(n, gradient.data(), gradient.data());
    }
    const double length = std::sqrt(kernels.dot(n, direction.data(), direction.data()));
    LineOptions line_options;
    line_options.first_step = scaled ? 1 : std::min(1.0, 1 / length);
    line_options.longest_step = std::min(options.max_step / length, 1e10);
    const LinePoint found = line_search(objective, result.x, direction, {0, result.value, slope},
                                        line_options, line, result.evaluations, kernels);
    if (found.step <= 0) {
      if (!scaled) return finish(StopReason::no_descent);
      method.forget();
      continue;
    }
    step = line.x - result.x;
    change = line.gradient - gradient;
    method.learn(step, change);
    result.x.swap(line.x);
    gradient.swap(line.gradient);
    result.value = found.value;
    ++result.iterations;
    if (options.stop_when && options.stop_when(result.iterations, result.x, result.value))
      return finish(StopReason::no_improvement);
    if (result.iterations % kProgressWindow == 0 && options.progress_tolerance > 0) {
      if (window_start - result.value <= options.progress_tolerance * std::abs(result.value))
        return finish(StopReason::small_progress);
      window_start = result.value;
    }
  }
  return finish(StopReason::max_iterations);
}

}  // namespace cupel
