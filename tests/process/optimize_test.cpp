#include "cupel/process/optimize.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/process/problem_text.hpp"
#include "tests/process/linear_model.hpp"

namespace cupel::test {
namespace {

Problem parse(const ProblemTexts& texts) { return parse_problem(texts, one(linear_model())); }

PointState at(const Problem& problem, Candidate candidate) {
  return PointEvaluator(problem).states(std::span(&candidate, 1))[0];
}

TEST(PointEvaluator, CountsGoalsAndLimitsAtTheUnfavourableEnds) {
  const Problem problem = parse({.maximize = {"yield"},
                                 .minimize = {"cost / 2"},
                                 .target = {"yield + cost=10"},
                                 .limits = {"cost<=6.1", "yield>=2.95"},
                                 .confidence = 0.9});
  const PointState point = at(problem, {3, 0});
  EXPECT_NEAR(point.worst_objectives[0], -2.9, 1e-12);
  EXPECT_NEAR(point.worst_objectives[1], 3.1, 1e-12);
  EXPECT_NEAR(point.worst_objectives[2], 0.13, 1e-12) << "8.7 is the far end of 9 ± 0.3";
  EXPECT_NEAR(point.limits[0].value.up, 6.2, 1e-12);
  EXPECT_LT(point.limits[0].slack, 0);
  EXPECT_LT(point.limits[1].slack, 0);
  EXPECT_GT(point.violation, 0);
}

TEST(PointEvaluator, CountsExtremaBetweenTheEndsOfAnInterval) {
  // yield = 3 ± 0.1: the distance from 3.04 is 0 at least, though it is 0.14 and 0.06 at the ends.
  const Problem problem = parse({.minimize = {"(yield-3.04)^2"},
                                 .target = {"abs(yield-3.04)=0"},
                                 .limits = {"abs(yield-3.04)>=0.01", "bow<=0.2496"},
                                 .formulas = {"half = yield/6", "bow = half*(1-half)"},
                                 .confidence = 0.9});
  const PointState point = at(problem, {3, 0});
  EXPECT_EQ(point.limits[0].value.low, 0);
  EXPECT_NEAR(point.limits[0].value.up, 0.14, 1e-5);
  EXPECT_LT(point.limits[0].slack, 0);
  EXPECT_GE(point.limits[1].value.up, 0.25);
  EXPECT_NEAR(point.limits[1].value.up, 0.25, 1e-6);
  EXPECT_NEAR(point.objectives[0].low, 0, 1e-5);
  EXPECT_NEAR(point.objectives[0].up, 0.14 * 0.14, 1e-5);
  EXPECT_NEAR(point.worst_objectives[1], 0.14, 1e-5);
}

TEST(PointEvaluator, CallsBrokenWhatMayDivideByZero) {
  const Problem problem = parse({.maximize = {"yield"},
                                 .limits = {"1/(yield-3)<=100", "sqrt(yield-3)>=0"},
                                 .confidence = 0.9});
  const PointState point = at(problem, {3.01, 0});
  for (const LimitState& limit : point.limits) EXPECT_EQ(limit.slack, -INFINITY);
  EXPECT_GT(point.violation, 1);
  EXPECT_TRUE(std::isfinite(point.violation));
  EXPECT_EQ(at(problem, {4, 0}).violation, 0);
}

TEST(PointEvaluator, TakesPredictionsAsTrueAtConfidenceZero) {
  const Problem problem = parse({.maximize = {"yield"}, .limits = {"cost<=6.1"}, .confidence = 0});
  const PointState point = at(problem, {3, 0});
  EXPECT_EQ(point.violation, 0);
  EXPECT_NEAR(point.worst_objectives[0], -3, 1e-12);
}

TEST(PointEvaluator, CountsTheWorstOfADisturbance) {
  const Problem problem =
      parse({.vary = {"u"}, .disturb = {"v=1:3"}, .maximize = {"yield"}, .confidence = 0});
  const PointState point = at(problem, {2});
  EXPECT_NEAR(point.worst_objectives[0], -3, 1e-12);
  EXPECT_NEAR(point.outputs[0].middle, 4, 1e-12);
  EXPECT_NEAR(point.outputs[0].up, 5, 1e-12);
}

TEST(PointEvaluator, BuildsFormulasOnFormulas) {
  const Problem problem = parse({.minimize = {"b"},
                                 .formulas = {"a [EUR] = cost + u", "b [EUR] = a * 2 - v"},
                                 .confidence = 0});
  EXPECT_NEAR(at(problem, {2, 1}).worst_objectives[0], 11, 1e-12);
}

TEST(PointEvaluator, StaysInsideTheDataUnlessToldOtherwise) {
  ProblemTexts texts{.vary = {"u=0:20", "v=0:10"}, .maximize = {"yield"}};
  EXPECT_GT(at(parse(texts), {15, 5}).violation, 0);
  texts.inside_data = false;
  EXPECT_EQ(at(parse(texts), {15, 5}).violation, 0);
}

TEST(Optimize, FindsTheFrontAndSaysWhatLimitsIt) {
  const Problem problem = parse(
      {.maximize = {"yield"}, .minimize = {"cost"}, .limits = {"yield<=15"}, .confidence = 0});
  const OptimizeResult result =
      optimize(problem, {.search = {.population = 40, .generations = 40}, .seed = 2});
  ASSERT_GE(result.front.size(), 20u);
  ASSERT_GE(result.recommended, 0);
  for (const PointState& point : result.front) {
    EXPECT_EQ(point.violation, 0);
    EXPECT_GT(point.settings[1], 9.9) << "v costs nothing";
  }
  // The front runs from u = 0 (yield 10, cost 0) to yield 15 at cost 10.
  EXPECT_NEAR(result.front.front().objectives[0].middle, 15, 0.05);
  EXPECT_NEAR(result.front.back().objectives[1].middle, 0, 0.05);
  const auto reasons = what_limits(problem, result.front.front());
  EXPECT_NE(std::find(reasons.begin(), reasons.end(), "yield<=15"), reasons.end());
}

TEST(Optimize, SameSeedSamePoints) {
  const Problem problem = parse({.maximize = {"yield"}, .minimize = {"cost"}});
  const OptimizeOptions options{.search = {.population = 20, .generations = 10}, .seed = 5};
  const OptimizeResult one_run = optimize(problem, options), other = optimize(problem, options);
  EXPECT_EQ(dump_json(to_json(problem, one_run)), dump_json(to_json(problem, other)));
}

TEST(Optimize, EveryMethodSolvesASmoothProblem) {
  const Problem problem = parse({.maximize = {"yield"}, .minimize = {"cost"}, .confidence = 0});
  for (const Method& method : process_methods()) {
    const OptimizeResult result =
        optimize(problem, {.method = std::string(method.name),
                           .search = {.population = 20, .generations = 25},
                           .polish = false});
    ASSERT_FALSE(result.front.empty()) << method.name;
    // 10 + cost / 2 is the most yield at any cost.
    double off = 0;
    for (const PointState& point : result.front)
      off = std::max(off, 10 + point.objectives[1].middle / 2 - point.objectives[0].middle);
    EXPECT_LT(off, method.name == "random" ? 10.0 : 1.0) << method.name;
  }
  EXPECT_THROW(find_process_method("simplex"), Error);
}

TEST(Optimize, WholeNumbersAndSetsStayAllowed) {
  const Problem problem =
      parse({.vary = {"u=0:10:integer", "v={1,4}"}, .target = {"yield=9.4"}, .confidence = 0});
  const OptimizeResult result = optimize(problem, {});
  ASSERT_EQ(result.front.size(), 1u);
  EXPECT_EQ(result.front[0].settings[0] + result.front[0].settings[1], 9);
}

TEST(Optimize, NamesTheLimitsThatClashAndTheLeastRelaxation) {
  const Problem problem =
      parse({.maximize = {"yield"}, .limits = {"yield>=16", "cost<=8", "u>=0.5"}, .confidence = 0});
  const OptimizeResult result =
      optimize(problem, {.search = {.population = 40, .generations = 20}});
  EXPECT_TRUE(result.front.empty());
  EXPECT_EQ(result.recommended, -1);
  ASSERT_EQ(result.clashes.size(), 2u) << "u>=0.5 takes no part";
  EXPECT_EQ(result.clashes[0].limit, "yield>=16");
  EXPECT_NEAR(result.clashes[0].relaxation, 2, 0.02) << "u = 4, v = 10 gives 14";
  EXPECT_NEAR(result.clashes[0].bound, 14, 0.02);
  EXPECT_EQ(result.clashes[1].limit, "cost<=8");
  EXPECT_NEAR(result.clashes[1].relaxation, 4, 0.04) << "u = 6 costs 12";
}

TEST(Optimize, FindsWhatLittleIsFeasible) {
  // yield = u + v, cost = 2 u: only a corner of a hundred-thousandth of the box is left.
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const Problem problem =
        parse({.maximize = {"yield"},
               .limits = {"yield>=13.99", "cost<=8.01", "u>=3.995", "abs(u*v-40)<=0.1"},
               .confidence = 0});
    const OptimizeResult result = optimize(
        problem, {.search = {.population = 10, .generations = 2}, .seed = seed, .polish = false});
    ASSERT_EQ(result.front.size(), 1u) << seed;
    EXPECT_TRUE(result.clashes.empty());
    EXPECT_GE(result.front[0].outputs[0].middle, 13.99 - 1e-6);
  }
}

TEST(Optimize, FindsTheSmallestChangeThatReachesTheGoal) {
  const Problem problem = parse({.current = {"u=2", "v=8"},
                                 .minimize = {"change"},
                                 .limits = {"yield>=13"},
                                 .confidence = 0});
  const OptimizeResult result = optimize(problem, {});
  ASSERT_EQ(result.front.size(), 1u);
  EXPECT_NEAR(result.front[0].objectives[0].middle, 0.3, 0.005) << "3 of a range of 10, in any way";
  EXPECT_GE(result.front[0].outputs[0].middle, 13);
}

TEST(PointEvaluator, RefusesAnIntervalThatTheModelDoesNotHave) {
  const Problem problem = parse({.maximize = {"yield"}, .interval = "plant"});
  EXPECT_THROW(at(problem, {5, 5}), Error) << "no covariance of the parameters";
}

TEST(Optimize, SaysWhenIntervalsAloneMakeItInfeasible) {
  const Problem problem = parse({.maximize = {"cost"}, .limits = {"9.95<=yield<=10.05"}});
  const OptimizeResult result =
      optimize(problem, {.search = {.population = 40, .generations = 20}});
  EXPECT_TRUE(result.front.empty());
  EXPECT_TRUE(result.feasible_as_predicted);
}

}  // namespace
}  // namespace cupel::test
