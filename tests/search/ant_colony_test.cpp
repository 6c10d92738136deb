#include "cupel/search/adapters/ant_colony.hpp"

#include <gtest/gtest.h>

namespace cupel {
namespace {

Space binaries(int count) {
  Space space;
  for (int k = 0; k < count; ++k)
    space.genes.push_back(
        {.name = "b" + std::to_string(k), .kind = GeneKind::integer, .low = 0, .up = 1});
  return space;
}

/// Ones cost k + 1; at least three of them are asked for. The best: the first three, cost 6.
Score three_cheapest(const Candidate& x) {
  double cost = 0, ones = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    cost += x[k] * static_cast<double>(k + 1);
    ones += x[k];
  }
  return {.objectives = {cost}, .violation = std::max(0.0, 3 - ones)};
}

std::vector<Evaluated> run(std::uint64_t seed, std::vector<std::size_t>* batches = nullptr,
                           std::size_t most = 1'000'000) {
  std::size_t answered = 0;
  return run_ant_colony(
      binaries(8),
      [&](std::span<const Candidate> batch) {
        if (batches) batches->push_back(batch.size());
        std::vector<Score> scores;
        for (const Candidate& one : batch)
          if (answered < most) {
            scores.push_back(three_cheapest(one));
            ++answered;
          }
        return scores;
      },
      {.population = 24, .generations = 60}, seed);
}

TEST(AntColony, FindsTheBestThatKeepsTheLimit) {
  double least = 1e9;
  for (const Evaluated& one : run(1)) {
    for (const double value : one.candidate) EXPECT_TRUE(value == 0 || value == 1);
    if (one.score.violation == 0) least = std::min(least, one.score.objectives.front());
  }
  EXPECT_EQ(least, 6);
}

TEST(AntColony, AsksForEachGenerationAtOnceAndIsRepeatable) {
  std::vector<std::size_t> batches;
  const auto first = run(2, &batches), second = run(2);
  EXPECT_EQ(batches, std::vector<std::size_t>(60, 24));
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t k = 0; k < first.size(); ++k) EXPECT_EQ(first[k].candidate, second[k].candidate);
}

TEST(AntColony, EndsWithAShortAnswer) {
  std::vector<std::size_t> batches;
  EXPECT_EQ(run(3, &batches, 60).size(), 60);
  EXPECT_EQ(batches.size(), 3);
}

}  // namespace
}  // namespace cupel
