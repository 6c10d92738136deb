// The candidates a search has used, and new ones that are none of them.
#pragma once

#include <cstdint>
#include <vector>

#include "cupel/search/space.hpp"

namespace cupel {

/// A set of candidates, kept as 64-bit hashes: two different candidates are taken for the same
/// with a probability of about n²/2^65, which costs a search one candidate at most.
class SeenCandidates {
 public:
  /// False when it was there already.
  bool insert(const Candidate& candidate);
  bool contains(const Candidate& candidate) const;
  int size() const { return size_; }

 private:
  void grow();

  std::vector<std::uint64_t> slots_;  // open addressing, a power of two; 0 = free
  int size_ = 0;
};

/// Up to `count` random candidates that are not in `seen`, and adds them. Fewer only when the
/// space has no more; when random draws no longer find new ones, the finite space is walked
/// in order.
std::vector<Candidate> draw_unseen(const Space& space, int count, SeenCandidates& seen, Rng& rng);

}  // namespace cupel
