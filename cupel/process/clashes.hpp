// Why nothing is feasible.
#pragma once

#include "cupel/process/optimize.hpp"

namespace cupel {

/// A smallest set of limits that cannot hold together (one is left out after the other as long as
/// the rest still clashes), each with the least relaxation that makes all others hold.
std::vector<Clash> find_clashes(const Problem& problem, std::uint64_t seed);

/// Whether some setting meets all limits.
bool is_feasible(const Problem& problem, std::uint64_t seed);

}  // namespace cupel
