#include "cupel/data/dead_times.hpp"

#include <gtest/gtest.h>

#include "tests/support/dynamic_plant.hpp"

namespace cupel {
namespace {

TEST(DeadTimes, OfAPlantWithKnownDelaysAreFoundWithinOneRow) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const test::DynamicPlantOptions plant{.seed = seed};
    const test::DynamicPlantData data = test::simulate_dynamic_plant(plant);
    const std::vector<DeadTime> found = find_dead_times(data.inputs, data.output, {}, 30);
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_TRUE(found[c].found) << "seed " << seed << ", input " << c;
      EXPECT_NEAR(found[c].rows, plant.channels[c].dead_rows, 1)
          << "seed " << seed << ", input " << c;
    }
  }
}

TEST(DeadTimes, AnInputWithoutEffectHasNone) {
  int wrong = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const test::DynamicPlantData data = test::simulate_dynamic_plant({.seed = seed});
    wrong += find_dead_times(data.inputs, data.output, {}, 30)[3].found ? 1 : 0;
  }
  EXPECT_LE(wrong, 1);
}

TEST(DeadTimes, TheOrderOfRunsDoesNotMatter) {
  const test::DynamicPlantData data = test::simulate_dynamic_plant({.rows = 800});
  Matrix swapped(800, data.inputs.cols());
  Vector target(800);
  swapped << data.inputs.bottomRows(500), data.inputs.topRows(300);
  target << data.output.tail(500), data.output.head(300);
  const std::vector<int> starts = {300}, swapped_starts = {500};
  const auto one = find_dead_times(data.inputs, data.output, starts, 20);
  const auto other = find_dead_times(swapped, target, swapped_starts, 20);
  for (std::size_t c = 0; c < one.size(); ++c) {
    EXPECT_EQ(one[c].rows, other[c].rows);
    EXPECT_NEAR(one[c].strength, other[c].strength, 1e-12);
  }
}

TEST(DeadTimes, FewRowsOrASignalThatStandsStillGiveNoAnswer) {
  const test::DynamicPlantData data = test::simulate_dynamic_plant({.rows = 50});
  EXPECT_FALSE(find_dead_times(data.inputs.topRows(6), data.output.head(6), {}, 5)[0].found);
  EXPECT_FALSE(find_dead_times(Matrix::Zero(50, 1), data.output, {}, 5)[0].found);
}

}  // namespace
}  // namespace cupel
