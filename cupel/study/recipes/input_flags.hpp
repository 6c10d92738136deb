// Genes that say which input columns a network reads, for recipes that search over them.
#pragma once

#include <vector>

#include "cupel/data/encoder.hpp"
#include "cupel/search/space.hpp"

namespace cupel {

/// Appends one gene per input column, 0 or 1.
void add_input_flags(Space& space, const Encoder& encoder);

/// Features of the columns whose flags, at position `first` and after it in the candidate, are set;
/// every feature where the candidate ends before `first`.
std::vector<int> flagged_features(const Encoder& encoder, const Candidate& candidate,
                                  std::size_t first);

/// Opening candidates: half of them with all inputs, the others with a few left out. A uniform
/// draw would leave out half of the inputs of nearly every network.
std::vector<Candidate> opening_with_inputs(const Space& space, std::size_t first, int count,
                                           std::int64_t seed);

}  // namespace cupel
