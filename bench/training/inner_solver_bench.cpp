// The bounded least-squares solver of recipe oa-ann beside IPOPT: random problems, the same starts,
// one thread, wall time of each solve, the solvers in turns. Prints one JSON object.
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
    ours.push_back(timed(box.problem, [&] {
      return levenberg_marquardt(
          box.problem, box.start,
          {.max_iterations = 5000, .progress_tolerance = 0, .gradient_tolerance = 4e-7, .newton_below = std::getenv("NB")?std::atof(std::getenv("NB")) : 1e-4}, work);
    }));
    if (std::getenv("OURS")) continue;
    newton.push_back(timed(box.problem, [&] {
      return interior_point(box.problem, box.start, {.max_iterations = 300});
    }));
    limited.push_back(timed(box.problem, [&] {
      return interior_point(box.problem, box.start,
                            {.max_iterations = 1000, .curvature = Curvature::limited_memory});
    }));
    if (std::getenv("EACH"))
      std::fprintf(stderr,
                   "%d p %d ridge %g bound %g | %.3f ms %.9g %.2g %d %s | %.2f ms %.9g %.2g %d %s "
                   "| %.2f ms %.9g %.2g\n",
                   k, (int)work.exists.size(), box.problem.ridge[0], box.problem.bound,
                   1e3 * ours[k].seconds, ours[k].value, ours[k].residual, ours[k].iterations,
                   std::string(stop_reason_text(ours[k].reason)).c_str(), 1e3 * newton[k].seconds,
                   newton[k].value, newton[k].residual, newton[k].iterations,
                   std::string(stop_reason_text(newton[k].reason)).c_str(),
                   1e3 * limited[k].seconds, limited[k].value, limited[k].residual);
  }
  if (std::getenv("OURS")) { double sum=0,worst=0; for (auto& o: ours) {sum+=o.seconds; worst=std::max(worst,o.residual); if(std::getenv("EACH")) printf("%.3f ms %d %.3g %s\n",1e3*o.seconds,o.iterations,o.residual,std::string(stop_reason_text(o.reason)).c_str());} printf("total %g ms median it worst %g\n",1e3*sum,worst); return 0;}
  Json json;
  json["problems"] = problems;
  json["ours"] = figures(ours, ours);
  json["ipopt_gauss_newton"] = figures(newton, ours);
  json["ipopt_limited_memory"] = figures(limited, ours);
  fmt::print("{}\n", dump_json(json));
}
