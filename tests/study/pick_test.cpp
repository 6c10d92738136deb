#include "cupel/study/pick.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Pick, TakesTheOnlyCandidate) {
  const std::vector<SizedErrors> one = {{17, {0.3, 0.5}}};
  const Pick pick = one_standard_error(one);
  EXPECT_EQ(pick.index, 0);
  EXPECT_EQ(pick.best, 0);
  EXPECT_DOUBLE_EQ(pick.error, 0.4);
  EXPECT_EQ(pick.standard_error, 0);
}

TEST(Pick, RefusesNothing) { EXPECT_THROW(one_standard_error({}), Error); }

TEST(Pick, TakesTheSmallestWithinOneStandardErrorOfTheDifference) {
  // Differences to the best one (last): 0.2 ± 0.1 a block for the middle one (mean 0.2, standard
  // error 0.1 / sqrt(3)): too far. 0.3 and -0.1 in turn for the first: mean 0.1, error 0.2/sqrt(3).
  const std::vector<SizedErrors> three = {
      {10, {1.3, 0.9, 1.3, 0.9}}, {5, {1.3, 1.1, 1.3, 1.1}}, {40, {1, 1, 1, 1}}};
  const Pick pick = one_standard_error(three);
  EXPECT_EQ(pick.best, 2);
  EXPECT_EQ(pick.index, 0);
  EXPECT_DOUBLE_EQ(pick.best_error, 1);
  EXPECT_NEAR(pick.error, 1.1, 1e-12);
  EXPECT_NEAR(pick.standard_error, 0.2 / std::sqrt(3), 1e-12);
}

TEST(Pick, IgnoresScatterThatBothShare) {
  // Blocks differ a hundredfold, the candidates by the same small amount in each: the rule on
  // unpaired errors would take the small one.
  const std::vector<SizedErrors> two = {{5, {2, 101, 11}}, {9, {1, 100, 10}}};
  EXPECT_EQ(one_standard_error(two).index, 1);
}

TEST(Pick, TakesNoLargerNetworkForHalfAPercent) {
  // Certainly worse, in every block: by 0.9 % of the squared error, then by 1.1 %.
  for (const double excess : {0.009, 0.011}) {
    const std::vector<SizedErrors> two = {{5, {1 + excess, 2 * (1 + excess), 3 * (1 + excess)}},
                                          {9, {1, 2, 3}}};
    EXPECT_EQ(one_standard_error(two).index, excess < 0.01 ? 0 : 1) << excess;
  }
}

TEST(Pick, GivesTiesToTheLowerErrorThenToTheEarlier) {
  const std::vector<SizedErrors> sizes = {{8, {1.2, 0.9}}, {8, {1, 1}}, {8, {1, 1}}};
  EXPECT_EQ(one_standard_error(sizes).index, 1);
  EXPECT_EQ(one_standard_error(sizes).best, 1);
}

TEST(Pick, PassesOverBlocksThatWereNotScored) {
  const std::vector<SizedErrors> two = {{5, {kNan, 1, 1}}, {9, {0.1, 1, 1}}};
  EXPECT_DOUBLE_EQ(mean_error(two[0]), 1);
  // They agree on the two blocks that both have, but their means differ by more than no error.
  EXPECT_EQ(one_standard_error(two).index, 1);
}

TEST(Pick, CountsNeighborsInTimeThatResembleEachOther) {
  // The small one is worse by 0.6 for four blocks, then better by 0.2 for four: 0.2 on average.
  // As if drawn at random the standard error is 0.4 sqrt(8 / 56) = 0.151. In time two lags count,
  // with 2/3 and 1/3 of their sums 0.8 and 0.32: sqrt(2.56 / 56) = 0.214.
  const std::vector<SizedErrors> two = {{5, {1.6, 1.6, 1.6, 1.6, 0.8, 0.8, 0.8, 0.8}},
                                        {9, {1, 1, 1, 1, 1, 1, 1, 1}}};
  EXPECT_EQ(one_standard_error(two).index, 1);
  const Pick pick = one_standard_error(two, Blocks::in_time);
  EXPECT_EQ(pick.index, 0);
  EXPECT_NEAR(pick.standard_error, std::sqrt(2.56 / 56), 1e-12);
}

TEST(Pick, InTimeLeavesOutPairsWithABlockThatWasNotScored) {
  const std::vector<SizedErrors> two = {{5, {1.5, 1.5, kNan, 1.5, 1.5, 0.7, 0.7, 0.7, 0.7}},
                                        {9, {1, 1, 1, 1, 1, 1, 1, 1, 1}}};
  // The first lag has lost a pair of like signs (0.64), the second keeps 5, of which 2 unlike.
  const double sum = 8 * 0.16 + 2 * (2.0 / 3) * 0.64 + 2 * (1.0 / 3) * 0.16;
  EXPECT_NEAR(one_standard_error(two, Blocks::in_time).standard_error, std::sqrt(sum / 56), 1e-12);
}

TEST(Pick, TakesThePlaneUnlessANetworkIsCertainlyBetter) {
  // The best plane (second) is worse by 0.5 and -0.1 in turn: 0.2, standard error 0.3 / sqrt(3).
  std::vector<SizedErrors> all = {{5, {1.8, 1.6, 1.8, 1.6}, true},
                                  {60, {1.5, 0.9, 1.5, 0.9}, true},
                                  {20, {1.1, 1.1, 1.0, 1.0}},
                                  {40, {1, 1, 1, 1}}};
  EXPECT_EQ(one_standard_error(all).index, 1);
  EXPECT_EQ(one_standard_error(all).best, 3);
  all[1].errors = {1.55, 1.35, 1.55, 1.35};  // certainly worse
  EXPECT_EQ(one_standard_error(all).index, 3);
  all[3].plane = true;  // the best is a plane: the smallest like it
  EXPECT_EQ(one_standard_error(all).index, 3);
}

TEST(Pick, NeverTakesACandidateWithoutAnyScore) {
  const std::vector<SizedErrors> two = {{5, {kNan, kNan}}, {9, {0.4, 0.6}}};
  EXPECT_EQ(mean_error(two[0]), std::numeric_limits<double>::infinity());
  EXPECT_EQ(one_standard_error(two).index, 1);
}

TEST(Pick, WithOneBlockTakesTheBest) {
  const std::vector<SizedErrors> two = {{5, {0.2}}, {9, {0.1}}};
  EXPECT_EQ(one_standard_error(two).index, 1);
}

}  // namespace
}  // namespace cupel
