#include "cupel/search/methods/sweep.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/test_problems.hpp"

namespace cupel::test {
namespace {

Score distance(const Candidate& x) { return {{x[0]}}; }

std::set<double> first_values(int count) {
  std::set<double> values;
  for (const Evaluated& one : run_sweep(unit_space(1), evaluate_with(distance),
                                        {.population = 1, .generations = count}, 1))
    values.insert(one.candidate[0]);
  return values;
}

TEST(Sweep, BeginsWithTheEndsThenHalvesTheGaps) {
  EXPECT_EQ(first_values(2), (std::set<double>{0, 1}));
  EXPECT_EQ(first_values(3), (std::set<double>{0, 0.5, 1}));
  EXPECT_EQ(first_values(5), (std::set<double>{0, 0.25, 0.5, 0.75, 1}));
}

TEST(Sweep, AsksForAsMuchAsItIsGivenInALargeSpace) {
  EXPECT_EQ(
      run_sweep(unit_space(30), evaluate_with(distance), {.population = 50, .generations = 3}, 1)
          .size(),
      150u);
}

}  // namespace
}  // namespace cupel::test
