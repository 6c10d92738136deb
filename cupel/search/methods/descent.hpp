// Projected gradient descent from many starts, all of them in step: central differences over the
// real genes, Barzilai-Borwein steps (1988), the best of several step lengths. Limits count as
// a penalty on the square of the violation, which grows. Several objectives: each start has
// its own random weights. Genes that are not real stay as they were drawn.
// Not in the table of methods(): its batches have a size of their own.
#pragma once

#include "cupel/search/method.hpp"

namespace cupel {

/// Everything evaluated. `population` starts, `generations` steps; `first` opens them.
std::vector<Evaluated> run_descent(const Space& space, const EvaluateBatch& evaluate,
                                   const MethodOptions& options, std::uint64_t seed);

}  // namespace cupel
