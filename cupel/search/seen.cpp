#include "cupel/search/seen.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace cupel {
namespace {

constexpr int random_tries = 16;

std::uint64_t hash_of(const Candidate& candidate) {
  std::uint64_t hash = 0x9E3779B97F4A7C15u;
  for (double value : candidate) {
    hash ^= std::bit_cast<std::uint64_t>(value + 0.0);  // -0 becomes 0
    hash *= 0xBF58476D1CE4E5B9u;
    hash ^= hash >> 32;
  }
  hash *= 0x94D049BB133111EBu;
  hash ^= hash >> 31;
  return hash == 0 ? 1 : hash;  // 0 marks a free slot
}

/// The slot that holds the hash, or the free one where it belongs.
std::size_t slot_of(const std::vector<std::uint64_t>& slots, std::uint64_t hash) {
  const std::size_t mask = slots.size() - 1;
  std::size_t slot = hash & mask;
  while (slots[slot] != 0 && slots[slot] != hash) slot = (slot + 1) & mask;
  return slot;
}

/// The next value of a gene; false when it went back to the first.
bool step(const Gene& gene, double& value) {
  switch (gene.kind) {
    case GeneKind::real:
      value = gene.low;
      return false;
    case GeneKind::integer:
      value = value < gene.up ? value + 1 : gene.low;
      return value > gene.low;
    case GeneKind::category:
      value = value + 1 < static_cast<double>(gene.labels.size()) ? value + 1 : 0;
      return value > 0;
    case GeneKind::set: {
      const auto next = std::upper_bound(gene.values.begin(), gene.values.end(), value);
      value = next == gene.values.end() ? gene.values.front() : *next;
      return next != gene.values.end();
    }
  }
  return false;
}

/// Counts the candidate up like an odometer, and on from the start after the last one.
void advance(const Space& space, Candidate& candidate) {
  for (int i = 0; i < space.size(); ++i)
    if (step(space.genes[i], candidate[i])) return;
}

/// A new candidate, added to `seen`; false when none is left.
bool draw_one(const Space& space, double size, SeenCandidates& seen, Rng& rng,
              Candidate& candidate) {
  if (seen.size() >= size) return false;
  for (int i = 0; i < random_tries; ++i) {
    candidate = random_candidate(space, rng);
    if (seen.insert(candidate)) return true;
  }
  if (!std::isfinite(size)) return false;
  for (double i = 0; i < size; ++i) {
    advance(space, candidate);
    if (seen.insert(candidate)) return true;
  }
  return false;
}

}  // namespace

bool SeenCandidates::insert(const Candidate& candidate) {
  if (2 * (size_ + 1) > std::ssize(slots_)) grow();
  const std::uint64_t hash = hash_of(candidate);
  std::uint64_t& slot = slots_[slot_of(slots_, hash)];
  if (slot == hash) return false;
  slot = hash;
  ++size_;
  return true;
}

bool SeenCandidates::contains(const Candidate& candidate) const {
  return !slots_.empty() && slots_[slot_of(slots_, hash_of(candidate))] != 0;
}

void SeenCandidates::grow() {
  std::vector<std::uint64_t> larger(std::max<std::size_t>(1024, 2 * slots_.size()));
  for (std::uint64_t hash : slots_)
    if (hash != 0) larger[slot_of(larger, hash)] = hash;
  slots_.swap(larger);
}

std::vector<Candidate> draw_unseen(const Space& space, int count, SeenCandidates& seen, Rng& rng) {
  const double size = space_size(space);
  std::vector<Candidate> drawn;
  Candidate candidate;
  while (std::ssize(drawn) < count && draw_one(space, size, seen, rng, candidate))
    drawn.push_back(candidate);
  return drawn;
}

}  // namespace cupel
