#include "cupel/base/rng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace cupel {
namespace {

TEST(Rng, FirstNumbersOfASeedNeverChange) {
  Rng rng(42);
  const std::array<std::uint64_t, 3> first = {rng.next(), rng.next(), rng.next()};
  // xoshiro256++ from SplitMix64(42), computed independently.
  EXPECT_EQ(first, (std::array<std::uint64_t, 3>{0xd0764d4f4476689fu, 0x519e4174576f3791u,
                                                 0xfbe07cfb0c24ed8cu}));
}

TEST(Rng, UniformStaysInItsRangeAndFillsIt) {
  Rng rng(1);
  double low = 1, high = 0, sum = 0;
  for (int k = 0; k < 100000; ++k) {
    const double u = rng.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    low = std::min(low, u);
    high = std::max(high, u);
    sum += u;
  }
  EXPECT_LT(low, 1e-3);
  EXPECT_GT(high, 1 - 1e-3);
  EXPECT_NEAR(sum / 100000, 0.5, 0.005);
}

TEST(Rng, NormalHasMeanZeroAndDeviationOne) {
  Rng rng(2);
  double sum = 0, squares = 0;
  for (int k = 0; k < 100000; ++k) {
    const double z = rng.normal();
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(sum / 100000, 0, 0.015);
  EXPECT_NEAR(squares / 100000, 1, 0.02);
}

TEST(Rng, BelowGivesEveryValueEquallyOften) {
  Rng rng(3);
  std::array<int, 7> counts{};
  for (int k = 0; k < 70000; ++k) ++counts[rng.below(7)];
  for (int count : counts) EXPECT_NEAR(count, 10000, 400);
}

TEST(Rng, PermutationHoldsEveryNumberOnce) {
  Rng rng(4);
  const std::vector<int> order = rng.permutation(1000);
  const std::set<int> members(order.begin(), order.end());
  EXPECT_EQ(members.size(), 1000u);
  EXPECT_EQ(*members.begin(), 0);
  EXPECT_EQ(*members.rbegin(), 999);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
}

TEST(MixSeed, DependsOnEveryPartAndOnTheirOrder) {
  std::set<std::uint64_t> seeds;
  for (std::uint64_t a = 0; a < 30; ++a)
    for (std::uint64_t b = 0; b < 30; ++b) seeds.insert(mix_seed({a, b}));
  EXPECT_EQ(seeds.size(), 900u);
  EXPECT_NE(mix_seed({1, 2}), mix_seed({2, 1}));
  EXPECT_NE(mix_seed({1}), mix_seed({1, 0}));
}

}  // namespace
}  // namespace cupel
