// Fronts under constrained domination (Deb 2002): the feasible in fronts of non-dominated
// objectives, then the infeasible by their violation, the least first, then the failed.
// Two objectives: one sweep in O(n log n) (Jensen 2003). More: sorted insertion (ENS, Zhang,
// Tian, Cheng, Jin 2015), O(m n²) at worst.
#pragma once

#include <span>
#include <vector>

#include "cupel/search/method.hpp"

namespace cupel {

/// Failed by its mark, without objectives, or with one that is not a number.
bool is_failed(const Score& score);

/// Indices grouped by front, the best front first, in each front in increasing order.
struct Fronts {
  std::vector<int> members;
  std::vector<int> begin{0};  ///< front k is members[begin[k]] … members[begin[k + 1] - 1]

  int count() const { return static_cast<int>(begin.size()) - 1; }
  std::span<const int> front(int k) const {
    return std::span(members).subspan(begin[k], begin[k + 1] - begin[k]);
  }
};

/// Scores that are not failed have the same number of objectives.
Fronts nondominated_sort(std::span<const Evaluated> all);

}  // namespace cupel
