#include "cupel/search/methods/genetic.hpp"

#include <algorithm>
#include <utility>

#include "cupel/search/crowding.hpp"
#include "cupel/search/nondominated_sort.hpp"
#include "cupel/search/opening.hpp"

namespace cupel {
namespace {

/// Pairs that may bring only duplicates, in a row, before a random candidate takes their place.
constexpr int kDuplicateTries = 20;
/// Truncation selection takes parents from this share of the population.
constexpr double kTruncation = 0.5;

/// The population is kept in order, the best first, so that a position is a rank.
struct Run {
  const Space& space;
  const MethodOptions& options;
  Rng rng;
  SeenCandidates seen = {};
  std::vector<Evaluated> population = {};
  std::vector<Candidate> batch = {};
  std::vector<Parents> parents = {};
};

/// Position of a parent. Roulette: chances fall linearly from the first to the last, as fitness
/// itself would depend on the unit and the sign of the score.
int select(Run& run) {
  const int size = static_cast<int>(run.population.size());
  switch (run.options.selection) {
    case Selection::tournament: {
      int best = run.rng.below(size);
      for (int k = 1; k < run.options.tournament; ++k) best = std::min(best, run.rng.below(size));
      return best;
    }
    case Selection::truncation:
      return run.rng.below(std::max(1, static_cast<int>(kTruncation * size)));
    case Selection::roulette: {
      double ball = run.rng.uniform() * size * (size + 1.0) / 2;
      for (int k = 0; k < size; ++k)
        if ((ball -= size - k) < 0) return k;
      return size - 1;
    }
  }
  return 0;
}

void breed(Run& run) {
  run.batch.clear();
  run.parents.clear();
  const int bits = bit_count(run.space);
  const double flip = run.options.mutation_probability > 0 ? run.options.mutation_probability
                                                           : 1.0 / std::max(1, bits);
  const auto add = [&](Candidate candidate, Parents parents) {
    run.batch.push_back(std::move(candidate));
    run.parents.push_back(std::move(parents));
  };
  for (int misses = 0; std::ssize(run.batch) < run.options.population;) {
    const Candidate &mother = run.population[select(run)].candidate,
                    &father = run.population[select(run)].candidate;
    Bits pair[2] = {encode_bits(run.space, mother), encode_bits(run.space, father)};
    if (run.rng.chance(run.options.crossover_probability))
      cross_bits(run.options.bit_crossover, pair[0], pair[1], run.rng);
    ++misses;
    for (Bits& child : pair) {
      flip_bits(flip, child, run.rng);
      Candidate candidate = decode_bits(run.space, child);
      if (std::ssize(run.batch) == run.options.population || !run.seen.insert(candidate)) continue;
      add(std::move(candidate), mother == father ? Parents{mother} : Parents{mother, father});
      misses = 0;
    }
    if (misses < kDuplicateTries) continue;
    auto unseen = draw_unseen(run.space, 1, run.seen, run.rng);
    if (unseen.empty()) return;
    add(std::move(unseen[0]), {});
    misses = 0;
  }
}

/// Orders parents and children, keeps the best; true when a new one entered the first front.
bool survive(Run& run, std::size_t parents) {
  std::vector<Evaluated>& all = run.population;
  Fronts fronts = nondominated_sort(all);
  std::vector<double> crowding(all.size());
  for (int k = 0; k < fronts.count(); ++k) {
    crowding_distance(all, fronts.front(k), crowding);
    std::stable_sort(fronts.members.begin() + fronts.begin[k],
                     fronts.members.begin() + fronts.begin[k + 1],
                     [&](int a, int b) { return crowding[a] > crowding[b]; });
  }
  bool better = false;
  const auto first = fronts.count() > 0 ? fronts.front(0) : std::span<const int>{};
  const auto known = [&](int k) {  // an equal of a parent is no progress
    return std::any_of(first.begin(), first.end(), [&](int other) {
      return other < static_cast<int>(parents) &&
             all[other].score.objectives == all[k].score.objectives;
    });
  };
  for (int k : first) better = better || (k >= static_cast<int>(parents) && !known(k));
  std::vector<Evaluated> next;
  for (int k : fronts.members)
    if (std::ssize(next) < run.options.population) next.push_back(std::move(all[k]));
  all = std::move(next);
  return better;
}

}  // namespace

std::vector<Evaluated> run_genetic(const Space& space, const EvaluateBatch& evaluate,
                                   const MethodOptions& options, std::uint64_t seed) {
  check_options(space, options);
  Run run{.space = space, .options = options, .rng = Rng(seed)};
  int idle = 0;
  for (int generation = 0; generation < options.generations; ++generation) {
    if (generation == 0) {
      run.batch = opening_batch(space, options, run.seen, run.rng);
      run.parents.resize(run.batch.size());
    } else {
      breed(run);
    }
    if (run.batch.empty()) break;
    if (options.on_parents) options.on_parents(run.parents);
    const std::size_t before = run.population.size();
    const bool complete = score_batch(run.batch, evaluate, run.population);
    idle = survive(run, before) ? 0 : idle + 1;
    if (!complete || (options.patience > 0 && idle >= options.patience)) break;
  }
  return std::move(run.population);
}

}  // namespace cupel
