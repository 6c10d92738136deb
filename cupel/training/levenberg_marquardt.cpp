#include "cupel/training/levenberg_marquardt.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <cstring>

namespace cupel {
namespace {

struct Damping {
  Damping(double curvature, double share)
      : value(share * curvature),
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

/// Of the differences of a gradient, relative: their error is about its square.
constexpr double kDifference = 1e-5;

double penalty(const LeastSquaresProblem& problem, const Vector& x) {
  return (problem.ridge.array() * x.array().square()).sum();
}

/// Into the box, and zero where the mask removes.
void make_feasible(const LeastSquaresProblem& problem, Vector& x) {
  x = x.cwiseMax(-problem.bound).cwiseMin(problem.bound);
  if (!problem.mask) return;
  for (int k = 0; k < x.size(); ++k)
    if (!(*problem.mask)[k]) x[k] = 0;
}

/// The residuals of rows first … first + count - 1 as one column of a Jacobian block.
void copy_residuals(const PackedSamples& samples, const double* packed, int output, int first,
                    int count, double* column) {
  const std::int64_t outputs = samples.output_count();
  for (int at = 0; at < count; at += kChunk)
    std::memcpy(column + at, packed + (first + at) * outputs + std::int64_t{output} * kChunk,
                kChunk * sizeof(double));
}

}  // namespace

void fill_jacobian_block(const LeastSquaresProblem& problem, const Vector& parameters, int output,
                         int first, int count, LmWorkspace& work) {
  problem.evaluator->jacobian(parameters, *problem.samples, output, first, count, work.block);
  const std::size_t bytes = static_cast<std::size_t>(count + kLanes - 1) / kLanes * kLanes * 8;
  for (std::size_t k = 0; k < work.exists.size(); ++k)
    if (work.exists[k] != static_cast<int>(k))
      std::memcpy(work.block.data() + k * kJacobianRows,
                  work.block.data() + static_cast<std::size_t>(work.exists[k]) * kJacobianRows,
                  bytes);
}

/// One solve: the problem, the point, and the workspace as they go on together.
class LmSolver {
 public:
  LmSolver(const LeastSquaresProblem& problem, LmWorkspace& work) : problem_(problem), work_(work) {
    const auto n = static_cast<int>(problem.ridge.size());
    work.exists.clear();
    for (int k = 0; k < n; ++k)
      if (!problem.mask || (*problem.mask)[k]) work.exists.push_back(k);
    const auto p = static_cast<Eigen::Index>(work.exists.size());
    const std::int64_t block = (std::int64_t{n} + 1) * kJacobianRows;
    const std::int64_t packed = packed_size(*problem.samples);
    if (work.block_size_ < block) work.block = AlignedBuffer(work.block_size_ = block);
    if (work.residuals_size_ < packed) {
      work.residuals = AlignedBuffer(packed);
      work.trial_residuals_ = AlignedBuffer(work.residuals_size_ = packed);
    }
    work.hessian.resize(p, p);
    work.reduced_.resize(p, p);
    work.gram_.resize(p + 1, p + 1);
    for (Vector* vector : {&work.half_gradient, &work.step_, &work.product_, &work.solution_})
      vector->resize(p);
    work.free_.reserve(static_cast<std::size_t>(p));
  }

  double value_at(const Vector& x) {
    work_.sse = problem_.evaluator->residuals(x, *problem_.samples, work_.residuals);
    return work_.sse + penalty(problem_, x);
  }

  /// Fills hessian and half_gradient from the residuals, which are those of x. The residuals are
  /// one more column of the Jacobian: JᵀJ and Jᵀe in one product.
  void linearize(const Vector& x) {
    const PackedSamples& samples = *problem_.samples;
    const auto p = static_cast<int>(work_.exists.size());
    work_.gram_.setZero();
    for (int output = 0; output < samples.output_count(); ++output)
      for (int first = 0; first < samples.rows(); first += kJacobianRows) {
        const int count = std::min(kJacobianRows, samples.rows() - first);
        fill_jacobian_block(problem_, x, output, first, count, work_);
        copy_residuals(samples, work_.residuals.data(), output, first, count,
                       work_.block.data() + std::int64_t{p} * kJacobianRows);
        problem_.evaluator->kernels().add_gram(p + 1, work_.block.data(), count,
                                               work_.gram_.data());
      }
    work_.hessian = work_.gram_.topLeftCorner(p, p);
    work_.half_gradient = work_.gram_.col(p).head(p);
    for (int k = 0; k < p; ++k) {
      const double ridge = problem_.ridge[work_.exists[k]];
      work_.hessian(k, k) += ridge;
      work_.half_gradient[k] += ridge * x[work_.exists[k]];
    }
  }

  /// Adds to the steps' curvature what JᵀJ leaves out, at the free parameters: differences of the
  /// half gradient on both sides, less JᵀJ + ridge.
  void add_second_order(const Vector& x) {
    const auto p = static_cast<Eigen::Index>(work_.exists.size());
    work_.second_.setZero(p, p);
    const double count =
        static_cast<double>(problem_.samples->rows()) * problem_.samples->output_count();
    Vector moved = x, above(x.size()), below(x.size());
    for (const int k : work_.free_) {
      const int place = work_.exists[k];
      const double step = kDifference * std::max(1.0, std::abs(x[place]));
      moved[place] = x[place] + step;
      problem_.evaluator->loss_gradient(moved, *problem_.samples, {}, above);
      moved[place] = x[place] - step;
      problem_.evaluator->loss_gradient(moved, *problem_.samples, {}, below);
      moved[place] = x[place];
      for (const int i : work_.free_)
        work_.second_(i, k) =
            count * (above[work_.exists[i]] - below[work_.exists[i]]) / (4 * step) -
            work_.hessian(i, k);
      work_.second_(k, k) += problem_.ridge[place];
    }
    work_.second_ = (0.5 * (work_.second_ + work_.second_.transpose())).eval();
    newton_ = true;
  }

  /// Finds the free parameters; returns the largest |half gradient| among them.
  double find_free(const Vector& x) {
    work_.free_.clear();
    double largest = 0;
    for (int k = 0; k < static_cast<int>(work_.exists.size()); ++k) {
      const double slope = work_.half_gradient[k], at = x[work_.exists[k]];
      const bool held = (at >= problem_.bound && slope < 0) || (at <= -problem_.bound && slope > 0);
      if (held) continue;
      work_.free_.push_back(k);
      largest = std::max(largest, std::abs(slope));
    }
    return largest;
  }

  /// Moves x to a lower point, with as much damping as that takes; false when the damping grows
  /// beyond use. `value` is that of x, then that of the new point.
  bool descend(Vector& x, Damping& damping, double& value) {
    while (damping.value <= damping.largest) {
      if (damped_step(damping.value)) {
        work_.trial_ = x;
        for (std::size_t k = 0; k < work_.exists.size(); ++k) {
          double& moved = work_.trial_[work_.exists[k]];
          const double from = moved, to = from + work_.step_[static_cast<Eigen::Index>(k)];
          moved = std::min(problem_.bound, std::max(-problem_.bound, to));
          work_.step_[static_cast<Eigen::Index>(k)] = moved - from;
        }
        const double sse =
            problem_.evaluator->residuals(work_.trial_, *problem_.samples, work_.trial_residuals_);
        const double lower = sse + penalty(problem_, work_.trial_);
        if (std::isfinite(lower) && lower < value) {
          work_.product_.noalias() = work_.hessian * work_.step_;
          if (newton_) work_.product_.noalias() += work_.second_ * work_.step_;
          const double predicted =
              -2 * work_.half_gradient.dot(work_.step_) - work_.step_.dot(work_.product_);
          damping.relax(predicted > 0 ? (value - lower) / predicted : 1);
          value = lower;
          work_.sse = sse;
          x.swap(work_.trial_);
          std::swap(work_.residuals, work_.trial_residuals_);
          return true;
        }
      }
      damping.tighten();
    }
    return false;
  }

 private:
  /// Solves (H + damping I) step = -g on the free parameters; false when not positive definite.
  bool damped_step(double damping) {
    const auto size = static_cast<Eigen::Index>(work_.free_.size());
    auto reduced = work_.reduced_.topLeftCorner(size, size);
    auto solution = work_.solution_.head(size);
    for (Eigen::Index j = 0; j < size; ++j) {
      for (Eigen::Index i = j; i < size; ++i) {
        reduced(i, j) = work_.hessian(work_.free_[i], work_.free_[j]);
        if (newton_) reduced(i, j) += work_.second_(work_.free_[i], work_.free_[j]);
      }
      reduced(j, j) += damping;
      solution[j] = -work_.half_gradient[work_.free_[j]];
    }
    Eigen::Ref<Matrix> place(reduced);
    const Eigen::LLT<Eigen::Ref<Matrix>> cholesky(place);
    if (cholesky.info() != Eigen::Success) return false;
    cholesky.solveInPlace(solution);
    work_.step_.setZero();
    for (Eigen::Index i = 0; i < size; ++i) work_.step_[work_.free_[i]] = solution[i];
    return work_.step_.allFinite();
  }

  const LeastSquaresProblem& problem_;
  LmWorkspace& work_;
  bool newton_ = false;
};

double penalized_sse(const LeastSquaresProblem& problem, const Vector& x) {
  const double count =
      static_cast<double>(problem.samples->rows()) * problem.samples->output_count();
  return problem.evaluator->loss(x, *problem.samples, {}) * count + penalty(problem, x);
}

double normal_equations(const LeastSquaresProblem& problem, const Vector& x, Matrix& gram,
                        Vector& half_gradient) {
  LeastSquaresProblem all = problem;
  all.mask = nullptr;
  LmWorkspace work;
  LmSolver solver(all, work);
  const double value = solver.value_at(x);
  solver.linearize(x);
  gram = work.hessian;
  gram.diagonal() -= problem.ridge;
  half_gradient = work.half_gradient;
  return value;
}

DescentResult levenberg_marquardt(const LeastSquaresProblem& problem, Vector start,
                                  const LmOptions& options) {
  LmWorkspace work;
  return levenberg_marquardt(problem, std::move(start), options, work);
}

DescentResult levenberg_marquardt(const LeastSquaresProblem& problem, Vector start,
                                  const LmOptions& options, LmWorkspace& work) {
  DescentResult result{.x = std::move(start)};
  make_feasible(problem, result.x);
  LmSolver solver(problem, work);
  const auto finish = [&](StopReason reason) {
    result.reason = reason;
    return std::move(result);
  };
  result.value = solver.value_at(result.x);
  solver.linearize(result.x);
  ++result.evaluations;
  if (!std::isfinite(result.value) || !work.half_gradient.allFinite())
    return finish(StopReason::not_finite);
  if (work.exists.empty()) return finish(StopReason::small_gradient);
  Damping damping(std::max(work.hessian.diagonal().maxCoeff(), 1e-12), options.initial_damping);
  int small_falls = 0;
  bool newton = false;
  while (result.iterations < options.max_iterations) {
    if (solver.find_free(result.x) < options.gradient_tolerance)
      return finish(StopReason::small_gradient);
    if (newton) solver.add_second_order(result.x);
    const double before = result.value;
    if (!solver.descend(result.x, damping, result.value)) return finish(StopReason::damping_limit);
    const double fall = (before - result.value) / std::max(before, 1e-300);
    newton = newton || fall < options.newton_below;
    solver.linearize(result.x);
    ++result.evaluations;
    ++result.iterations;
    if (options.stop_when && options.stop_when(result.iterations, result.x, result.value))
      return finish(StopReason::no_improvement);
    small_falls = fall < options.progress_tolerance ? small_falls + 1 : 0;
    if (small_falls >= 2) return finish(StopReason::small_progress);
  }
  return finish(StopReason::max_iterations);
}

DescentResult thorough_minimum(const LeastSquaresProblem& problem, const Vector& start,
                               LmWorkspace& work) {
  const LmOptions rough{.max_iterations = 30, .progress_tolerance = 1e-3};
  const LmOptions to_the_end{.max_iterations = 5000,
                             .progress_tolerance = 0,
                             .gradient_tolerance = 4e-7,
                             .initial_damping = 1e-2,
                             .newton_below = 1e-4};
  DescentResult straight = levenberg_marquardt(problem, start, to_the_end, work);
  Vector x = start;
  for (const double extra : {10.0, 1.0, 0.1}) {
    LeastSquaresProblem easier = problem;
    easier.ridge.array() += extra;
    x = levenberg_marquardt(easier, std::move(x), rough, work).x;
  }
  DescentResult eased = levenberg_marquardt(problem, std::move(x), to_the_end, work);
  const bool failed = straight.reason == StopReason::not_finite;
  return failed || eased.value < straight.value ? eased : straight;
}

}  // namespace cupel
