#include "cupel/study/choice.hpp"

#include <gtest/gtest.h>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

// Shares of the spread 0.5, 0.2, 0.18, 0.17 at 10, 20, 100, 1000 weights.
const std::vector<SizedError> kFront = {{10, 0.25}, {20, 0.04}, {100, 0.0324}, {1000, 0.0289}};

TEST(Choice, KneeIsWhereTheErrorStopsFalling) {
  const Choice choice = knee_choice(kFront);
  EXPECT_EQ(choice.index, 1);
  EXPECT_NE(choice.why.find("20 weights, error 20 %"), std::string::npos) << choice.why;
}

TEST(Choice, WeightsReachFromTheSmallestToTheBest) {
  EXPECT_EQ(weighted_choice(kFront, 0).index, 0);
  EXPECT_EQ(weighted_choice(kFront, 1).index, 3);
  EXPECT_EQ(weighted_choice(kFront, 0.5).index, 1);
}

TEST(Choice, ReferencePointsFollowTheirWeights) {
  EXPECT_EQ(reference_point_choice(kFront, 0).index, 0);
  EXPECT_EQ(reference_point_choice(kFront, 1).index, 3);
  EXPECT_EQ(reference_point_choice(kFront, 0.5).index, 1);
}

TEST(Choice, ReferencePointIsTopsisByHand) {
  // Columns (0.6, 0.8) and (log10 100, log10 1000) = (2, 3); norms 1 and sqrt(13). Weights 0.3 and
  // 0.7: distances between the two values 0.06 and 0.7 / sqrt(13) = 0.1941. The first point is best
  // in both: closeness 1.
  const std::vector<SizedError> better_in_both = {{100, 0.36}, {1000, 0.64}};
  EXPECT_EQ(reference_point_choice(better_in_both, 0.3).index, 0);
  // Against each other: the first has d+ = 0.06, d- = 0.1941, the second the reverse.
  const std::vector<SizedError> trade = {{1000, 0.36}, {100, 0.64}};
  EXPECT_EQ(reference_point_choice(trade, 0.3).index, 1);
  // 0.2 w = (1 - w) / sqrt(13) at w = 0.581.
  EXPECT_EQ(reference_point_choice(trade, 0.57).index, 1);
  EXPECT_EQ(reference_point_choice(trade, 0.59).index, 0);
}

TEST(Choice, OneNetworkAndNone) {
  const std::vector<SizedError> one = {{7, 0.5}};
  for (const Choice& choice : other_choices(one, 0.5)) EXPECT_EQ(choice.index, 0) << choice.rule;
  EXPECT_TRUE(other_choices({}, 0.5).empty());
  EXPECT_THROW(knee_choice({}), Error);
}

}  // namespace
}  // namespace cupel
