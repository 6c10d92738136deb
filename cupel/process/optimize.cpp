#include "cupel/process/optimize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/process/clashes.hpp"
#include "cupel/process/search_allowance.hpp"
#include "cupel/search/crowding.hpp"
#include "cupel/search/methods/descent.hpp"
#include "cupel/search/pareto.hpp"

namespace cupel {
namespace {

constexpr int kPolishedPoints = 20, kPolishSteps = 40;
constexpr double kAtBound = 1e-3;  ///< share of the scale that counts as at the bound

/// The feasible that no other dominates, at most `most` (the crowded ones go), by the first
/// objective.
std::vector<Evaluated> front_of(const std::vector<Evaluated>& all, int most) {
  std::vector<Evaluated> feasible;
  for (const Evaluated& one : all)
    if (!one.score.failed && one.score.violation <= kMet) feasible.push_back(one);
  std::vector<Point> points;
  for (const Evaluated& one : feasible) points.push_back(one.score.objectives);
  std::vector<Evaluated> front;
  for (const int k : pareto_front(points)) front.push_back(feasible[k]);
  while (std::ssize(front) > most) {
    std::vector<int> members(front.size());
    std::iota(members.begin(), members.end(), 0);
    std::vector<double> distance(front.size());
    crowding_distance(front, members, distance);
    front.erase(front.begin() +
                (std::min_element(distance.begin(), distance.end()) - distance.begin()));
  }
  std::stable_sort(front.begin(), front.end(), [](const Evaluated& a, const Evaluated& b) {
    return a.score.objectives[0] < b.score.objectives[0];
  });
  return front;
}

struct Extent {
  std::vector<double> low, up;
  double share(std::size_t m, double value) const {
    return up[m] > low[m] ? (value - low[m]) / (up[m] - low[m]) : 0;
  }
};

Extent extent_of(const std::vector<Evaluated>& front) {
  Extent extent{front[0].score.objectives, front[0].score.objectives};
  for (const Evaluated& one : front)
    for (std::size_t m = 0; m < extent.low.size(); ++m) {
      extent.low[m] = std::min(extent.low[m], one.score.objectives[m]);
      extent.up[m] = std::max(extent.up[m], one.score.objectives[m]);
    }
  return extent;
}

void recommend(const std::vector<Evaluated>& front, OptimizeResult& result) {
  const std::size_t objectives = front[0].score.objectives.size();
  const Extent extent = extent_of(front);
  if (objectives == 1 || front.size() == 1) {
    result.recommended = 0;
    result.why = objectives == 1 ? "the best found" : "the one point that beats all others";
    return;
  }
  std::vector<Point> points;
  for (const Evaluated& one : front) points.push_back(one.score.objectives);
  if (objectives == 2 && front.size() > 2) {
    result.recommended = knee(points);
    result.why =
        "the knee of the front: from here, a little more of one goal costs much of the other";
    return;
  }
  double best = INFINITY;
  for (std::size_t k = 0; k < points.size(); ++k) {
    double away = 0;
    for (std::size_t m = 0; m < objectives; ++m) away += std::pow(extent.share(m, points[k][m]), 2);
    if (away >= best) continue;
    best = away;
    result.recommended = static_cast<int>(k);
  }
  result.why = "nearest to having the best of every goal at once";
}

void measure(const std::vector<Evaluated>& front, OptimizeResult& result) {
  const Extent extent = extent_of(front);
  std::vector<Point> points, shares;
  for (const Evaluated& one : front) {
    points.push_back(one.score.objectives);
    Point& share = shares.emplace_back();
    for (std::size_t m = 0; m < extent.low.size(); ++m)
      share.push_back(extent.share(m, one.score.objectives[m]));
  }
  result.spacing = spacing(shares);
  for (std::size_t m = 0; m < extent.low.size(); ++m)
    result.reference.push_back(extent.up[m] + 0.1 * (extent.up[m] - extent.low[m]));
  if (extent.low.size() > 1) result.hypervolume = hypervolume(points, result.reference);
}

}  // namespace

namespace {

std::vector<Candidate> candidates_of(const std::vector<Evaluated>& front) {
  std::vector<Candidate> candidates;
  for (const Evaluated& one : front) candidates.push_back(one.candidate);
  return candidates;
}

/// One search, from given settings on, and the descent from its front.
class Search {
 public:
  Search(const Problem& problem, const OptimizeOptions& options)
      : method_(&find_process_method(options.method)),
        options_(&options),
        space_(search_space(problem)),
        evaluator_(problem) {}

  std::vector<Evaluated> front(std::vector<Candidate> first) {
    MethodOptions search = options_->search;
    search.first = std::move(first);
    std::vector<Evaluated> all = run(*method_->run, search);
    for (const Candidate& candidate : search.first)
      all.push_back({candidate, evaluator_.scores({&candidate, 1})[0]});
    return front_of(all, search.population);
  }

  std::vector<Evaluated> polished(std::vector<Evaluated> front) {
    if (!options_->polish || front.empty() || method_->run == run_descent) return front;
    MethodOptions polish{.population = kPolishedPoints, .generations = kPolishSteps};
    const auto step = std::max<std::size_t>(1, front.size() / kPolishedPoints);
    for (std::size_t k = 0; k < front.size() && std::ssize(polish.first) < kPolishedPoints;
         k += step)
      polish.first.push_back(front[k].candidate);
    polish.population = static_cast<int>(polish.first.size());
    const auto more = run(run_descent, polish);
    front.insert(front.end(), more.begin(), more.end());
    return front_of(front, options_->search.population);
  }

  std::vector<PointState> states(const std::vector<Evaluated>& front) {
    return evaluator_.states(candidates_of(front));
  }
  int evaluations() const { return evaluations_; }

 private:
  template <class Run>
  std::vector<Evaluated> run(const Run& method, const MethodOptions& search) {
    const auto evaluate = [&](std::span<const Candidate> batch) {
      evaluations_ += static_cast<int>(batch.size());
      return evaluator_.scores(batch);
    };
    return method(space_, evaluate, search, options_->seed);
  }

  const Method* method_;
  const OptimizeOptions* options_;
  Space space_;
  PointEvaluator evaluator_;
  int evaluations_ = 0;
};

}  // namespace

OptimizeResult optimize(const Problem& problem, const OptimizeOptions& options) {
  OptimizeResult result;
  Search search(problem, options);
  std::vector<Evaluated> front = search.front({});
  if (front.empty()) {  // where little is feasible, looking for the clash may find it
    ClashSearch clash = find_clashes(problem, options.seed);
    result.clashes = std::move(clash.clashes);
    if (!clash.feasible.empty()) front = search.front({clash.feasible});
  }
  result.evaluations = search.evaluations();
  if (front.empty()) {
    if (problem.confidence <= 0) return result;
    Problem certain = problem;
    certain.confidence = 0;
    result.feasible_as_predicted = is_feasible(certain, options.seed);
    return result;
  }
  // Limits must hold where the front lies, not wherever it might have been: once more from there.
  Problem near = problem;
  if (!problem.limits.empty() && !problem.allowance.empty())
    near.allowance = allowance_near(problem, candidates_of(front));
  Search again(near, options);
  if (near.allowance != problem.allowance) front = again.front(candidates_of(front));
  front = again.polished(std::move(front));
  result.evaluations += again.evaluations();
  result.front = again.states(front);
  recommend(front, result);
  measure(front, result);
  return result;
}

std::vector<std::string> what_limits(const Problem& problem, const PointState& point) {
  std::vector<std::string> reasons;
  for (std::size_t k = 0; k < problem.limits.size(); ++k)
    if (point.limits[k].slack < 10 * kAtBound) reasons.push_back(problem.limits[k].text);
  for (std::size_t v = 0; v < problem.variables.size(); ++v) {
    const Variable& variable = problem.variables[v];
    if (variable.kind != VariableKind::varied || variable.gene.kind == GeneKind::category) continue;
    const bool is_set = variable.gene.kind == GeneKind::set;
    const double low = is_set ? variable.gene.values.front() : variable.gene.low;
    const double up = is_set ? variable.gene.values.back() : variable.gene.up;
    if (point.settings[v] <= low + kAtBound * (up - low))
      reasons.push_back(fmt::format("{} at its lower bound {:.6g}", variable.name, low));
    else if (point.settings[v] >= up - kAtBound * (up - low))
      reasons.push_back(fmt::format("{} at its upper bound {:.6g}", variable.name, up));
  }
  if (problem.inside_data && point.distance > 1 - 10 * kAtBound)
    reasons.emplace_back("the end of the data");
  return reasons;
}

namespace {

Json setting_json(const Variable& variable, double value) {
  if (variable.gene.kind == GeneKind::category)
    return variable.gene.labels[static_cast<std::size_t>(value)];
  return value;
}

}  // namespace

Json to_json(const Problem& problem, const PointState& point) {
  Json json;
  for (std::size_t v = 0; v < problem.variables.size(); ++v)
    json["settings"][problem.variables[v].name] =
        setting_json(problem.variables[v], point.settings[v]);
  const std::vector<std::string> outputs = output_names(problem);
  for (const char* part : {"outputs", "lower", "upper"})
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      const Band& band = point.outputs[k];
      json[part][outputs[k]] = part[0] == 'o' ? band.middle : part[0] == 'l' ? band.low : band.up;
    }
  for (std::size_t k = 0; k < problem.objectives.size(); ++k)
    json["objectives"][objective_text(problem.objectives[k])] = point.objectives[k].middle;
  for (std::size_t k = 0; k < problem.limits.size(); ++k) {
    Json limit;
    limit["value"] = point.limits[k].value.middle;
    limit["lower"] = point.limits[k].value.low;
    limit["upper"] = point.limits[k].value.up;
    limit["slack"] = point.limits[k].slack;
    json["limits"][problem.limits[k].text] = std::move(limit);
  }
  json["distance"] = point.distance;
  json["valid"] = point.distance <= 1;
  json["limited_by"] = what_limits(problem, point);
  return json;
}

Json to_json(const Problem& problem, const OptimizeResult& result) {
  Json json;
  json["front"] = Json::Array{};
  for (const PointState& point : result.front) json["front"].push_back(to_json(problem, point));
  json["recommended"] =
      result.recommended < 0 ? Json() : to_json(problem, result.front[result.recommended]);
  json["why"] = result.why;
  json["clashes"] = Json::Array{};
  for (const Clash& clash : result.clashes) {
    Json item;
    item["limit"] = clash.limit;
    item["relaxation"] = clash.relaxation;
    item["of"] = clash.unit_note;
    json["clashes"].push_back(std::move(item));
  }
  json["feasible_as_predicted"] = result.feasible_as_predicted;
  json["evaluations"] = result.evaluations;
  json["spacing"] = result.spacing;
  json["hypervolume"] = result.hypervolume;
  json["reference"] = result.reference;
  json["confidence"] = problem.confidence;
  return json;
}

}  // namespace cupel
