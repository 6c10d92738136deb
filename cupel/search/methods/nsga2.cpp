#include "cupel/search/methods/nsga2.hpp"

#include <algorithm>
#include <utility>

#include "cupel/search/crowding.hpp"
#include "cupel/search/nondominated_sort.hpp"
#include "cupel/search/opening.hpp"
#include "cupel/search/operators.hpp"

namespace cupel {
namespace {

/// Pairs that may bring only duplicates, in a row, before a random candidate takes their place.
constexpr int duplicate_tries = 20;

/// `batch` lends its buffers to the next children, so that a generation hardly allocates.
struct Run {
  const Space& space;
  const MethodOptions& options;
  Rng rng;
  SeenCandidates seen = {};
  std::vector<Evaluated> population = {}, spare = {};
  std::vector<int> rank = {};         // of population, 0 = best front
  std::vector<double> crowding = {};  // of population
  std::vector<Candidate> batch = {};
};

/// Deals the population in random order, so that everyone enters as many tournaments.
struct Dealer {
  Run& run;
  std::vector<int> order;
  int next = 0;

  int deal() {
    if (next == std::ssize(order)) {
      order = run.rng.permutation(static_cast<int>(run.population.size()));
      next = 0;
    }
    return order[next++];
  }

  /// The winner of one tournament; of equals the one dealt first.
  const Candidate& select() {
    const int size = std::min(run.options.tournament, static_cast<int>(run.population.size()));
    if (std::ssize(order) - next < size) next = static_cast<int>(order.size());
    int best = deal();
    for (int i = 1; i < size; ++i) {
      const int other = deal();
      if (run.rank[other] < run.rank[best] ||
          (run.rank[other] == run.rank[best] && run.crowding[other] > run.crowding[best]))
        best = other;
    }
    return run.population[best].candidate;
  }
};

/// Fills the batch with children, shorter only when a finite space is used up.
void breed(Run& run) {
  const auto count = static_cast<std::size_t>(run.options.population);
  run.batch.resize(count);
  Dealer dealer{run, {}};
  Candidate pair[2];
  std::size_t made = 0;
  for (int misses = 0; made < count;) {
    for (Candidate& child : pair) child = dealer.select();
    make_children(run.space, run.options, pair[0], pair[1], run.rng);
    ++misses;
    for (Candidate& child : pair) {
      if (made == count || (run.options.reject_duplicates && !run.seen.insert(child))) continue;
      run.batch[made++].swap(child);
      misses = 0;
    }
    if (misses < duplicate_tries) continue;
    auto unseen = draw_unseen(run.space, 1, run.seen, run.rng);
    if (unseen.empty()) break;
    run.batch[made++].swap(unseen[0]);
    misses = 0;
  }
  run.batch.resize(made);
}

/// Keeps the best of parents and children; the buffers of the others go to the batch.
void survive(Run& run) {
  std::vector<Evaluated>& all = run.population;
  Fronts fronts = nondominated_sort(all);
  const int keep = std::min(run.options.population, static_cast<int>(all.size()));
  std::vector<double> crowding(all.size());
  run.rank.clear();
  for (int k = 0; k < fronts.count() && fronts.begin[k] < keep; ++k) {
    crowding_distance(all, fronts.front(k), crowding);
    std::stable_sort(fronts.members.begin() + fronts.begin[k],
                     fronts.members.begin() + fronts.begin[k + 1],
                     [&](int a, int b) { return crowding[a] > crowding[b]; });
    run.rank.resize(std::min(keep, fronts.begin[k + 1]), k);
  }
  run.spare.clear();
  run.crowding.clear();
  for (int i = 0; i < keep; ++i) {
    run.spare.push_back(std::move(all[fronts.members[i]]));
    run.crowding.push_back(crowding[fronts.members[i]]);
  }
  run.batch.clear();
  for (int i = keep; i < std::ssize(all); ++i)
    run.batch.push_back(std::move(all[fronts.members[i]].candidate));
  std::swap(run.population, run.spare);
}

}  // namespace

std::vector<Evaluated> run_nsga2(const Space& space, const EvaluateBatch& evaluate,
                                 const MethodOptions& options, std::uint64_t seed) {
  check_options(space, options);
  Run run{.space = space, .options = options, .rng = Rng(seed)};
  for (int generation = 0; generation < options.generations; ++generation) {
    if (generation == 0)
      run.batch = opening_batch(space, options, run.seen, run.rng);
    else
      breed(run);
    if (run.batch.empty()) break;
    const bool complete = score_batch(run.batch, evaluate, run.population);
    survive(run);
    if (!complete) break;
  }
  return std::move(run.population);
}

}  // namespace cupel
