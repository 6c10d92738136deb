#include "cupel/search/adapters/ant_colony.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <pagmo/algorithms/gaco.hpp>
#include <pagmo/bfe.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

#include "cupel/search/opening.hpp"

namespace cupel {
namespace {

constexpr double kFailed = 1e9;

/// Ends a run of pagmo when our evaluate() gave a short answer.
struct Stopped {};

struct Shared {
  const Space* space;
  const EvaluateBatch* evaluate;
  std::vector<int> order;  ///< genes in pagmo's order: real ones first
  std::vector<Evaluated> all;
};

bool is_real(const Gene& gene) { return gene.kind == GeneKind::real; }

pagmo::vector_double to_pagmo(const Shared& shared, const Candidate& candidate) {
  pagmo::vector_double x;
  for (const int g : shared.order) {
    const Gene& gene = shared.space->genes[g];
    x.push_back(gene.kind == GeneKind::set
                    ? static_cast<double>(
                          std::lower_bound(gene.values.begin(), gene.values.end(), candidate[g]) -
                          gene.values.begin())
                    : candidate[g]);
  }
  return x;
}

Candidate from_pagmo(const Shared& shared, const double* x) {
  Candidate candidate(shared.order.size());
  for (std::size_t k = 0; k < shared.order.size(); ++k) {
    const Gene& gene = shared.space->genes[shared.order[k]];
    candidate[shared.order[k]] = gene.kind == GeneKind::set
                                     ? gene.values[static_cast<std::size_t>(std::lround(x[k]))]
                                     : x[k];
  }
  repair(*shared.space, candidate);
  return candidate;
}

/// Objective, and the violation as a limit that must not be above 0.
pagmo::vector_double fitness_of(const Score& score) {
  if (score.failed) return {kFailed, kFailed};
  return {score.objectives.front(), score.violation};
}

/// Evaluates candidates as one batch; their fitness, one after the other.
pagmo::vector_double score_all(Shared& shared, const pagmo::vector_double& points) {
  std::vector<Candidate> batch;
  for (std::size_t at = 0; at < points.size(); at += shared.order.size())
    batch.push_back(from_pagmo(shared, points.data() + at));
  const std::size_t first = shared.all.size();
  if (!score_batch(batch, *shared.evaluate, shared.all)) throw Stopped{};
  pagmo::vector_double values;
  for (std::size_t k = first; k < shared.all.size(); ++k)
    for (const double value : fitness_of(shared.all[k].score)) values.push_back(value);
  return values;
}

struct ColonyProblem {
  std::shared_ptr<Shared> shared;

  pagmo::vector_double fitness(const pagmo::vector_double& x) const {
    return score_all(*shared, x);
  }
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
    std::pair<pagmo::vector_double, pagmo::vector_double> bounds;
    for (const int g : shared->order) {
      const Gene& gene = shared->space->genes[g];
      const bool counted = gene.kind == GeneKind::set || gene.kind == GeneKind::category;
      const std::size_t members =
          gene.kind == GeneKind::set ? gene.values.size() : gene.labels.size();
      bounds.first.push_back(counted ? 0 : gene.low);
      bounds.second.push_back(counted ? static_cast<double>(members) - 1 : gene.up);
    }
    return bounds;
  }
  pagmo::vector_double::size_type get_nix() const {
    return static_cast<pagmo::vector_double::size_type>(
        std::count_if(shared->space->genes.begin(), shared->space->genes.end(),
                      [](const Gene& gene) { return !is_real(gene); }));
  }
  pagmo::vector_double::size_type get_nic() const { return 1; }
};

struct BatchOfAnts {
  std::shared_ptr<Shared> shared;
  pagmo::vector_double operator()(const pagmo::problem&, const pagmo::vector_double& points) const {
    return score_all(*shared, points);
  }
};

std::vector<int> reals_first(const Space& space) {
  std::vector<int> order;
  for (int g = 0; g < space.size(); ++g) order.push_back(g);
  std::stable_partition(order.begin(), order.end(), [&](int g) { return is_real(space.genes[g]); });
  return order;
}

}  // namespace

std::vector<Evaluated> run_ant_colony(const Space& space, const EvaluateBatch& evaluate,
                                      const MethodOptions& options, std::uint64_t seed) {
  check_options(space, options);
  const auto shared = std::make_shared<Shared>(Shared{&space, &evaluate, reals_first(space), {}});
  Rng rng(seed);
  SeenCandidates seen;
  std::vector<Candidate> first = opening_batch(space, options, seen, rng);
  if (!score_batch(first, evaluate, shared->all) || options.generations < 2)
    return std::move(shared->all);
  const auto pagmo_seed = static_cast<unsigned>(seed);
  try {
    pagmo::population ants(pagmo::problem(ColonyProblem{shared}), 0, pagmo_seed);
    for (const Evaluated& one : shared->all)
      ants.push_back(to_pagmo(*shared, one.candidate), fitness_of(one.score));
    const auto kernel = static_cast<unsigned>(std::max<std::size_t>(2, ants.size() - 1));
    pagmo::gaco colony(static_cast<unsigned>(options.generations - 1), kernel, 1.0, 0.0, 0.01, 1u,
                       7u, 100000u, 100000u, 0.0, false, pagmo_seed);
    colony.set_bfe(pagmo::bfe(BatchOfAnts{shared}));
    colony.evolve(std::move(ants));
  } catch (const Stopped&) {
  }
  return std::move(shared->all);
}

}  // namespace cupel
