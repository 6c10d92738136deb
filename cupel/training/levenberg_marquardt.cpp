#include "cupel/training/levenberg_marquardt.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace cupel {
namespace {

/// What the iterations need again and again, so that none of them allocates.
struct Workspace {
  explicit Workspace(int n)
      : block(std::int64_t{n} * kJacobianRows),
        hessian(n, n),
        reduced(n, n),
        half_gradient(n),
        step(n),
        trial(n),
        product(n),
        solution(n) {
    free.reserve(static_cast<std::size_t>(n));
  }
  AlignedBuffer block;
  Matrix hessian, reduced;
  Vector half_gradient, step, trial, product, solution;
  std::vector<int> free;  ///< parameters that may move: they exist and no bound holds them
};

struct Damping {
  explicit Damping(double curvature)
      : value(1e-3 * curvature),
        smallest(1e-18 * curvature),
        largest(1e12 * std::max(1.0, curvature)) {}
  double value, smallest, largest, growth = 2;

  /// Nielsen's rule; `gain` is the fall over the predicted one.
  void relax(double gain) {
    value = std::max(smallest, value * std::max(1.0 / 3, 1 - std::pow(2 * gain - 1, 3)));
    growth = 2;
  }
  void tighten() {
    value *= growth;
    growth *= 2;
  }
};

double fill_normal_equations(const LeastSquaresProblem& problem, const Vector& x,
                             AlignedBuffer& block, Matrix& gram, Vector& half_gradient) {
  MlpEvaluator& evaluator = *problem.evaluator;
  const PackedSamples& samples = *problem.samples;
  const int n = evaluator.parameters();
  gram.setZero(n, n);
  for (int output = 0; output < samples.output_count(); ++output)
    for (int first = 0; first < samples.rows(); first += kJacobianRows) {
      const int count = std::min(kJacobianRows, samples.rows() - first);
      evaluator.jacobian(x, samples, output, first, count, block);
      evaluator.kernels().add_gram(n, block.data(), count, gram.data());
    }
  const double count = static_cast<double>(samples.rows()) * samples.output_count();
  half_gradient.resize(n);
  const double value = evaluator.loss_gradient(x, samples, {}, half_gradient) * count;
  half_gradient *= 0.5 * count;
  half_gradient.array() += problem.ridge.array() * x.array();
  return value + (problem.ridge.array() * x.array().square()).sum();
}

/// Fills work.free; returns the largest |half gradient| among them.
double find_free(const LeastSquaresProblem& problem, const Vector& x, Workspace& work) {
  work.free.clear();
  double largest = 0;
  for (int k = 0; k < x.size(); ++k) {
    if (problem.mask && !(*problem.mask)[k]) continue;
    const double slope = work.half_gradient[k];
    const bool held = (x[k] >= problem.bound && slope < 0) || (x[k] <= -problem.bound && slope > 0);
    if (held) continue;
    work.free.push_back(k);
    largest = std::max(largest, std::abs(slope));
  }
  return largest;
}

/// Solves (H + damping I) step = -g on the free parameters; false when not positive definite.
bool damped_step(Workspace& work, double damping) {
  const auto size = static_cast<Eigen::Index>(work.free.size());
  auto reduced = work.reduced.topLeftCorner(size, size);
  auto solution = work.solution.head(size);
  for (Eigen::Index j = 0; j < size; ++j) {
    for (Eigen::Index i = j; i < size; ++i)
      reduced(i, j) = work.hessian(work.free[i], work.free[j]);
    reduced(j, j) += damping;
    solution[j] = -work.half_gradient[work.free[j]];
  }
  Eigen::Ref<Matrix> place(reduced);
  const Eigen::LLT<Eigen::Ref<Matrix>> cholesky(place);
  if (cholesky.info() != Eigen::Success) return false;
  cholesky.solveInPlace(solution);
  work.step.setZero();
  for (Eigen::Index i = 0; i < size; ++i) work.step[work.free[i]] = solution[i];
  return work.step.allFinite();
}

/// Looks for a lower point in work.trial, with as much damping as that takes; false when the
/// damping grows beyond use. `value` is that of x, then that of the new point.
bool find_lower_point(const LeastSquaresProblem& problem, const Vector& x, Workspace& work,
                      Damping& damping, double& value) {
  while (damping.value <= damping.largest) {
    if (damped_step(work, damping.value)) {
      work.trial = (x + work.step).cwiseMax(-problem.bound).cwiseMin(problem.bound);
      work.step = work.trial - x;
      const double lower = penalized_sse(problem, work.trial);
      if (std::isfinite(lower) && lower < value) {
        work.product.noalias() = work.hessian * work.step;
        const double predicted =
            -2 * work.half_gradient.dot(work.step) - work.step.dot(work.product);
        damping.relax(predicted > 0 ? (value - lower) / predicted : 1);
        value = lower;
        return true;
      }
    }
    damping.tighten();
  }
  return false;
}

/// Into the box, and zero where the mask removes.
void make_feasible(const LeastSquaresProblem& problem, Vector& x) {
  x = x.cwiseMax(-problem.bound).cwiseMin(problem.bound);
  if (!problem.mask) return;
  for (int k = 0; k < x.size(); ++k)
    if (!(*problem.mask)[k]) x[k] = 0;
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
  AlignedBuffer block(std::int64_t{problem.evaluator->parameters()} * kJacobianRows);
  return fill_normal_equations(problem, x, block, gram, half_gradient);
}

DescentResult levenberg_marquardt(const LeastSquaresProblem& problem, Vector start,
                                  const LmOptions& options) {
  DescentResult result{.x = std::move(start)};
  make_feasible(problem, result.x);
  Workspace work(static_cast<int>(result.x.size()));
  const auto linearize = [&] {
    result.value =
        fill_normal_equations(problem, result.x, work.block, work.hessian, work.half_gradient);
    work.hessian.diagonal() += problem.ridge;
    ++result.evaluations;
  };
  const auto finish = [&](StopReason reason) {
    result.reason = reason;
    return std::move(result);
  };
  linearize();
  if (!std::isfinite(result.value) || !work.half_gradient.allFinite())
    return finish(StopReason::not_finite);
  Damping damping(std::max(work.hessian.diagonal().maxCoeff(), 1e-12));
  int small_falls = 0;
  while (result.iterations < options.max_iterations) {
    if (find_free(problem, result.x, work) < options.gradient_tolerance)
      return finish(StopReason::small_gradient);
    double value = result.value;
    if (!find_lower_point(problem, result.x, work, damping, value))
      return finish(StopReason::damping_limit);
    const double fall = (result.value - value) / std::max(result.value, 1e-300);
    result.x.swap(work.trial);
    linearize();
    ++result.iterations;
    if (options.stop_when && options.stop_when(result.iterations, result.x, result.value))
      return finish(StopReason::no_improvement);
    small_falls = fall < options.progress_tolerance ? small_falls + 1 : 0;
    if (small_falls >= 2) return finish(StopReason::small_progress);
  }
  return finish(StopReason::max_iterations);
}

}  // namespace cupel
