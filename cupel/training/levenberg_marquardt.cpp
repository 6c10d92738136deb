#include "cupel/training/levenberg_marquardt.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace cupel {
namespace {

/// Indices that may move: they exist and are not held at a bound.
std::vector<int> free_parameters(const LeastSquaresProblem& problem, const Vector& x,
                                 const Vector& half_gradient) {
  std::vector<int> free;
  for (int k = 0; k < x.size(); ++k) {
    if (problem.mask && !(*problem.mask)[k]) continue;
    const bool held = (x[k] >= problem.bound && half_gradient[k] < 0) ||
                      (x[k] <= -problem.bound && half_gradient[k] > 0);
    if (!held) free.push_back(k);
  }
  return free;
}

/// Solves (H + damping I) s = -g on the free parameters; false when not positive definite.
bool damped_step(const Matrix& hessian, const Vector& half_gradient, const std::vector<int>& free,
                 double damping, Vector& step) {
  Matrix reduced = hessian(free, free);
  reduced.diagonal().array() += damping;
  const Eigen::LLT<Eigen::Ref<Matrix>> cholesky(reduced);
  if (cholesky.info() != Eigen::Success) return false;
  const Vector solution = cholesky.solve(-half_gradient(free));
  step.setZero();
  for (int i = 0; i < static_cast<int>(free.size()); ++i) step[free[i]] = solution[i];
  return step.allFinite();
}

}  // namespace

double penalized_sse(const LeastSquaresProblem& problem, const Vector& x) {
  const double count =
      static_cast<double>(problem.samples->rows()) * problem.samples->output_count();
  return problem.evaluator->loss(x, *problem.samples, {}) * count +
         (problem.ridge.array() * x.array().square()).sum();
}

double normal_equations(const LeastSquaresProblem& problem, const Vector& x, Matrix& gram,
                        Vector& half_gradient) {
  MlpEvaluator& evaluator = *problem.evaluator;
  const PackedSamples& samples = *problem.samples;
  const int n = evaluator.parameters();
  gram.setZero(n, n);
  AlignedBuffer block(std::int64_t{n} * kJacobianRows);
  for (int output = 0; output < samples.output_count(); ++output)
    for (int first = 0; first < samples.rows(); first += kJacobianRows) {
      const int count = std::min(kJacobianRows, samples.rows() - first);
      evaluator.jacobian(x, samples, output, first, count, block);
      evaluator.kernels().add_gram(n, block.data(), count, gram.data());
    }
  const double count = static_cast<double>(samples.rows()) * samples.output_count();
  const double value = evaluator.loss_gradient(x, samples, {}, half_gradient) * count;
  half_gradient *= 0.5 * count;
  half_gradient.array() += problem.ridge.array() * x.array();
  return value + (problem.ridge.array() * x.array().square()).sum();
}

DescentResult levenberg_marquardt(const LeastSquaresProblem& problem, Vector start,
                                  const LmOptions& options) {
  const int n = static_cast<int>(start.size());
  DescentResult result{.x = std::move(start)};
  result.x = result.x.cwiseMax(-problem.bound).cwiseMin(problem.bound);
  if (problem.mask)
    for (int k = 0; k < n; ++k)
      if (!(*problem.mask)[k]) result.x[k] = 0;
  Matrix hessian(n, n);
  Vector half_gradient(n), step(n), trial(n);
  const auto linearize = [&] {
    result.value = normal_equations(problem, result.x, hessian, half_gradient);
    hessian.diagonal() += problem.ridge;
    ++result.evaluations;
  };
  const auto finish = [&](StopReason reason) {
    result.reason = reason;
    return std::move(result);
  };
  linearize();
  if (!std::isfinite(result.value)) return finish(StopReason::not_finite);
  double damping = 1e-3 * std::max(hessian.diagonal().maxCoeff(), 1e-12), growth = 2;
  int small_falls = 0;
  for (; result.iterations < options.max_iterations; ++result.iterations) {
    const std::vector<int> free = free_parameters(problem, result.x, half_gradient);
    double largest = 0;
    for (int k : free) largest = std::max(largest, std::abs(half_gradient[k]));
    if (largest < options.gradient_tolerance) return finish(StopReason::small_gradient);
    double value = result.value;
    for (;;) {
      if (damping > 1e12) return finish(StopReason::damping_limit);
      if (damped_step(hessian, half_gradient, free, damping, step)) {
        trial = (result.x + step).cwiseMax(-problem.bound).cwiseMin(problem.bound);
        step = trial - result.x;
        value = penalized_sse(problem, trial);
        const double predicted =
            -2 * half_gradient.dot(step) - step.dot(hessian.selfadjointView<Eigen::Lower>() * step);
        if (std::isfinite(value) && value < result.value) {
          const double gain = predicted > 0 ? (result.value - value) / predicted : 1;
          damping *= std::max(1.0 / 3, 1 - std::pow(2 * gain - 1, 3));
          growth = 2;
          break;
        }
      }
      damping *= growth;
      growth *= 2;
    }
    const double fall = (result.value - value) / std::max(result.value, 1e-300);
    result.x = trial;
    linearize();
    small_falls = fall < options.progress_tolerance ? small_falls + 1 : 0;
    if (small_falls >= 2) return finish(StopReason::small_progress);
    if (options.stop_when && options.stop_when(result.iterations, result.x, result.value))
      return finish(StopReason::no_improvement);
  }
  return finish(StopReason::max_iterations);
}

}  // namespace cupel
