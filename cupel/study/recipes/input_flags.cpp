#include "cupel/study/recipes/input_flags.hpp"

#include "cupel/base/rng.hpp"

namespace cupel {

void add_input_flags(Space& space, const Encoder& encoder) {
  for (const EncodedColumn& column : encoder.columns)
    space.genes.push_back(
        {.name = "use " + column.name, .kind = GeneKind::integer, .low = 0, .up = 1});
}

std::vector<int> flagged_features(const Encoder& encoder, const Candidate& candidate,
                                  std::size_t first) {
  std::vector<int> features;
  for (int f = 0; f < encoder.inputs(); ++f)
    if (candidate.size() <= first ||
        candidate[first + static_cast<std::size_t>(encoder.features[f].column)] > 0)
      features.push_back(f);
  return features;
}

std::vector<Candidate> opening_with_inputs(const Space& space, std::size_t first, int count,
                                           std::int64_t seed) {
  Rng rng(mix_seed({static_cast<std::uint64_t>(seed), 0x09E4}));
  std::vector<Candidate> candidates;
  for (int k = 0; k < count; ++k) {
    Candidate candidate = random_candidate(space, rng);
    const double leave_out = k % 2 == 0 ? 0 : 0.25;
    for (std::size_t g = first; g < candidate.size(); ++g)
      candidate[g] = rng.chance(leave_out) ? 0 : 1;
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

}  // namespace cupel
