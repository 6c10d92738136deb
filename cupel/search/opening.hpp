// What every method does in the same way: check the options, open with the given candidates
// and random ones, and take in the scores of a batch.
#pragma once

#include "cupel/search/method.hpp"
#include "cupel/search/seen.hpp"

namespace cupel {

/// Throws Error{usage} for a bad space (check_space), for an option out of its range, and for
/// a `first` candidate of the wrong length.
void check_options(const Space& space, const MethodOptions& options);

/// `options.first`, repaired and without repetitions, filled up to the population with random
/// candidates; shorter when the space has fewer.
std::vector<Candidate> opening_batch(const Space& space, const MethodOptions& options,
                                     SeenCandidates& seen, Rng& rng);

/// Evaluates the batch and moves what was scored to the end of `all`. False when the answer
/// was short, so that the run is to end. Throws Error{runtime} when scores have different
/// numbers of objectives.
bool score_batch(std::span<Candidate> batch, const EvaluateBatch& evaluate,
                 std::vector<Evaluated>& all);

}  // namespace cupel
