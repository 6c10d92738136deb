// From a problem to a front of operating points and a recommended one; or, when nothing is
// feasible, to the limits that clash and how far each would have to give way.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/process/point_evaluator.hpp"
#include "cupel/process/problem.hpp"
#include "cupel/search/method.hpp"

namespace cupel {

/// The methods that operating points are searched with: those of methods(), and some more.
std::span<const Method> process_methods();
/// Throws Error{usage} listing the names when there is no such method.
const Method& find_process_method(std::string_view name);

struct OptimizeOptions {
  std::string method = "nsga2";
  MethodOptions search = {.population = 100, .generations = 100};
  std::uint64_t seed = 1;
  bool polish = true;  ///< descent from the front's points
};

/// A limit that takes part in the clash.
struct Clash {
  std::string limit;
  double relaxation =
      0;  ///< the least by which this one alone must give way; infinite: never enough
  std::string unit_note;  ///< what the relaxation is in: "of conversion", "of the data's range"
  double bound = 0;  ///< the limit's own bound, so relaxed; NaN for the region and for two bounds
};

struct OptimizeResult {
  std::vector<PointState> front;  ///< by the first objective
  int recommended = -1;           ///< index into front; -1: nothing is feasible
  std::string why;
  std::vector<Clash> clashes;          ///< when nothing is feasible
  bool feasible_as_predicted = false;  ///< … but would be if predictions were certain
  int evaluations = 0;
  double spacing = 0;
  std::vector<double> reference;  ///< of the hypervolume, as minimised
  double hypervolume = 0;         ///< of worst_objectives; 0 with one objective
};

OptimizeResult optimize(const Problem& problem, const OptimizeOptions& options);

/// What keeps a point from being better: limits at their bound, settings at theirs, the data's end.
std::vector<std::string> what_limits(const Problem& problem, const PointState& point);

Json to_json(const Problem& problem, const PointState& point);
Json to_json(const Problem& problem, const OptimizeResult& result);

}  // namespace cupel
