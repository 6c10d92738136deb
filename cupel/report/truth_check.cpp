#include "cupel/report/truth_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
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

/// The worst of each goal; empty without points.
Point worst_of(const std::vector<Point>& points) {
  Point worst = points.empty() ? Point{} : points[0];
  for (const Point& point : points)
    for (std::size_t m = 0; m < point.size(); ++m) worst[m] = std::max(worst[m], point[m]);
  return worst;
}

/// A tenth of the front's own extent behind its worst.
Point behind(const std::vector<Point>& front) {
  Point reference = worst_of(front);
  for (std::size_t m = 0; m < reference.size(); ++m) {
    double low = reference[m];
    for (const Point& point : front) low = std::min(low, point[m]);
    reference[m] += 0.1 * (reference[m] - low);
  }
  return reference;
}

Candidate candidate_of(const Problem& problem, const PointState& point) {
  Candidate candidate;
  for (std::size_t v = 0; v < problem.variables.size(); ++v)
    if (problem.variables[v].kind == VariableKind::varied) candidate.push_back(point.settings[v]);
  return candidate;
}

void count_broken(const Problem& problem, TruthCheck& check) {
  check.broken.assign(problem.limits.size(), 0);
  for (const PointState& point : check.points) {
    for (std::size_t k = 0; k < point.limits.size(); ++k)
      check.broken[k] += !(point.limits[k].slack >= -kExact);
    check.infeasible += !is_met(point);
  }
  check.allowed_share = 1 - problem.confidence;
  check.most_broken = most_allowed(static_cast<int>(check.points.size()), check.allowed_share);
}

void compare_fronts(TruthCheck& check) {
  const std::vector<Point> best = objectives_of(check.reference);
  const std::vector<Point> reached = objectives_of(check.points);
  check.hypervolume_ratio = check.own_box_ratio = check.regret = std::nan("");
  if (best.empty()) return;
  if (best[0].size() > 1) {
    const auto ratio = [&](const Point& reference) {
      return hypervolume(reached, reference) / hypervolume(best, reference);
    };
    check.own_box_ratio = ratio(behind(best));
    if (!check.worst_ordinary.empty()) check.hypervolume_ratio = ratio(check.worst_ordinary);
  } else if (!reached.empty()) {
    const double ours = std::min_element(reached.begin(), reached.end())->front();
    check.regret = (ours - best[0][0]) / std::max(std::abs(best[0][0]), 1e-300);
  }
}

}  // namespace

TruthCheck check_against(const Plant& plant, const Problem& problem, const OptimizeResult& result,
                         const TruthOptions& options) {
  TruthCheck check;
  Problem certain = problem;
  certain.confidence = 0;
  PointEvaluator truth(certain, plant_source(plant, problem, options.jobs, &check.simulations));
  std::vector<Candidate> candidates;
  for (const PointState& point : result.front) candidates.push_back(candidate_of(problem, point));
  check.points = truth.states(candidates);
  count_broken(problem, check);
  const Space space = search_space(problem);
  Rng rng(mix_seed({options.seed, 0x02D1}));
  std::vector<Candidate> ordinary;
  for (int k = 0; k < options.ordinary; ++k) ordinary.push_back(random_candidate(space, rng));
  std::vector<PointState> seen = truth.states(ordinary);
  check.worst_ordinary = worst_of(objectives_of(seen));
  seen.insert(seen.end(), check.points.begin(), check.points.end());

  MethodOptions search{.population = options.population, .generations = options.generations};
  const auto step = std::max<std::size_t>(1, 2 * candidates.size() / search.population);
  for (std::size_t k = 0; k < candidates.size(); k += step) search.first.push_back(candidates[k]);
  const auto evaluate = [&](std::span<const Candidate> batch) {
    std::vector<Score> scores;
    for (PointState& state : truth.states(batch)) {
      scores.push_back(score_of(state));
      seen.push_back(std::move(state));
    }
    return scores;
  };
  run_nsga2(space, evaluate, search, options.seed);
  std::erase_if(seen, [](const PointState& state) { return !is_met(state); });
  for (const int k : pareto_front(objectives_of(seen))) check.reference.push_back(seen[k]);
  compare_fronts(check);
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
  json["own_box_ratio"] = check.own_box_ratio;
  json["worst_ordinary"] = check.worst_ordinary;
  json["regret"] = check.regret;
  json["simulations"] = check.simulations;
  return json;
}

}  // namespace cupel
