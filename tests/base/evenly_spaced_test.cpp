#include "cupel/base/evenly_spaced.hpp"

#include <gtest/gtest.h>

namespace cupel {
namespace {

TEST(EvenlySpaced, AreAllWhereTheySuffice) {
  EXPECT_EQ(evenly_spaced(3, 5), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(evenly_spaced(3, 3), (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(evenly_spaced(0, 5).empty());
}

TEST(EvenlySpaced, ReachOverAllOfThem) {
  EXPECT_EQ(evenly_spaced(10, 4), (std::vector<int>{0, 2, 5, 7}));
  const std::vector<int> many = evenly_spaced(2'000'000'000, 40'000);
  EXPECT_EQ(many.size(), 40'000u);
  for (std::size_t k = 1; k < many.size(); ++k) ASSERT_EQ(many[k] - many[k - 1], 50'000);
}

}  // namespace
}  // namespace cupel
