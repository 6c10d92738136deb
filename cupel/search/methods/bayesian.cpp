#include "cupel/search/methods/bayesian.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "cupel/search/opening.hpp"
#include "cupel/search/surrogate.hpp"

namespace cupel {
namespace {

/// Where the promise is looked for: random candidates and variations of the best, then steps that
/// become shorter around those that promise most.
constexpr int kRandom = 400, kBest = 5, kVariations = 40;
constexpr int kClimbers = 4, kRounds = 14, kSteps = 6;
constexpr double kFirstStep = 0.2, kShrink = 0.65;

struct Run {
  const Space& space;
  const MethodOptions& options;
  Rng rng;
  SeenCandidates seen = {};
  std::vector<Evaluated> all = {};
  Surrogate surrogate = {};
};

/// Some genes (one at least) moved by about `step` of their range; a category is redrawn.
Candidate varied(const Space& space, Candidate candidate, double step, Rng& rng) {
  const int sure = space.size() > 0 ? rng.below(space.size()) : -1;
  for (int g = 0; g < space.size(); ++g) {
    if (g != sure && !rng.chance(0.5)) continue;
    const Gene& gene = space.genes[g];
    if (gene.kind == GeneKind::category) {
      if (g == sure || rng.chance(step)) candidate[g] = random_value(gene, rng);
      continue;
    }
    if (gene.kind == GeneKind::set) {
      const auto place = std::lower_bound(gene.values.begin(), gene.values.end(), candidate[g]) -
                         gene.values.begin();
      const double last = static_cast<double>(gene.values.size()) - 1;
      const double moved = static_cast<double>(place) + std::max(1.0, step * last) * rng.normal();
      candidate[g] =
          gene.values[static_cast<std::size_t>(std::clamp(std::round(moved), 0.0, last))];
      continue;
    }
    const double width = step * (gene.up - gene.low);
    const bool whole = gene.kind == GeneKind::integer;
    candidate[g] =
        repair(gene, candidate[g] + (whole ? std::max(1.0, width) : width) * rng.normal());
  }
  return candidate;
}

/// Candidates with what they promise, the best first.
struct Pool {
  std::vector<Candidate> candidates;
  std::vector<double> promise;
};

Pool weigh(const Run& run, std::vector<Candidate> candidates, const Vector& weights) {
  if (candidates.empty()) return {};
  Matrix at(std::ssize(candidates), coordinates(run.space, candidates[0]).size());
  for (std::size_t k = 0; k < candidates.size(); ++k)
    at.row(static_cast<Eigen::Index>(k)) = coordinates(run.space, candidates[k]).transpose();
  const Vector promise = run.surrogate.promise(at, weights, run.options);
  std::vector<int> order(candidates.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return promise[a] < promise[b]; });
  Pool pool;
  for (int k : order) {
    pool.candidates.push_back(std::move(candidates[k]));
    pool.promise.push_back(promise[k]);
  }
  return pool;
}

Pool first_pool(Run& run, const Vector& weights, int thrift) {
  std::vector<Candidate> candidates;
  for (int k = 0; k < kRandom / thrift; ++k)
    candidates.push_back(random_candidate(run.space, run.rng));
  const std::vector<int> best = run.surrogate.best_rows(weights);
  for (int k = 0; k < std::min<int>(kBest, static_cast<int>(best.size())); ++k)
    for (int v = 0; v < kVariations / thrift; ++v)
      candidates.push_back(varied(run.space, run.all[best[k]].candidate,
                                  kFirstStep * std::pow(kShrink, v % kRounds), run.rng));
  std::erase_if(candidates, [&](const Candidate& one) { return run.seen.contains(one); });
  return weigh(run, std::move(candidates), weights);
}

/// The candidate of most promise that was not used; empty in a space without any. `thrift`
/// divides the effort.
std::vector<Candidate> propose(Run& run, const Vector& weights, int thrift) {
  Pool pool = first_pool(run, weights, thrift);
  if (pool.candidates.empty()) return draw_unseen(run.space, 1, run.seen, run.rng);
  if (std::ssize(pool.candidates) > kClimbers) {
    pool.candidates.resize(kClimbers);
    pool.promise.resize(kClimbers);
  }
  double step = kFirstStep;
  for (int round = 0; round < kRounds; ++round, step *= kShrink) {
    std::vector<Candidate> steps;
    for (std::size_t k = 0; k < pool.candidates.size(); ++k)
      for (int s = 0; s < std::max(2, kSteps / thrift); ++s) {
        Candidate one = varied(run.space, pool.candidates[k], step, run.rng);
        if (!run.seen.contains(one)) steps.push_back(std::move(one));
      }
    Pool next = weigh(run, std::move(steps), weights);
    // The best of old and new climb on.
    for (std::size_t k = 0; k < next.candidates.size() && k < kClimbers; ++k) {
      const auto worst = std::max_element(pool.promise.begin(), pool.promise.end());
      const auto place = static_cast<std::size_t>(worst - pool.promise.begin());
      if (next.promise[k] >= *worst) break;
      *worst = next.promise[k];
      pool.candidates[place] = std::move(next.candidates[k]);
    }
  }
  const auto best = std::min_element(pool.promise.begin(), pool.promise.end());
  Candidate& chosen = pool.candidates[static_cast<std::size_t>(best - pool.promise.begin())];
  run.seen.insert(chosen);
  return {std::move(chosen)};
}

std::vector<Candidate> next_batch(Run& run) {
  if (run.all.empty() || run.seen.size() >= space_size(run.space)) return {};
  run.surrogate.learn(run.space, run.all, run.rng.next());
  std::vector<Candidate> batch;
  while (std::ssize(batch) < run.options.population) {
    const Vector weights = random_weights(run.surrogate.objectives(), run.rng);
    std::vector<Candidate> one = propose(run, weights, batch.empty() ? 1 : 4);
    if (one.empty()) break;
    batch.push_back(std::move(one[0]));
    if (std::ssize(batch) < run.options.population)
      run.surrogate.suppose(coordinates(run.space, batch.back()));
  }
  return batch;
}

}  // namespace

std::vector<Evaluated> run_bayesian(const Space& space, const EvaluateBatch& evaluate,
                                    const MethodOptions& options, std::uint64_t seed) {
  check_options(space, options);
  Run run{.space = space, .options = options, .rng = Rng(seed)};
  MethodOptions opening = options;
  if (options.opening > 0) opening.population = options.opening;
  for (int generation = 0; generation < options.generations; ++generation) {
    std::vector<Candidate> batch =
        generation == 0 ? opening_batch(space, opening, run.seen, run.rng) : next_batch(run);
    if (batch.empty() || !score_batch(batch, evaluate, run.all)) break;
  }
  return std::move(run.all);
}

}  // namespace cupel
