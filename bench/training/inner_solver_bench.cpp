// The bounded least-squares solver of recipe oa-ann beside IPOPT: random problems, the same starts,
// one thread, wall time of each solve, the solvers in turns. Prints one JSON object: of each solver
// median time and iterations, how many times ours that is (median of the ratios, ratio of the
// sums), the worst optimality residual, how many are within 1e-6, and on how many ours is no worse.
// IPOPT has at most 300 iterations with the Gauss-Newton curvature, 1000 with its own.
//   bench_inner_solver [problems]      100 problems if not said
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "cupel/base/json.hpp"
#include "cupel/training/interior_point.hpp"
#include "tests/support/box_problems.hpp"

namespace {

using namespace cupel;

constexpr double kResidual = 1e-6, kNoWorse = 1e-6;

struct Solved {
  double seconds = 0, value = 0, residual = 0;
  int iterations = 0;
  StopReason reason{};
};

template <class Solve>
Solved timed(const LeastSquaresProblem& problem, Solve solve) {
  const auto start = std::chrono::steady_clock::now();
  const DescentResult result = solve();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  return {time.count(), result.value, test::optimality_residual(problem, result.x),
          result.iterations, result.reason};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Figures of one solver over all problems; `ours` for comparison.
Json figures(const std::vector<Solved>& solved, const std::vector<Solved>& ours) {
  Json json;
  std::vector<double> seconds, ratios, iterations;
  double sum = 0, our_sum = 0, worst = 0;
  int met = 0, no_better = 0;
  for (std::size_t k = 0; k < solved.size(); ++k) {
    seconds.push_back(solved[k].seconds);
    iterations.push_back(solved[k].iterations);
    ratios.push_back(solved[k].seconds / ours[k].seconds);
    sum += solved[k].seconds;
    our_sum += ours[k].seconds;
    worst = std::max(worst, solved[k].residual);
    met += solved[k].residual <= kResidual;
    no_better += ours[k].value <= solved[k].value * (1 + kNoWorse);
  }
  json["median_ms"] = 1e3 * median(seconds);
  json["median_iterations"] = median(iterations);
  json["times_ours_median"] = median(ratios);
  json["times_ours_total"] = sum / our_sum;
  json["residual_worst"] = worst;
  json["residual_met"] = met;
  json["ours_no_worse"] = no_better;
  return json;
}

}  // namespace

int main(int count, char** arguments) {
  const int problems = count > 1 ? std::atoi(arguments[1]) : 100;
  std::vector<Solved> ours, newton, limited;
  LmWorkspace work;
  for (int k = 0; k < problems; ++k) {
    const test::BoxProblem box(static_cast<std::uint64_t>(k));
    ours.push_back(
        timed(box.problem, [&] { return thorough_minimum(box.problem, box.start, work); }));
    newton.push_back(timed(box.problem, [&] {
      return interior_point(box.problem, box.start, {.max_iterations = 300});
    }));
    limited.push_back(timed(box.problem, [&] {
      return interior_point(box.problem, box.start,
                            {.max_iterations = 1000, .curvature = Curvature::limited_memory});
    }));
  }
  Json json;
  json["problems"] = problems;
  json["ours"] = figures(ours, ours);
  json["ipopt_gauss_newton"] = figures(newton, ours);
  json["ipopt_limited_memory"] = figures(limited, ours);
  fmt::print("{}\n", dump_json(json));
}
