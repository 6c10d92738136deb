// Why nothing is feasible.
#pragma once

#include "cupel/process/optimize.hpp"

namespace cupel {

struct ClashSearch {
  std::vector<Clash> clashes;
  Candidate feasible;  ///< when settings that meet all limits were found on the way: no clash
};

/// A smallest set of limits that cannot hold together (one is left out after the other as long as
/// the rest still clashes), each with the least relaxation that makes all others hold.
ClashSearch find_clashes(const Problem& problem, std::uint64_t seed);

/// Whether some setting meets all limits.
bool is_feasible(const Problem& problem, std::uint64_t seed);

}  // namespace cupel
