#include "cupel/search/adapters/pagmo_fronts.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/maco.hpp>
#include <pagmo/algorithms/moead.hpp>
#include <pagmo/algorithms/nspso.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

#include "cupel/base/error.hpp"
#include "cupel/search/nondominated_sort.hpp"
#include "cupel/search/opening.hpp"

namespace cupel {
namespace {

constexpr double kPenalty = 1e3, kFailed = 1e9;

/// Ends a run of pagmo when our evaluate() gave a short answer.
struct Stopped {};

struct Shared {
  const Space* space;
  const EvaluateBatch* evaluate;
  std::vector<Evaluated> all;
  std::size_t objectives = 0;
};

double low_of(const Gene& gene) {
  if (gene.kind == GeneKind::set) return 0;
  return gene.kind == GeneKind::category ? 0 : gene.low;
}

double up_of(const Gene& gene) {
  if (gene.kind == GeneKind::set) return static_cast<double>(gene.values.size()) - 1;
  if (gene.kind == GeneKind::category) return static_cast<double>(gene.labels.size()) - 1;
  return gene.up;
}

/// pagmo's side of a candidate: the members of a set by their index.
Candidate from_pagmo(const Space& space, const pagmo::vector_double& x) {
  Candidate candidate(x.begin(), x.end());
  for (int g = 0; g < space.size(); ++g)
    if (space.genes[g].kind == GeneKind::set)
      candidate[g] = space.genes[g].values[static_cast<std::size_t>(std::lround(x[g]))];
  repair(space, candidate);
  return candidate;
}

struct PagmoProblem {
  std::shared_ptr<Shared> shared;

  pagmo::vector_double fitness(const pagmo::vector_double& x) const {
    std::vector<Candidate> batch{from_pagmo(*shared->space, x)};
    if (!score_batch(batch, *shared->evaluate, shared->all)) throw Stopped{};
    const Score& score = shared->all.back().score;
    if (is_failed(score)) return pagmo::vector_double(shared->objectives, kFailed);
    pagmo::vector_double values = score.objectives;
    for (double& value : values) value += kPenalty * score.violation;
    return values;
  }
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
    std::pair<pagmo::vector_double, pagmo::vector_double> bounds;
    for (const Gene& gene : shared->space->genes) {
      bounds.first.push_back(low_of(gene));
      bounds.second.push_back(up_of(gene));
    }
    return bounds;
  }
  pagmo::vector_double::size_type get_nobj() const { return shared->objectives; }
};

template <class Algorithm>
std::vector<Evaluated> run_pagmo(const Space& space, const EvaluateBatch& evaluate,
                                 const MethodOptions& options, std::uint64_t seed, int at_least,
                                 const Algorithm& make) {
  check_options(space, options);
  const auto shared = std::make_shared<Shared>(Shared{&space, &evaluate, {}, 0});
  Rng rng(seed);
  SeenCandidates seen;
  std::vector<Candidate> first = opening_batch(space, options, seen, rng);
  if (!score_batch(first, evaluate, shared->all)) return std::move(shared->all);
  for (const Evaluated& one : shared->all)
    if (!is_failed(one.score)) shared->objectives = one.score.objectives.size();
  if (shared->objectives == 0) return std::move(shared->all);
  if (shared->objectives < 2)
    throw Error(ErrorKind::usage, "this method needs two or more objectives",
                "add one, or take the method nsga2 or descent");
  const auto size = static_cast<pagmo::population::size_type>(
      (std::max(options.population, at_least) + 3) / 4 * 4);
  try {
    pagmo::population population(pagmo::problem(PagmoProblem{shared}), size,
                                 static_cast<unsigned>(seed));
    const pagmo::algorithm algorithm(make(
        static_cast<unsigned>(std::max(1, options.generations - 1)), static_cast<unsigned>(seed)));
    algorithm.evolve(population);
  } catch (const Stopped&) {
  }
  return std::move(shared->all);
}

}  // namespace

std::vector<Evaluated> run_moead(const Space& space, const EvaluateBatch& evaluate,
                                 const MethodOptions& options, std::uint64_t seed) {
  return run_pagmo(space, evaluate, options, seed, 24, [](unsigned generations, unsigned s) {
    return pagmo::moead(generations, "low discrepancy", "tchebycheff", 20u, 1.0, 0.5, 20., 0.9, 2u,
                        true, s);
  });
}

std::vector<Evaluated> run_nspso(const Space& space, const EvaluateBatch& evaluate,
                                 const MethodOptions& options, std::uint64_t seed) {
  return run_pagmo(space, evaluate, options, seed, 8, [](unsigned generations, unsigned s) {
    return pagmo::nspso(generations, 0.6, 2.0, 2.0, 1.0, 0.5, 60u, "crowding distance", false, s);
  });
}

std::vector<Evaluated> run_mhaco(const Space& space, const EvaluateBatch& evaluate,
                                 const MethodOptions& options, std::uint64_t seed) {
  return run_pagmo(space, evaluate, options, seed, 64, [](unsigned generations, unsigned s) {
    return pagmo::maco(generations, 60u, 1.0, 1u, 7u, 10'000u, 0., false, s);
  });
}

}  // namespace cupel
