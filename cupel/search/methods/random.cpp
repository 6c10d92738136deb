#include "cupel/search/methods/random.hpp"

#include <utility>

#include "cupel/search/opening.hpp"

namespace cupel {

std::vector<Evaluated> run_random(const Space& space, const EvaluateBatch& evaluate,
                                  const MethodOptions& options, std::uint64_t seed) {
  check_options(space, options);
  Rng rng(seed);
  SeenCandidates seen;
  std::vector<Evaluated> all;
  for (int generation = 0; generation < options.generations; ++generation) {
    std::vector<Candidate> batch = generation == 0
                                       ? opening_batch(space, options, seen, rng)
                                       : draw_unseen(space, options.population, seen, rng);
    if (batch.empty() || !score_batch(batch, evaluate, all)) break;
  }
  return all;
}

}  // namespace cupel
