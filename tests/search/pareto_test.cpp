#include "cupel/search/pareto.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

/// Points on a coarse grid, so that ties and repetitions are common.
std::vector<Point> random_points(int count, int objectives, int levels, Rng& rng) {
  std::vector<Point> points(count, Point(objectives));
  for (Point& point : points)
    for (double& value : point) value = rng.below(levels);
  return points;
}

std::vector<int> naive_front(const std::vector<Point>& points) {
  std::vector<int> front;
  for (int i = 0; i < std::ssize(points); ++i) {
    bool kept = true;
    for (int j = 0; j < std::ssize(points); ++j) {
      kept = kept && !dominates(points[j], points[i]);
      kept = kept && !(j < i && points[j] == points[i]);
    }
    if (kept) front.push_back(i);
  }
  return front;
}

/// Counts the unit cells of the grid 0 … levels-1 that some point dominates.
double naive_volume(const std::vector<Point>& points, int objectives, int levels) {
  double cells = 0;
  const int total = static_cast<int>(std::pow(levels, objectives));
  for (int cell = 0; cell < total; ++cell) {
    Point corner(objectives);
    for (int m = 0, rest = cell; m < objectives; ++m, rest /= levels) corner[m] = rest % levels;
    for (const Point& point : points)
      if (point == corner || dominates(point, corner)) {
        ++cells;
        break;
      }
  }
  return cells;
}

TEST(Dominates, NeedsNoWorseAnywhereAndBetterSomewhere) {
  EXPECT_TRUE(dominates(Point{1, 2}, Point{1, 3}));
  EXPECT_FALSE(dominates(Point{1, 2}, Point{1, 2}));
  EXPECT_FALSE(dominates(Point{1, 2}, Point{0, 3}));
  EXPECT_FALSE(dominates(Point{1, 3}, Point{1, 2}));
}

TEST(ParetoFront, KeepsTheFirstOfEqualPointsAndDropsNaN) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Point> points{{2, 2}, {nan, 0}, {1, 3}, {2, 2}, {3, 3}};
  EXPECT_EQ(pareto_front(points), (std::vector<int>{0, 2}));
  EXPECT_TRUE(pareto_front({}).empty());
}

TEST(ParetoFront, AgreesWithComparingAllPairs) {
  Rng rng(1);
  for (int round = 0; round < 300; ++round) {
    const int objectives = 1 + round % 4;
    const auto points = random_points(1 + rng.below(40), objectives, 2 + rng.below(12), rng);
    ASSERT_EQ(pareto_front(points), naive_front(points)) << "round " << round;
  }
}

TEST(Hypervolume, MatchesTheHandChecks) {
  EXPECT_DOUBLE_EQ(hypervolume(std::vector<Point>{{0, 0}}, {1, 1}), 1);
  EXPECT_DOUBLE_EQ(hypervolume(std::vector<Point>{{1, 3}, {2, 2}, {3, 1}}, {4, 4}), 6);
  EXPECT_DOUBLE_EQ(hypervolume(std::vector<Point>{{0, 0, 1}, {0, 1, 0}, {1, 0, 0}}, {2, 2, 2}), 7);
}

TEST(Hypervolume, PointsOutsideTheReferenceAddNothing) {
  EXPECT_DOUBLE_EQ(hypervolume(std::vector<Point>{{0, 0}, {-5, 2}, {2, -5}}, {1, 1}), 1);
  EXPECT_DOUBLE_EQ(hypervolume(std::vector<Point>{{1, 0}}, {1, 1}), 0);
  EXPECT_DOUBLE_EQ(hypervolume({}, {1, 1}), 0);
}

TEST(Hypervolume, DuplicatesAddNothing) {
  EXPECT_DOUBLE_EQ(hypervolume(std::vector<Point>{{1, 3}, {1, 3}, {2, 2}, {2, 2}, {3, 1}}, {4, 4}),
                   6);
  EXPECT_DOUBLE_EQ(hypervolume(std::vector<Point>{{0, 0, 0}, {0, 0, 0}}, {1, 1, 1}), 1);
}

TEST(Hypervolume, AgreesWithCountingCells) {
  Rng rng(2);
  for (int round = 0; round < 200; ++round) {
    const int objectives = 2 + round % 3, levels = 3 + rng.below(4);
    const auto points = random_points(1 + rng.below(25), objectives, levels, rng);
    const Point reference(objectives, levels);
    ASSERT_DOUBLE_EQ(hypervolume(points, reference), naive_volume(points, objectives, levels))
        << "round " << round;
  }
}

TEST(Spacing, MatchesSchottsFormula) {
  EXPECT_NEAR(spacing(std::vector<Point>{{0, 3}, {1, 2}, {3, 0}}), 1.154701, 5e-7);
}

TEST(Spacing, IgnoresDuplicates) {
  EXPECT_NEAR(spacing(std::vector<Point>{{0, 3}, {1, 2}, {1, 2}, {3, 0}, {0, 3}}), 1.154701, 5e-7);
}

TEST(Spacing, IsZeroForEvenPointsAndForFewerThanTwo) {
  EXPECT_DOUBLE_EQ(spacing(std::vector<Point>{{0, 3}, {1, 2}, {2, 1}, {3, 0}}), 0);
  EXPECT_DOUBLE_EQ(spacing(std::vector<Point>{{0, 3}, {0, 3}}), 0);
  EXPECT_DOUBLE_EQ(spacing({}), 0);
}

TEST(SetCoverage, CountsDominatedAndEqualMembers) {
  const std::vector<Point> a{{1, 2}, {2, 1}}, b{{1, 2}, {3, 3}, {0, 5}};
  EXPECT_DOUBLE_EQ(set_coverage(a, b), 2.0 / 3);
  EXPECT_DOUBLE_EQ(set_coverage(b, a), 0.5);
  EXPECT_DOUBLE_EQ(set_coverage(a, a), 1);
  EXPECT_DOUBLE_EQ(set_coverage(a, {}), 0);
}

TEST(Knee, IsThePointFarthestBelowTheLineThroughTheEnds) {
  EXPECT_EQ(knee(std::vector<Point>{{0, 10}, {1, 2}, {5, 1}, {10, 0}}), 1);
  EXPECT_EQ(knee(std::vector<Point>{{10, 0}, {5, 1}, {1, 2}, {0, 10}}), 2);
}

TEST(Knee, DoesNotDependOnUnits) {
  EXPECT_EQ(knee(std::vector<Point>{{0, 0.010}, {1000, 0.002}, {5000, 0.001}, {10000, 0}}), 1);
}

TEST(Knee, OfNoneIsMinusOneAndOfOneTheOne) {
  EXPECT_EQ(knee({}), -1);
  EXPECT_EQ(knee(std::vector<Point>{{3, 4}}), 0);
}

}  // namespace
}  // namespace cupel
