#include "cupel/process/tune.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/process/point_evaluator.hpp"
#include "cupel/search/methods/nsga2.hpp"
#include "cupel/search/pareto.hpp"

namespace cupel {
namespace {

struct Run {
  TuneRow row;
  std::vector<Point> front;
};

Run run_once(const Problem& problem, const MethodOptions& options, std::uint64_t seed) {
  const auto start = std::chrono::steady_clock::now();
  PointEvaluator evaluator(problem);
  Run run{.row = {.options = options}};
  const auto evaluate = [&](std::span<const Candidate> batch) {
    run.row.evaluations += static_cast<int>(batch.size());
    return evaluator.scores(batch);
  };
  std::vector<Point> feasible;
  for (const Evaluated& one : run_nsga2(search_space(problem), evaluate, options, seed))
    if (!one.score.failed && one.score.violation <= 0) feasible.push_back(one.score.objectives);
  for (const int k : pareto_front(feasible)) run.front.push_back(feasible[k]);
  run.row.front = static_cast<int>(run.front.size());
  run.row.time_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return run;
}

/// Objectives as shares of what all fronts of the stage span, so that S and hypervolumes compare.
void scale_fronts(std::vector<Run>& runs) {
  std::vector<double> low, up;
  for (const Run& run : runs)
    for (const Point& point : run.front) {
      low.resize(point.size(), INFINITY);
      up.resize(point.size(), -INFINITY);
      for (std::size_t m = 0; m < point.size(); ++m) {
        low[m] = std::min(low[m], point[m]);
        up[m] = std::max(up[m], point[m]);
      }
    }
  for (Run& run : runs)
    for (Point& point : run.front)
      for (std::size_t m = 0; m < point.size(); ++m)
        point[m] = up[m] > low[m] ? (point[m] - low[m]) / (up[m] - low[m]) : 0;
}

/// Ranks by a key, the smallest first; equal keys keep their order.
std::vector<int> ranks(const std::vector<Run>& runs, double (*key)(const TuneRow&)) {
  std::vector<int> order(runs.size()), rank(runs.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return key(runs[a].row) < key(runs[b].row); });
  for (std::size_t k = 0; k < order.size(); ++k) rank[order[k]] = static_cast<int>(k);
  return rank;
}

TuneStage judge(std::string name, std::vector<Run> runs) {
  TuneStage stage{.name = std::move(name)};
  scale_fronts(runs);
  for (Run& run : runs) {
    if (run.front.empty()) {
      run.row.sol_perf = run.row.counted_sol_perf = INFINITY;
      continue;
    }
    run.row.spacing = spacing(run.front);
    run.row.sol_perf = 0.001 * run.row.time_s + 0.999 * run.row.spacing;
    run.row.counted_sol_perf =
        0.001 * run.row.evaluations / kEvaluationsPerSecond + 0.999 * run.row.spacing;
    if (run.front[0].size() > 1)
      run.row.hypervolume = hypervolume(run.front, Point(run.front[0].size(), 1.1));
  }
  int champion = -1;
  for (int k = 0; k < std::ssize(runs); ++k) {
    if (runs[k].front.empty()) continue;
    if (champion < 0) {
      champion = k;
      continue;
    }
    const double held = set_coverage(runs[champion].front, runs[k].front);
    const double taken = set_coverage(runs[k].front, runs[champion].front);
    const int winner = taken > held ? k : champion, loser = taken > held ? champion : k;
    ++runs[winner].row.won;
    ++runs[loser].row.lost;
    champion = winner;
  }
  if (champion < 0)
    throw Error(ErrorKind::infeasible, "no run of the tuning found a point within all limits",
                "run 'cupel optimize' without --tune: it names the limits that clash");
  stage.chain_winner = champion;
  const auto by_chain = ranks(runs, [](const TuneRow& row) {
    return row.front == 0 ? INFINITY : static_cast<double>(row.lost - row.won);
  });
  const auto by_perf = ranks(runs, [](const TuneRow& row) { return row.counted_sol_perf; });
  int least = std::numeric_limits<int>::max();
  for (int k = 0; k < std::ssize(runs); ++k) {
    if (by_perf[k] == 0) stage.best_perf = k;
    if (by_chain[k] + by_perf[k] < least && !runs[k].front.empty()) {
      least = by_chain[k] + by_perf[k];
      stage.compromise = k;
    }
    stage.rows.push_back(runs[k].row);
  }
  return stage;
}

}  // namespace

std::vector<TuneStage> tune(const Problem& problem, const TuneGrid& grid, std::uint64_t seed) {
  std::vector<TuneStage> stages;
  MethodOptions base{.tournament = 3,
                     .thesis_operators = true,
                     .crossover_probability = 0.9,
                     .mutation_probability = 0.03};
  std::vector<Run> runs;
  for (const int population : grid.populations)
    for (const int generations : grid.generations) {
      base.population = population;
      base.generations = generations;
      runs.push_back(run_once(problem, base, seed));
    }
  const auto close = [&](const char* name) {
    stages.push_back(judge(name, std::move(runs)));
    runs.clear();
    base = stages.back().rows[stages.back().compromise].options;
  };
  close("N_pop x N_gen");
  for (const double crossover : grid.crossover)
    for (const double mutation : grid.mutation) {
      base.crossover_probability = crossover;
      base.mutation_probability = mutation;
      runs.push_back(run_once(problem, base, seed));
    }
  close("P_C x P_M");
  runs.push_back(run_once(problem, base, seed));  // without jumping genes
  for (const double jumping : grid.jumping) {
    base.jumping_gene_probability = jumping;
    runs.push_back(run_once(problem, base, seed));
  }
  close("P_RJG");
  return stages;
}

Json to_json(const std::vector<TuneStage>& stages) {
  Json json = Json::Array{};
  for (const TuneStage& stage : stages) {
    Json item;
    item["stage"] = stage.name;
    for (const TuneRow& row : stage.rows) {
      Json line;
      line["N_pop"] = row.options.population;
      line["N_gen"] = row.options.generations;
      line["P_C"] = row.options.crossover_probability;
      line["P_M"] = row.options.mutation_probability;
      line["P_RJG"] = row.options.jumping_gene_probability;
      line["C_t"] = row.time_s;
      line["evaluations"] = row.evaluations;
      line["S"] = row.spacing;
      line["CS_won"] = row.won;
      line["CS_lost"] = row.lost;
      line["sol_perf"] = row.sol_perf;
      line["sol_perf_counted"] = row.counted_sol_perf;
      line["hypervolume"] = row.hypervolume;
      line["front"] = row.front;
      item["rows"].push_back(std::move(line));
    }
    item["chain_winner"] = stage.chain_winner;
    item["best_sol_perf"] = stage.best_perf;
    item["compromise"] = stage.compromise;
    json.push_back(std::move(item));
  }
  return json;
}

}  // namespace cupel
