#include "cupel/training/interior_point.hpp"

#include <IpStdCInterface.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>

#include "cupel/base/error.hpp"

/// Present where the BLAS below IPOPT is OpenBLAS.
extern "C" void openblas_set_num_threads(int count) __attribute__((weak));

namespace cupel {
namespace {

/// What IPOPT's callbacks work with: the problem in the p parameters that exist.
struct Reduced {
  const LeastSquaresProblem* problem;
  std::vector<int> exists;
  Vector full, gradient;
  Matrix gram;
  int iterations = 0, evaluations = 0;

  Reduced(const LeastSquaresProblem& given, Vector start)
      : problem(&given), full(std::move(start)), gradient(full.size()) {
    for (int k = 0; k < static_cast<int>(full.size()); ++k) {
      const bool kept = !given.mask || (*given.mask)[k];
      if (kept) exists.push_back(k);
      full[k] = kept ? std::clamp(full[k], -given.bound, given.bound) : 0;
    }
  }
  void move_to(const Number* x) {
    for (std::size_t k = 0; k < exists.size(); ++k) full[exists[k]] = x[k];
  }
};

Reduced& reduced(UserDataPtr data) { return *static_cast<Reduced*>(data); }

Bool value(Index, Number* x, Bool, Number* result, UserDataPtr data) {
  Reduced& at = reduced(data);
  at.move_to(x);
  *result = penalized_sse(*at.problem, at.full);
  ++at.evaluations;
  return std::isfinite(*result);
}

Bool slope(Index n, Number* x, Bool, Number* result, UserDataPtr data) {
  Reduced& at = reduced(data);
  at.move_to(x);
  const LeastSquaresProblem& problem = *at.problem;
  const double count =
      static_cast<double>(problem.samples->rows()) * problem.samples->output_count();
  problem.evaluator->loss_gradient(at.full, *problem.samples, {}, at.gradient);
  at.gradient = count * at.gradient + 2 * problem.ridge.cwiseProduct(at.full);
  for (Index k = 0; k < n; ++k) result[k] = at.gradient[at.exists[static_cast<std::size_t>(k)]];
  return at.gradient.allFinite();
}

/// The lower triangle of 2 (JᵀJ + ridge): its places, or its values.
Bool curvature(Index n, Number* x, Bool, Number factor, Index, Number*, Bool, Index, Index* rows,
               Index* columns, Number* values, UserDataPtr data) {
  Reduced& at = reduced(data);
  if (values) {
    at.move_to(x);
    normal_equations(*at.problem, at.full, at.gram, at.gradient);
    at.gram.diagonal() += at.problem->ridge;
  }
  Index place = 0;
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j, ++place) {
      if (values)
        values[place] =
            2 * factor *
            at.gram(at.exists[static_cast<std::size_t>(i)], at.exists[static_cast<std::size_t>(j)]);
      else
        rows[place] = i, columns[place] = j;
    }
  return true;
}

// There are no constraints but the box.
Bool no_constraints(Index, Number*, Bool, Index, Number*, UserDataPtr) { return true; }
Bool no_jacobian(Index, Number*, Bool, Index, Index, Index*, Index*, Number*, UserDataPtr) {
  return true;
}

struct Free {
  void operator()(IpoptProblem problem) const { FreeIpoptProblem(problem); }
};

void set(IpoptProblem problem, const char* name, const char* text) {
  AddIpoptStrOption(problem, const_cast<char*>(name), const_cast<char*>(text));
}

void set_options(IpoptProblem problem, const InteriorPointOptions& options) {
  set(problem, "option_file_name", "");
  set(problem, "sb", "yes");
  if (options.curvature == Curvature::limited_memory)
    set(problem, "hessian_approximation", "limited-memory");
  char print_level[] = "print_level", max_iter[] = "max_iter", tol[] = "tol";
  AddIpoptIntOption(problem, print_level, 0);
  AddIpoptIntOption(problem, max_iter, options.max_iterations);
  AddIpoptNumOption(problem, tol, options.tolerance);
}

StopReason reason_of(ApplicationReturnStatus status) {
  if (status == Solve_Succeeded) return StopReason::small_gradient;
  if (status == Solved_To_Acceptable_Level || status == Search_Direction_Becomes_Too_Small)
    return StopReason::small_progress;
  if (status == Maximum_Iterations_Exceeded) return StopReason::max_iterations;
  return StopReason::not_finite;
}

Bool count_iterations(Index, Index iteration, Number, Number, Number, Number, Number, Number,
                      Number, Number, Index, UserDataPtr data) {
  reduced(data).iterations = iteration;
  return true;
}

}  // namespace

DescentResult interior_point(const LeastSquaresProblem& problem, Vector start,
                             const InteriorPointOptions& options) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  // Threads would wait for one another on matrices this small.
  if (openblas_set_num_threads) openblas_set_num_threads(1);
  Reduced at(problem, std::move(start));
  const auto n = static_cast<Index>(at.exists.size());
  std::vector<Number> low(at.exists.size(), std::max(-problem.bound, -1e20)),
      up(at.exists.size(), std::min(problem.bound, 1e20)), x(at.exists.size());
  for (std::size_t k = 0; k < x.size(); ++k) x[k] = at.full[at.exists[k]];
  const std::unique_ptr<IpoptProblemInfo, Free> solver(
      CreateIpoptProblem(n, low.data(), up.data(), 0, nullptr, nullptr, 0, n * (n + 1) / 2, 0,
                         value, no_constraints, slope, no_jacobian, curvature));
  if (!solver) throw Error(ErrorKind::runtime, "IPOPT refused a least-squares problem");
  set_options(solver.get(), options);
  SetIntermediateCallback(solver.get(), count_iterations);
  DescentResult result;
  result.reason = reason_of(
      IpoptSolve(solver.get(), x.data(), nullptr, &result.value, nullptr, nullptr, nullptr, &at));
  at.move_to(x.data());
  result.x = at.full.cwiseMax(-problem.bound).cwiseMin(problem.bound);
  result.value = penalized_sse(problem, result.x);
  result.iterations = at.iterations;
  result.evaluations = at.evaluations;
  return result;
}

}  // namespace cupel
