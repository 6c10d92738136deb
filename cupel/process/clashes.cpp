#include "cupel/process/clashes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/search/methods/descent.hpp"
#include "cupel/search/methods/nsga2.hpp"

namespace cupel {
namespace {

const MethodOptions kSearch{.population = 60, .generations = 60};

/// By how much a limit is broken, in its own unit (the region: in its half width).
double broken_by(const PointState& state, const Problem& problem, std::size_t limit) {
  if (limit == problem.limits.size()) return std::max(0.0, state.distance - 1);
  const Band& value = state.limits[limit].value;
  return std::max(
      {0.0, value.up - problem.limits[limit].up, problem.limits[limit].low - value.low});
}

struct Least {
  double value = INFINITY;
  Candidate candidate;
};

/// The least value of `objective` over the settings with no violation; infinity without any.
template <class Objective>
Least least(PointEvaluator& evaluator, const Space& space, std::uint64_t seed,
            const Objective& objective) {
  Least best;
  const auto evaluate = [&](std::span<const Candidate> batch) {
    std::vector<Score> scores;
    for (const PointState& state : evaluator.states(batch)) {
      Score score{.objectives = {objective(state)},
                  .violation = state.violation,
                  .failed = !std::isfinite(objective(state))};
      if (!score.failed && score.violation <= kMet && score.objectives[0] < best.value)
        best = {score.objectives[0], batch[scores.size()]};
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

Least can_hold(PointEvaluator& evaluator, const Space& space, std::uint64_t seed) {
  return least(evaluator, space, seed, [](const PointState&) { return 0.0; });
}

}  // namespace

bool is_feasible(const Problem& problem, std::uint64_t seed) {
  PointEvaluator evaluator(problem);
  return std::isfinite(can_hold(evaluator, search_space(problem), seed).value);
}

ClashSearch find_clashes(const Problem& problem, std::uint64_t seed) {
  const Space space = search_space(problem);
  PointEvaluator evaluator(problem);
  std::vector<double>& weights = evaluator.limit_weights;
  if (!problem.inside_data) weights.back() = 0;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (weights[k] == 0) continue;
    weights[k] = 0;
    if (std::isfinite(can_hold(evaluator, space, seed).value)) weights[k] = 1;
  }
  const std::vector<double> clashing = weights;
  ClashSearch result;
  for (std::size_t k = 0; k < clashing.size(); ++k) {
    if (clashing[k] == 0) continue;
    // All other limits hold, also those that are not in the clash.
    std::fill(weights.begin(), weights.end(), 1.0);
    weights[k] = 0;
    const Least found = least(evaluator, space, seed, [&](const PointState& state) {
      return broken_by(state, problem, k);
    });
    if (found.value <= kMet) return {.clashes = {}, .feasible = found.candidate};
    Clash clash{.limit = "staying inside the data",
                .relaxation = found.value,
                .unit_note = "of the half width of the data",
                .bound = NAN};
    if (k < problem.limits.size()) {
      const Limit& limit = problem.limits[k];
      clash.limit = limit.text;
      clash.unit_note = fmt::format("of {}", limit.expression);
      if (std::isfinite(limit.low) != std::isfinite(limit.up))
        clash.bound = std::isfinite(limit.up) ? limit.up + found.value : limit.low - found.value;
    }
    result.clashes.push_back(std::move(clash));
  }
  return result;
}

}  // namespace cupel
