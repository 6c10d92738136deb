// NSGA-II (Deb, Pratap, Agarwal, Meyarivan 2002): parents and children together are sorted into
// fronts under constrained domination, the best survive, crowded ones first out. With the
// thesis operators and jumping genes it is NSGA-II-RJG.
#pragma once

#include "cupel/search/method.hpp"

namespace cupel {

/// The final population, front by front, in each front the loneliest first. A batch is one
/// generation; the first is the opening population. In a finite space the run ends when all
/// candidates are used, unless duplicates are allowed.
std::vector<Evaluated> run_nsga2(const Space& space, const EvaluateBatch& evaluate,
                                 const MethodOptions& options, std::uint64_t seed);

}  // namespace cupel
