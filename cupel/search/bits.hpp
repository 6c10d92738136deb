// Candidates as bit strings, and what a genetic algorithm does to them.
#pragma once

#include <cstdint>
#include <vector>

#include "cupel/base/rng.hpp"
#include "cupel/search/method.hpp"

namespace cupel {

using Bits = std::vector<std::uint8_t>;  ///< 0 or 1 each

/// Bits of a gene of n values: ⌈log2 n⌉, at most 16; 16 for a real gene, 0 for a single value.
int bit_count(const Gene& gene);
int bit_count(const Space& space);

/// A gene's bits, the highest first, as code c of 2^b: the value of number ⌊c n / 2^b⌋ in the order
/// of the gene; a real gene: low + (up - low) c / (2^b - 1).
Candidate decode_bits(const Space& space, const Bits& bits);
/// The lowest code of the value; of a real value the nearest.
Bits encode_bits(const Space& space, const Candidate& candidate);

/// Exchanges what lies beyond one cut, between two cuts, or each bit with probability 1/2.
void cross_bits(BitCrossover kind, Bits& a, Bits& b, Rng& rng);
/// Flips each bit with `probability`.
void flip_bits(double probability, Bits& bits, Rng& rng);

}  // namespace cupel
