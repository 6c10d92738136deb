// A grid over the space, for a look at all of it. First the ends of every range, then the points
// half-way between, and so on: 2, 3, 5, 9, … values a gene, categories always whole.
#pragma once

#include "cupel/search/method.hpp"

namespace cupel {

/// Everything evaluated, in order. The new points of each grid come in random order, `population`
/// a batch; in a finite space the run ends when all were used.
std::vector<Evaluated> run_sweep(const Space& space, const EvaluateBatch& evaluate,
                                 const MethodOptions& options, std::uint64_t seed);

}  // namespace cupel
