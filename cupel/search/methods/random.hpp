// Random search: what every other method must beat.
#pragma once

#include "cupel/search/method.hpp"

namespace cupel {

/// Everything evaluated, in order. Batches of `population` candidates, `generations` of them;
/// in a finite space no candidate comes twice and the run ends when all were used.
std::vector<Evaluated> run_random(const Space& space, const EvaluateBatch& evaluate,
                                  const MethodOptions& options, std::uint64_t seed);

}  // namespace cupel
