#include "cupel/search/opening.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cupel/base/error.hpp"
#include "cupel/search/nondominated_sort.hpp"

namespace cupel {
namespace {

void require(bool holds, std::string_view option, double value, std::string_view range) {
  if (holds) return;
  throw Error(ErrorKind::usage, fmt::format("search option {} = {}", option, value),
              fmt::format("give {}", range));
}

void require_probability(std::string_view option, double value) {
  require(value >= 0 && value <= 1, option, value, "a probability from 0 to 1");
}

/// All scores that have objectives must have as many as the first of them.
void check_objectives(std::span<const Evaluated> all, std::size_t first_new) {
  const auto scored = [](const Evaluated& one) { return !is_failed(one.score); };
  const auto model = std::find_if(all.begin(), all.end(), scored);
  for (const Evaluated& one : all.subspan(first_new)) {
    if (!scored(one) || one.score.objectives.size() == model->score.objectives.size()) continue;
    throw Error(ErrorKind::runtime,
                fmt::format("scores with {} and with {} objectives in one search",
                            model->score.objectives.size(), one.score.objectives.size()),
                "give every candidate the same objectives, or mark it as failed");
  }
}

}  // namespace

void check_options(const Space& space, const MethodOptions& options) {
  check_space(space);
  require(options.population >= 1, "population", options.population, "1 or more");
  require(options.tournament >= 1, "tournament", options.tournament, "1 or more");
  require(options.generations >= 0, "generations", options.generations, "0 or more");
  require(options.crossover_eta >= 0, "crossover_eta", options.crossover_eta, "0 or more");
  require(options.mutation_eta >= 0, "mutation_eta", options.mutation_eta, "0 or more");
  require_probability("crossover_probability", options.crossover_probability);
  require_probability("mutation_probability", options.mutation_probability);
  require_probability("jumping_gene_probability", options.jumping_gene_probability);
  require(options.opening >= 0, "opening", options.opening, "0 or more");
  require(options.kappa >= 0, "kappa", options.kappa, "0 or more");
  require(options.patience >= 0, "patience", options.patience, "0 or more");
  for (const Candidate& candidate : options.first)
    if (std::ssize(candidate) != space.size())
      throw Error(ErrorKind::usage,
                  fmt::format("a first candidate has {} values, the search space {}",
                              candidate.size(), space.size()),
                  "give one value for every entry of the space");
}

std::vector<Candidate> opening_batch(const Space& space, const MethodOptions& options,
                                     SeenCandidates& seen, Rng& rng) {
  std::vector<Candidate> batch;
  for (Candidate candidate : options.first) {
    repair(space, candidate);
    if (seen.insert(candidate)) batch.push_back(std::move(candidate));
  }
  const int missing = std::max(0, options.population - static_cast<int>(batch.size()));
  for (Candidate& candidate : draw_unseen(space, missing, seen, rng))
    batch.push_back(std::move(candidate));
  return batch;
}

bool score_batch(std::span<Candidate> batch, const EvaluateBatch& evaluate,
                 std::vector<Evaluated>& all) {
  std::vector<Score> scores = evaluate(batch);
  const std::size_t count = std::min(scores.size(), batch.size()), before = all.size();
  for (std::size_t i = 0; i < count; ++i)
    all.push_back({std::move(batch[i]), std::move(scores[i])});
  check_objectives(all, before);
  return count == batch.size();
}

}  // namespace cupel
