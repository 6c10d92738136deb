// A genetic algorithm on bit strings (Holland 1975; as architecture search, docs/methods/
// evolution.md). A gene of n values takes ⌈log2 n⌉ bits, a real one 16; the bits, read as a
// number from 0 to 1, choose among the values in their order.
#pragma once

#include "cupel/search/bits.hpp"
#include "cupel/search/method.hpp"

namespace cupel {

/// The final population, best first (by front and crowding where there are several objectives).
/// Each generation: parents by `selection`, crossover with `crossover_probability`, each bit
/// flipped with `mutation_probability` (0 = 1 / bits); the best of parents and children go on. A
/// batch is one generation. No candidate comes twice; in a finite space the run ends when all
/// were used.
std::vector<Evaluated> run_genetic(const Space& space, const EvaluateBatch& evaluate,
                                   const MethodOptions& options, std::uint64_t seed);

}  // namespace cupel
