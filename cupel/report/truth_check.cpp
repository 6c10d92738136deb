#include "cupel/report/truth_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/parallel/parallel_for.hpp"
#include "cupel/search/methods/nsga2.hpp"
#include "cupel/search/pareto.hpp"

namespace cupel {
namespace {

constexpr double kExact = 1e-9;  ///< rounding is no broken limit

template <class Names>
int position(const Names& names, std::string_view name, const char* what, const Plant& plant) {
  for (std::size_t k = 0; k < names.size(); ++k)
    if (names[k].name == name) return static_cast<int>(k);
  throw Error(ErrorKind::usage, fmt::format("'{}' is {} {}", name, what, plant.name),
              "check with the plant that the data came from");
}

/// The plant as a source of outputs; a point without a solution has NaN.
OutputSource plant_source(const Plant& plant, const Problem& problem, int jobs, int* simulations) {
  std::vector<int> settings, results;
  for (const PlantVariable& setting : plant.settings)
    settings.push_back(
        position(problem.variables, setting.name, "no input here but a setting of", plant));
  for (const std::string& output : output_names(problem))
    results.push_back(position(plant.results, output, "no result of", plant));
  return [=, &plant](const Matrix& rows) {
    Matrix outputs = Matrix::Constant(rows.rows(), std::ssize(results), std::nan(""));
    *simulations += static_cast<int>(rows.rows());
    parallel_for(static_cast<int>(rows.rows()), jobs > 0 ? jobs : processor_count(), [&](int r) {
      std::vector<double> point;
      for (const int variable : settings) point.push_back(rows(r, variable));
      try {
        const std::vector<double> values = plant.compute(point);
        for (std::size_t k = 0; k < results.size(); ++k)
          outputs(r, static_cast<Eigen::Index>(k)) = values[results[k]];
      } catch (const Error&) {  // choked: no such operation
      }
    });
    return outputs;
  };
}

/// The largest count whose upper tail under Binomial(n, p) is still above 5 %.
int most_allowed(int n, double p) {
  double term = std::pow(1 - p, n), sum = term;
  int k = 0;
  for (; k < n && sum < 0.95; ++k) {
    term *= static_cast<double>(n - k) / (k + 1) * p / (1 - p);
    sum += term;
  }
  return k;
}

bool is_met(const PointState& point) {
  return !point.failed && std::all_of(point.limits.begin(), point.limits.end(),
                                      [](const LimitState& l) { return l.slack >= -kExact; });
}

std::vector<Point> objectives_of(const std::vector<PointState>& states) {
  std::vector<Point> points;
  for (const PointState& state : states)
    if (is_met(state)) points.push_back(state.worst_objectives);
  return points;
}

/// Ratio over a reference a tenth behind the worst of the plant's own front.
double ratio(const std::vector<Point>& points, const std::vector<Point>& best) {
  Point reference(best[0].size(), -INFINITY), low(best[0].size(), INFINITY);
  for (const Point& point : best)
    for (std::size_t m = 0; m < point.size(); ++m) {
      reference[m] = std::max(reference[m], point[m]);
      low[m] = std::min(low[m], point[m]);
    }
  for (std::size_t m = 0; m < reference.size(); ++m) reference[m] += 0.1 * (reference[m] - low[m]);
  return hypervolume(points, reference) / hypervolume(best, reference);
}

Candidate candidate_of(const Problem& problem, const PointState& point) {
  Candidate candidate;
  for (std::size_t v = 0; v < problem.variables.size(); ++v)
    if (problem.variables[v].kind == VariableKind::varied) candidate.push_back(point.settings[v]);
  return candidate;
}

}  // namespace

TruthCheck check_against(const Plant& plant, const Problem& problem, const OptimizeResult& result,
                         const TruthOptions& options) {
  TruthCheck check;
  Problem certain = problem;
  certain.models.clear();
  certain.models = problem.models;
  certain.confidence = 0;
  PointEvaluator truth(certain, plant_source(plant, problem, options.jobs, &check.simulations));
  std::vector<Candidate> candidates;
  for (const PointState& point : result.front) candidates.push_back(candidate_of(problem, point));
  check.points = truth.states(candidates);
  check.broken.assign(problem.limits.size(), 0);
  for (const PointState& point : check.points) {
    for (std::size_t k = 0; k < point.limits.size(); ++k)
      check.broken[k] += !(point.limits[k].slack >= -kExact);
    check.infeasible += !is_met(point);
  }
  check.allowed_share = 1 - problem.confidence;
  check.most_broken = most_allowed(static_cast<int>(check.points.size()), check.allowed_share);

  MethodOptions search{.population = options.population, .generations = options.generations};
  const auto step = std::max<std::size_t>(1, 2 * candidates.size() / search.population);
  for (std::size_t k = 0; k < candidates.size(); k += step) search.first.push_back(candidates[k]);
  std::vector<PointState> seen = check.points;
  const auto evaluate = [&](std::span<const Candidate> batch) {
    std::vector<Score> scores;
    for (PointState& state : truth.states(batch)) {
      scores.push_back(score_of(state));
      seen.push_back(std::move(state));
    }
    return scores;
  };
  run_nsga2(search_space(problem), evaluate, search, options.seed);
  std::erase_if(seen, [](const PointState& state) { return !is_met(state); });
  for (const int k : pareto_front(objectives_of(seen))) check.reference.push_back(seen[k]);
  const std::vector<Point> best = objectives_of(check.reference);
  const std::vector<Point> reached = objectives_of(check.points);
  check.hypervolume_ratio = check.regret = std::nan("");
  if (best.empty()) return check;
  if (best[0].size() > 1) {
    check.hypervolume_ratio = ratio(reached, best);
  } else if (!reached.empty()) {
    const double ours = std::min_element(reached.begin(), reached.end())->front();
    check.regret = (ours - best[0][0]) / std::max(std::abs(best[0][0]), 1e-300);
  }
  return check;
}

Json to_json(const Problem& problem, const TruthCheck& check) {
  Json json;
  json["points"] = static_cast<int>(check.points.size());
  for (std::size_t k = 0; k < check.broken.size(); ++k)
    json["broken"][problem.limits[k].text] = check.broken[k];
  json["broken_any"] = check.infeasible;
  json["allowed_share"] = check.allowed_share;
  json["most_broken"] = check.most_broken;
  json["hypervolume_ratio"] = check.hypervolume_ratio;
  json["regret"] = check.regret;
  json["simulations"] = check.simulations;
  return json;
}

}  // namespace cupel
