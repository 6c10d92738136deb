// The published study of the method itself: which control parameters of NSGA-II and NSGA-II-RJG
// suit a problem. N_pop x N_gen first, then P_C x P_M at the best of these, then P_RJG; in each
// stage fronts meet in a chain of coverage comparisons (the winner meets the next) and are ranked
// by sol_perf = 0.001 C_t + 0.999 S (Furtună 2011); the compromise of both ranks goes on. Decisions
// count evaluations (one second = kEvaluationsPerSecond); times are shown only.
#pragma once

#include <string>
#include <vector>

#include "cupel/process/problem.hpp"
#include "cupel/search/method.hpp"

namespace cupel {

constexpr double kEvaluationsPerSecond = 1000;  ///< of the published runs, about

struct TuneGrid {
  std::vector<int> populations = {10, 50, 100, 300, 500};
  std::vector<int> generations = {50, 100, 300, 500, 1000};
  std::vector<double> crossover = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
  std::vector<double> mutation = {0.01, 0.03, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8};
  std::vector<double> jumping = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
};

struct TuneRow {
  MethodOptions options;
  double time_s = 0;  ///< C_t, of this run
  int evaluations = 0;
  int front = 0;       ///< feasible points
  double spacing = 0;  ///< S, objectives over the range of all fronts of the stage
  int won = 0, lost = 0;
  double sol_perf = 0;          ///< with the time
  double counted_sol_perf = 0;  ///< with counted evaluations: what decides
  double hypervolume = 0;       ///< over the box of all fronts of the stage, reference 1.1
};

struct TuneStage {
  std::string name;
  std::vector<TuneRow> rows;
  int chain_winner = -1, best_perf = -1, compromise = -1;
};

/// Thesis operators. Throws Error{infeasible} when no run of a stage finds a feasible point.
std::vector<TuneStage> tune(const Problem& problem, const TuneGrid& grid, std::uint64_t seed);

Json to_json(const std::vector<TuneStage>& stages);

}  // namespace cupel
