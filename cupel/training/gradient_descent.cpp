#include "cupel/training/gradient_descent.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cupel {

DescentResult adam(PenalizedLoss& objective, const PackedSamples& samples, Vector start,
                   const TrainOptions& options, const Observer& observer, Rng& rng) {
  constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;
  const int n = static_cast<int>(start.size()), rows = samples.rows();
  const int batch_rows = std::clamp(options.batch_rows, 1, rows);
  DescentResult result{.x = std::move(start)};
  Vector gradient(n), mean = Vector::Zero(n), square = Vector::Zero(n);
  PackedSamples batch = samples.with_capacity(batch_rows);
  std::vector<int> order(static_cast<std::size_t>(rows));
  std::iota(order.begin(), order.end(), 0);
  double decay1 = 1, decay2 = 1;
  while (result.iterations < options.max_iterations) {
    for (int i = rows - 1; i > 0; --i) std::swap(order[i], order[rng.below(i + 1)]);
    for (int first = 0; first < rows; first += batch_rows) {
      const int count = std::min(batch_rows, rows - first);
      batch.assign(samples, std::span(order).subspan(first, count));
      const double value = objective.on(batch, result.x, gradient);
      ++result.evaluations;
      if (!std::isfinite(value)) {
        result.reason = StopReason::not_finite;
        return result;
      }
      decay1 *= kBeta1;
      decay2 *= kBeta2;
      const double rate = options.learning_rate * std::sqrt(1 - decay2) / (1 - decay1);
      for (int k = 0; k < n; ++k) {
        mean[k] += (1 - kBeta1) * (gradient[k] - mean[k]);
        square[k] += (1 - kBeta2) * (gradient[k] * gradient[k] - square[k]);
        result.x[k] -= rate * mean[k] / (std::sqrt(square[k]) + kEpsilon);
      }
    }
    ++result.iterations;
    if (observer && observer(result.iterations, result.x, result.value)) {
      result.reason = StopReason::no_improvement;
      break;
    }
  }
  result.value = objective(result.x, gradient);
  if (!std::isfinite(result.value)) result.reason = StopReason::not_finite;
  return result;
}

DescentResult momentum(PenalizedLoss& objective, const Topology& topology, Vector start,
                       const TrainOptions& options, const Observer& observer) {
  const auto n = start.size();
  const int output_start = layer_offset(topology, static_cast<int>(topology.layers.size()) - 1);
  DescentResult result{.x = std::move(start)};
  Vector gradient(n), step = Vector::Zero(n);
  result.value = objective(result.x, gradient);
  result.evaluations = 1;
  while (result.iterations < options.max_iterations) {
    if (gradient.lpNorm<Eigen::Infinity>() <= options.gradient_tolerance) {
      result.reason = StopReason::small_gradient;
      return result;
    }
    for (Eigen::Index k = 0; k < n; ++k) {
      const bool output = k >= output_start;
      step[k] = (output ? options.output_momentum : options.hidden_momentum) * step[k] -
                (output ? options.output_rate : options.hidden_rate) * gradient[k];
      result.x[k] += step[k];
    }
    result.value = objective(result.x, gradient);
    ++result.evaluations;
    ++result.iterations;
    if (!std::isfinite(result.value)) {
      result.reason = StopReason::not_finite;
      return result;
    }
    if (observer && observer(result.iterations, result.x, result.value)) {
      result.reason = StopReason::no_improvement;
      return result;
    }
  }
  return result;
}

}  // namespace cupel
