#include "cupel/search/nondominated_sort.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cupel/base/rng.hpp"
#include "cupel/search/crowding.hpp"
#include "cupel/search/pareto.hpp"

namespace cupel {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<Evaluated> with_objectives(const std::vector<Point>& points) {
  std::vector<Evaluated> all;
  for (const Point& point : points) all.push_back({{}, {.objectives = point}});
  return all;
}

/// Coarse values, so that ties are common; some break limits, some failed.
std::vector<Evaluated> random_scores(int count, int objectives, Rng& rng) {
  std::vector<Evaluated> all(count);
  for (Evaluated& one : all) {
    one.score.failed = rng.chance(0.1);
    one.score.violation = rng.chance(0.3) ? rng.below(4) : 0;
    if (one.score.failed) continue;
    for (int m = 0; m < objectives; ++m) one.score.objectives.push_back(rng.below(8));
  }
  return all;
}

/// Deb's constrained domination, with the failed behind everything.
bool beats(const Score& a, const Score& b) {
  if (a.failed || b.failed) return !a.failed && b.failed;
  if (a.violation > 0 || b.violation > 0) return a.violation < b.violation;
  return dominates(a.objectives, b.objectives);
}

/// Peels front after front off by comparing all pairs.
std::vector<int> naive_ranks(const std::vector<Evaluated>& all) {
  std::vector<int> rank(all.size(), -1);
  for (int front = 0, left = static_cast<int>(all.size()); left > 0; ++front) {
    std::vector<int> peeled;
    for (int i = 0; i < std::ssize(all); ++i) {
      bool free = rank[i] < 0;
      for (int j = 0; j < std::ssize(all) && free; ++j)
        free = rank[j] >= 0 || !beats(all[j].score, all[i].score);
      if (free) peeled.push_back(i);
    }
    for (int i : peeled) rank[i] = front;
    left -= static_cast<int>(peeled.size());
  }
  return rank;
}

std::vector<int> ranks_of(const Fronts& fronts, std::size_t size) {
  std::vector<int> rank(size, -1);
  for (int k = 0; k < fronts.count(); ++k)
    for (int i : fronts.front(k)) rank[i] = k;
  return rank;
}

TEST(NondominatedSort, AgreesWithPeelingFrontAfterFront) {
  Rng rng(3);
  for (int round = 0; round < 400; ++round) {
    const auto all = random_scores(1 + rng.below(40), 1 + round % 4, rng);
    ASSERT_EQ(ranks_of(nondominated_sort(all), all.size()), naive_ranks(all)) << "round " << round;
  }
}

TEST(NondominatedSort, PutsTheFeasibleFirstThenTheLeastViolationThenTheFailed) {
  std::vector<Evaluated> all = with_objectives({{9, 9}, {0, 0}, {1, 1}, {0, 0}, {0, 0}});
  all[1].score.failed = true;
  all[2].score.violation = 0.5;
  all[3].score.violation = 2;
  all[4].score.violation = 0.5;
  EXPECT_EQ(ranks_of(nondominated_sort(all), 5), (std::vector<int>{0, 3, 1, 2, 1}));
}

TEST(NondominatedSort, TreatsNaNAndMissingObjectivesAsFailed) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<Evaluated> all = with_objectives({{nan, 0}, {}, {5, 5}, {1, 1}});
  all[3].score.violation = nan;
  EXPECT_EQ(ranks_of(nondominated_sort(all), 4), (std::vector<int>{1, 1, 0, 1}));
}

TEST(NondominatedSort, OfNothingHasNoFronts) { EXPECT_EQ(nondominated_sort({}).count(), 0); }

TEST(Crowding, IsTheSumOfRelativeGapsAndInfiniteAtTheEnds) {
  const auto all = with_objectives({{0, 10}, {1, 6}, {4, 2}, {10, 0}, {100, 100}});
  std::vector<double> distance(5, -1);
  crowding_distance(all, std::vector<int>{0, 1, 2, 3}, distance);
  EXPECT_EQ(distance[0], infinity);
  EXPECT_DOUBLE_EQ(distance[1], 4.0 / 10 + 8.0 / 10);
  EXPECT_DOUBLE_EQ(distance[2], 9.0 / 10 + 6.0 / 10);
  EXPECT_EQ(distance[3], infinity);
  EXPECT_EQ(distance[4], -1) << "not in the front, so not touched";
}

TEST(Crowding, OfOneOrTwoIsInfiniteAndOfTheFailedZero) {
  auto all = with_objectives({{0, 1}, {1, 0}, {}});
  all[2].score.failed = true;
  std::vector<double> distance(3, -1);
  crowding_distance(all, std::vector<int>{0, 1}, distance);
  crowding_distance(all, std::vector<int>{2}, distance);
  EXPECT_EQ(distance, (std::vector<double>{infinity, infinity, 0}));
}

TEST(Crowding, IsNeverNaN) {
  const auto all = with_objectives({{1, 0}, {1, infinity}, {1, 3}, {1, -infinity}, {1, 5}});
  std::vector<double> distance(5);
  crowding_distance(all, std::vector<int>{0, 1, 2, 3, 4}, distance);
  for (double d : distance) EXPECT_FALSE(std::isnan(d));
}

}  // namespace
}  // namespace cupel
