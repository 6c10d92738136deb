// The extended ant colony of pagmo2 (Schlueter, Egea, Banga 2009) behind our interface: one
// objective, whole numbers searched as such, limits by its oracle penalty. Each generation is one
// batch.
// Not in the table of methods(): it serves a recipe whose source asks for it.
#pragma once

#include "cupel/search/method.hpp"

namespace cupel {

/// Everything evaluated. Ends after options.generations, or when evaluate() gives a short answer.
/// Scores have one objective; a failed one ranks behind everything.
std::vector<Evaluated> run_ant_colony(const Space& space, const EvaluateBatch& evaluate,
                                      const MethodOptions& options, std::uint64_t seed);

}  // namespace cupel
