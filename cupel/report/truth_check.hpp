// Operating points against the truth, where there is one: every point of the front computed again
// by a simulated plant, and the front that the same search finds on the plant itself.
#pragma once

#include <string>
#include <vector>

#include "cupel/process/optimize.hpp"
#include "cupel/search/pareto.hpp"
#include "cupel/simulators/simulator.hpp"

namespace cupel {

struct TruthCheck {
  std::vector<PointState> points;     ///< of the front, in its order, with true outputs
  std::vector<PointState> reference;  ///< the front of the plant itself
  std::vector<int> broken;            ///< one a limit: points that break it in truth
  int infeasible = 0;                 ///< points that break any
  double allowed_share = 0;           ///< of points a limit: 1 - confidence
  int most_broken = 0;  ///< more than these a limit speak against the confidence (binomial, 95 %)
  /// Hypervolume of the feasible true points over that of the plant's own front; NaN: one goal.
  /// The reference is the worst of each goal over the plant's ordinary operation: feasible settings
  /// at random. It does not depend on a front.
  double hypervolume_ratio = 0;
  double own_box_ratio = 0;  ///< the same, reference a tenth behind the worst of the plant's front
  Point worst_ordinary;      ///< that reference, as minimised
  double regret = 0;         ///< one objective: best true value against the plant's best, share
  int simulations = 0;
};

struct TruthOptions {
  int population = 40, generations = 25;  ///< of the search on the plant; opened by the front
  int ordinary = 200;                     ///< settings at random that show ordinary operation
  std::uint64_t seed = 1;
  int jobs = 0;
};

/// Throws Error{usage} when a setting of the plant is no variable of the problem, or an output of
/// the problem no result of the plant.
TruthCheck check_against(const Plant& plant, const Problem& problem, const OptimizeResult& result,
                         const TruthOptions& options);

Json to_json(const Problem& problem, const TruthCheck& check);

}  // namespace cupel
