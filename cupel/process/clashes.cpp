#include "cupel/process/clashes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/search/methods/descent.hpp"
#include "cupel/search/methods/nsga2.hpp"

namespace cupel {
namespace {

constexpr double kMet = 1e-9;
const MethodOptions kSearch{.population = 60, .generations = 60};

/// By how much a limit is broken, in its own unit (the region: in its half width).
double broken_by(const PointState& state, const Problem& problem, std::size_t limit) {
  if (limit == problem.limits.size()) return std::max(0.0, state.distance - 1);
  const Band& value = state.limits[limit].value;
  return std::max(
      {0.0, value.up - problem.limits[limit].up, problem.limits[limit].low - value.low});
}

/// The least value of `objective` over the settings with no violation; infinity without any.
template <class Objective>
double least(PointEvaluator& evaluator, const Space& space, std::uint64_t seed,
             const Objective& objective) {
  double best = INFINITY;
  const auto evaluate = [&](std::span<const Candidate> batch) {
    std::vector<Score> scores;
    for (const PointState& state : evaluator.states(batch)) {
      Score score{.objectives = {objective(state)},
                  .violation = state.violation,
                  .failed = !std::isfinite(objective(state))};
      if (!score.failed && score.violation <= kMet) best = std::min(best, score.objectives[0]);
      scores.push_back(std::move(score));
    }
    return scores;
  };
  std::vector<Evaluated> found = run_nsga2(space, evaluate, kSearch, seed);
  MethodOptions polish{.population = 5, .generations = 80};
  for (std::size_t k = 0; k < std::min<std::size_t>(5, found.size()); ++k)
    polish.first.push_back(found[k].candidate);
  run_descent(space, evaluate, polish, seed);
  return best;
}

bool can_hold(PointEvaluator& evaluator, const Space& space, std::uint64_t seed) {
  return std::isfinite(least(evaluator, space, seed, [](const PointState&) { return 0.0; }));
}

}  // namespace

bool is_feasible(const Problem& problem, std::uint64_t seed) {
  PointEvaluator evaluator(problem);
  return can_hold(evaluator, search_space(problem), seed);
}

std::vector<Clash> find_clashes(const Problem& problem, std::uint64_t seed) {
  const Space space = search_space(problem);
  PointEvaluator evaluator(problem);
  std::vector<double>& weights = evaluator.limit_weights;
  if (!problem.inside_data) weights.back() = 0;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (weights[k] == 0) continue;
    weights[k] = 0;
    if (can_hold(evaluator, space, seed)) weights[k] = 1;
  }
  const std::vector<double> clashing = weights;
  std::vector<Clash> clashes;
  for (std::size_t k = 0; k < clashing.size(); ++k) {
    if (clashing[k] == 0) continue;
    // All other limits hold, also those that are not in the clash.
    std::fill(weights.begin(), weights.end(), 1.0);
    weights[k] = 0;
    const bool is_region = k == problem.limits.size();
    clashes.push_back(
        {.limit = is_region ? "staying inside the data" : problem.limits[k].text,
         .relaxation = least(evaluator, space, seed,
                             [&](const PointState& s) { return broken_by(s, problem, k); }),
         .unit_note = is_region ? "of the half width of the data"
                                : fmt::format("of {}", problem.limits[k].expression)});
  }
  return clashes;
}

}  // namespace cupel
