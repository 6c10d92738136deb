// Multi-objective algorithms of pagmo2 behind our interface: MOEA/D with differential evolution
// (Zhang & Li 2007), NSPSO (Li 2003), MHACO (Acciarini, Izzo, Mooij 2020). They know no limits: a
// violation is added to every objective as a penalty. Genes that are not real are searched as
// real numbers and rounded to allowed values.
// Not in the table of methods(): they ask for one candidate at a time and count batches otherwise.
#pragma once

#include "cupel/search/method.hpp"

namespace cupel {

/// Everything evaluated. The population is rounded up to what the algorithm needs.
std::vector<Evaluated> run_moead(const Space& space, const EvaluateBatch& evaluate,
                                 const MethodOptions& options, std::uint64_t seed);
std::vector<Evaluated> run_nspso(const Space& space, const EvaluateBatch& evaluate,
                                 const MethodOptions& options, std::uint64_t seed);
std::vector<Evaluated> run_mhaco(const Space& space, const EvaluateBatch& evaluate,
                                 const MethodOptions& options, std::uint64_t seed);

}  // namespace cupel
