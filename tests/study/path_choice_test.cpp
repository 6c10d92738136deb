#include "cupel/study/recipes/path_choice.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cupel {
namespace {

const std::vector<PathPoint> kPoints = {
    {0, 0, 50, 0.10, 9, 0.20}, {0, 1, 30, 0.20, 5, 0.30},  {0, 2, 20, 0.205, 3, 0.35},
    {0, 3, 10, 0.30, 1, 0.60}, {1, 0, 20, 0.208, 2, 0.33}, {1, 1, 12, std::nan(""), 0, 0.1}};

TEST(PathChoice, AccuracyTakesTheLeastErrorWithinTheLimit) {
  EXPECT_EQ(choose_point(kPoints, {"accuracy", 60}), 0);
  EXPECT_EQ(choose_point(kPoints, {"accuracy", 40}), 1);
  EXPECT_EQ(choose_point(kPoints, {"accuracy", 12}), 3);
}

TEST(PathChoice, CompactTakesTheSmallestWithinFivePercentAndTheBetterOfEquals) {
  EXPECT_EQ(choose_point(kPoints, {"compact", 40}), 2);
  EXPECT_EQ(choose_point(kPoints, {"compact", 60}), 0);
}

TEST(PathChoice, PaperTakesTheLeastVarianceThatTrainsWellEnough) {
  EXPECT_EQ(choose_point(kPoints, {"paper", 40, 0.36}), 5);
  EXPECT_EQ(choose_point(std::span(kPoints).first(5), {"paper", 40, 0.36}), 4);
  EXPECT_EQ(choose_point(std::span(kPoints).first(5), {"paper", 40, 0.31}), 1);
}

TEST(PathChoice, SaysWhenNothingFits) {
  EXPECT_EQ(choose_point(kPoints, {"accuracy", 5}), -1);
  EXPECT_EQ(choose_point(kPoints, {"paper", 40, 0.01}), -1);
  EXPECT_EQ(choose_point({}, {"compact", 40}), -1);
}

}  // namespace
}  // namespace cupel
