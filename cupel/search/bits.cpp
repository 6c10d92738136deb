#include "cupel/search/bits.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cupel {
namespace {

constexpr int kMostBits = 16;

/// Different values of a gene; 2^16 for a real one with a width.
double value_count(const Gene& gene) {
  switch (gene.kind) {
    case GeneKind::real:
      return gene.low < gene.up ? 1 << kMostBits : 1;
    case GeneKind::integer:
      return gene.up - gene.low + 1;
    case GeneKind::category:
      return static_cast<double>(gene.labels.size());
    case GeneKind::set:
      return static_cast<double>(gene.values.size());
  }
  return 1;
}

double decode(const Gene& gene, double code, int bits) {
  const double codes = std::exp2(bits);
  if (gene.kind == GeneKind::real)
    return bits == 0 ? gene.low
                     : std::min(gene.up, gene.low + (gene.up - gene.low) * (code / (codes - 1)));
  const double index = std::floor(code * value_count(gene) / codes);
  if (gene.kind == GeneKind::integer) return gene.low + index;
  if (gene.kind == GeneKind::set) return gene.values[static_cast<std::size_t>(index)];
  return index;
}

double encode(const Gene& gene, double value, int bits) {
  const double codes = std::exp2(bits);
  if (bits == 0) return 0;
  if (gene.kind == GeneKind::real)
    return std::round((value - gene.low) / (gene.up - gene.low) * (codes - 1));
  double index = value;
  if (gene.kind == GeneKind::integer) index = value - gene.low;
  if (gene.kind == GeneKind::set)
    index = static_cast<double>(std::lower_bound(gene.values.begin(), gene.values.end(), value) -
                                gene.values.begin());
  return std::ceil(index * codes / value_count(gene));
}

}  // namespace

int bit_count(const Gene& gene) {
  return std::min(kMostBits, static_cast<int>(std::ceil(std::log2(value_count(gene)))));
}

int bit_count(const Space& space) {
  int count = 0;
  for (const Gene& gene : space.genes) count += bit_count(gene);
  return count;
}

Candidate decode_bits(const Space& space, const Bits& bits) {
  Candidate candidate;
  auto at = bits.begin();
  for (const Gene& gene : space.genes) {
    const int count = bit_count(gene);
    double code = 0;
    for (int k = 0; k < count; ++k) code = 2 * code + *at++;
    candidate.push_back(decode(gene, code, count));
  }
  return candidate;
}

Bits encode_bits(const Space& space, const Candidate& candidate) {
  Bits bits;
  for (int g = 0; g < space.size(); ++g) {
    const int count = bit_count(space.genes[g]);
    const auto code = static_cast<std::uint32_t>(encode(space.genes[g], candidate[g], count));
    for (int k = count - 1; k >= 0; --k) bits.push_back(code >> k & 1);
  }
  return bits;
}

void cross_bits(BitCrossover kind, Bits& a, Bits& b, Rng& rng) {
  const int size = static_cast<int>(a.size());
  if (size < 2) return;
  const auto exchange = [&](int from, int to) {
    std::swap_ranges(a.begin() + from, a.begin() + to, b.begin() + from);
  };
  switch (kind) {
    case BitCrossover::one_point:
      exchange(1 + rng.below(size - 1), size);
      return;
    case BitCrossover::two_point: {
      const int one = rng.below(size), two = rng.below(size);
      exchange(std::min(one, two), std::max(one, two) + 1);
      return;
    }
    case BitCrossover::uniform:
      for (int k = 0; k < size; ++k)
        if (rng.chance(0.5)) std::swap(a[k], b[k]);
      return;
  }
}

void flip_bits(double probability, Bits& bits, Rng& rng) {
  for (std::uint8_t& bit : bits)
    if (rng.chance(probability)) bit ^= 1;
}

}  // namespace cupel
