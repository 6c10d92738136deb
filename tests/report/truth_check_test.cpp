#include "cupel/report/truth_check.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/report/small_plant.hpp"

namespace cupel::test {
namespace {

TruthCheck check(const Problem& problem, std::vector<double> (*compute)(std::span<const double>)) {
  const Plant plant = small_plant(compute);
  return check_against(plant, problem, small_front(problem), {.jobs = 1});
}

TEST(TruthCheck, AModelThatIsRightReachesThePlantsFront) {
  const TruthCheck found = check(small_problem(0), as_predicted);
  EXPECT_EQ(found.broken, std::vector<int>{0});
  EXPECT_EQ(found.infeasible, 0);
  EXPECT_GT(found.hypervolume_ratio, 0.99);
  EXPECT_LE(found.hypervolume_ratio, 1);
  EXPECT_GT(found.own_box_ratio, 0.98);
  ASSERT_EQ(found.worst_ordinary.size(), 2u);
  EXPECT_GT(found.worst_ordinary[0], -3) << "random feasible settings also give little";
  EXPECT_GT(found.worst_ordinary[1], 17);
  EXPECT_EQ(found.simulations, 40 + 200 + 40 * 25);
}

TEST(TruthCheck, CountsTheLimitsThatAreBrokenInTruth) {
  const TruthCheck trusting = check(small_problem(0), a_little_more);
  EXPECT_GT(trusting.broken[0], 0) << "the end of the front lies on the limit";
  EXPECT_EQ(trusting.infeasible, trusting.broken[0]);
  const TruthCheck careful = check(small_problem(0.9), a_little_more);
  EXPECT_EQ(careful.broken[0], 0) << "the interval of 0.1 covers the error of 0.05";
  EXPECT_EQ(careful.allowed_share, 1 - 0.9);
  EXPECT_LT(careful.own_box_ratio, 1);
  EXPECT_GT(careful.hypervolume_ratio, 0.97);
}

TEST(TruthCheck, OperationThatDoesNotExistBreaksEveryLimit) {
  const Problem problem = small_problem(0);
  const OptimizeResult front = small_front(problem);
  int beyond = 0;
  for (const PointState& point : front.front) beyond += point.settings[0] > 4;
  ASSERT_GT(beyond, 0);
  const TruthCheck found = check_against(small_plant(choked), problem, front, {.jobs = 1});
  EXPECT_EQ(found.broken[0], beyond);
  EXPECT_LT(found.hypervolume_ratio, 1.0001);
}

TEST(TruthCheck, AllowsTheScatterOfFewPoints) {
  Problem problem = small_problem(0.9);
  OptimizeResult result = small_front(problem);
  const PointState first = result.front[0];
  const auto allowed_of = [&](int points) {
    result.front.assign(static_cast<std::size_t>(points), first);
    return check_against(small_plant(as_predicted), problem, result,
                         {.population = 8, .generations = 1, .ordinary = 2, .jobs = 1})
        .most_broken;
  };
  EXPECT_EQ(allowed_of(40), 7) << "P(X <= 7) = 0.958 of Binomial(40, 0.1), P(X <= 6) = 0.900";
  EXPECT_EQ(allowed_of(100), 15) << "P(X <= 15) = 0.960, P(X <= 14) = 0.927";
}

TEST(TruthCheck, GivesTheRegretOfOneGoal) {
  const Problem problem = parse_problem(
      {.maximize = {"yield"}, .limits = {"cost<=8"}, .confidence = 0.9}, one(linear_model()));
  const TruthCheck found =
      check_against(small_plant(as_predicted), problem, optimize(problem, {}), {.jobs = 1});
  EXPECT_TRUE(std::isnan(found.hypervolume_ratio));
  EXPECT_NEAR(found.regret, 0.1 / 14, 0.003) << "0.2 EUR kept from the limit is 0.1 of yield";
}

TEST(TruthCheck, RefusesAnotherPlant) {
  const Problem problem = small_problem(0);
  const OptimizeResult front = small_front(problem);
  EXPECT_THROW(check_against(find_plant("styrene"), problem, front, {}), Error);
}

}  // namespace
}  // namespace cupel::test
