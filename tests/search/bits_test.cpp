#include "cupel/search/bits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "cupel/search/methods/genetic.hpp"
#include "tests/support/test_problems.hpp"
#include "tests/support/test_spaces.hpp"

namespace cupel::test {
namespace {

TEST(Bits, CountsWhatTheValuesNeed) {
  const Space space = tiny_space();
  EXPECT_EQ(bit_count(space.genes[0]), 1);
  EXPECT_EQ(bit_count(space.genes[2]), 2);  // three values
  EXPECT_EQ(bit_count(space), 4);
}

TEST(Bits, EveryCandidateComesBackFromItsBits) {
  Rng rng(1);
  Space space = mixed_space();
  space.genes.erase(space.genes.begin());  // the real gene is rounded to 16 bits
  space.genes.push_back({.name = "neurons", .kind = GeneKind::integer, .low = 3, .up = 25});
  for (int k = 0; k < 500; ++k) {
    const Candidate candidate = random_candidate(space, rng);
    EXPECT_EQ(decode_bits(space, encode_bits(space, candidate)), candidate);
  }
}

TEST(Bits, EveryBitStringIsAnAllowedCandidate) {
  Rng rng(1);
  const Space space = mixed_space();
  for (int k = 0; k < 500; ++k) {
    Bits bits(static_cast<std::size_t>(bit_count(space)));
    flip_bits(0.5, bits, rng);
    const Candidate candidate = decode_bits(space, bits);
    Candidate repaired = candidate;
    repair(space, repaired);
    EXPECT_EQ(candidate, repaired);
  }
}

TEST(Bits, CrossoverKeepsTheBitsOfBothParentsAtEachPlace) {
  for (const BitCrossover kind :
       {BitCrossover::one_point, BitCrossover::two_point, BitCrossover::uniform}) {
    Rng rng(2);
    int changes = 0, mixed = 0;
    for (int k = 0; k < 200; ++k) {
      Bits a(12, 0), b(12, 1);
      cross_bits(kind, a, b, rng);
      for (int place = 0; place < 12; ++place) ASSERT_EQ(a[place] + b[place], 1);
      int cuts = 0;
      for (int place = 1; place < 12; ++place) cuts += a[place] != a[place - 1];
      changes = std::max(changes, cuts);
      mixed += std::accumulate(a.begin(), a.end(), 0) % 12 != 0;
    }
    EXPECT_GT(mixed, 100);
    if (kind == BitCrossover::one_point) {
      EXPECT_EQ(changes, 1);
    }
    if (kind == BitCrossover::two_point) {
      EXPECT_EQ(changes, 2);
    }
    if (kind == BitCrossover::uniform) {
      EXPECT_GT(changes, 5);
    }
  }
}

TEST(Genetic, EndsAfterGenerationsWithoutABetterCandidate) {
  int batches = 0;
  const auto all = run_genetic(
      unit_space(2),
      [&](std::span<const Candidate> batch) {
        ++batches;
        return std::vector<Score>(batch.size(), Score{{1.0}});
      },
      {.population = 10, .generations = 1000, .patience = 4}, 1);
  EXPECT_EQ(batches, 5);
  EXPECT_EQ(all.size(), 10u);
}

TEST(Genetic, EverySelectionFindsTheBestStringOfOnes) {
  for (const Selection selection :
       {Selection::tournament, Selection::truncation, Selection::roulette}) {
    Space space;
    for (int g = 0; g < 30; ++g)
      space.genes.push_back(
          {.name = std::to_string(g), .kind = GeneKind::integer, .low = 0, .up = 1});
    const auto all = run_genetic(space, evaluate_with([](const Candidate& x) {
                                   return Score{{30 - std::accumulate(x.begin(), x.end(), 0.0)}};
                                 }),
                                 {.population = 30, .generations = 80, .selection = selection}, 1);
    EXPECT_EQ(all.front().score.objectives[0], 0) << static_cast<int>(selection);
  }
}

TEST(Genetic, TellsTheParentsOfEveryChild) {
  std::vector<Candidate> evaluated;
  std::vector<Parents> last;
  int children = 0;
  run_genetic(
      unit_space(3),
      [&](std::span<const Candidate> batch) {
        EXPECT_EQ(last.size(), batch.size());
        for (const Parents& parents : last)
          for (const Candidate& parent : parents) {
            ++children;
            EXPECT_NE(std::find(evaluated.begin(), evaluated.end(), parent), evaluated.end());
          }
        evaluated.insert(evaluated.end(), batch.begin(), batch.end());
        std::vector<Score> scores;
        for (const Candidate& x : batch) scores.push_back({{x[0] + x[1]}});
        return scores;
      },
      {.population = 10,
       .generations = 6,
       .on_parents =
           [&](std::span<const Parents> parents) { last.assign(parents.begin(), parents.end()); }},
      1);
  EXPECT_GT(children, 50);
}

}  // namespace
}  // namespace cupel::test
