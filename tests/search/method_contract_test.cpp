// What every search method of the table keeps to.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <set>

#include "cupel/base/error.hpp"
#include "cupel/search/method.hpp"
#include "tests/support/test_problems.hpp"
#include "tests/support/test_spaces.hpp"

namespace cupel {

/// How GoogleTest shows a method (found by the argument's namespace).
inline void PrintTo(const Method& method, std::ostream* out) { *out << method.name; }

}  // namespace cupel

namespace cupel::test {
namespace {

/// Records what a method asks for, and stops it after `budget` scores.
struct Recorder {
  std::vector<Candidate> asked;
  int batches = 0, scored = 0;

  EvaluateBatch with(Score (*score)(const Candidate&), int budget = 1'000'000'000) {
    return [this, score, budget](std::span<const Candidate> batch) {
      ++batches;
      std::vector<Score> scores;
      for (const Candidate& candidate : batch) {
        asked.push_back(candidate);
        if (scored == budget) continue;
        ++scored;
        scores.push_back(score(candidate));
      }
      return scores;
    };
  }
};

/// Distance to rate 0.5, 2 layers, 'logistic', 40 degrees, against how large the rate is.
Score mixed_score(const Candidate& x) {
  const double miss =
      std::abs(x[0] - 0.5) + std::abs(x[1] - 2) + (x[2] != 1) + std::abs(x[3] - 40) / 10;
  return {.objectives = {miss, x[0]}};
}

/// One objective with its least value 0 at (0.3, 0.7).
Score bowl(const Candidate& x) {
  return {.objectives = {(x[0] - 0.3) * (x[0] - 0.3) + (x[1] - 0.7) * (x[1] - 0.7)}};
}

Score always_fails(const Candidate&) { return {.failed = true}; }

double least(const std::vector<Evaluated>& all) {
  double best = INFINITY;
  for (const Evaluated& one : all) best = std::min(best, one.score.objectives[0]);
  return best;
}

class MethodContract : public testing::TestWithParam<Method> {
 protected:
  std::vector<Evaluated> run(const Space& space, const EvaluateBatch& evaluate,
                             const MethodOptions& options, std::uint64_t seed = 1) const {
    return GetParam().run(space, evaluate, options, seed);
  }
  /// Bayesian optimization is for few candidates that are dear to evaluate: it must do with a
  /// tenth of them.
  int generations(int count) const {
    return GetParam().name == "bayesian" ? std::max(2, count / 10) : count;
  }
};

TEST_P(MethodContract, ComesCloseToAKnownOptimum) {
  const auto all =
      run(unit_space(2), evaluate_with(bowl), {.population = 20, .generations = generations(100)});
  EXPECT_LT(least(all), 0.005);
}

TEST_P(MethodContract, FindsTheBestOfMixedGenes) {
  const auto all = run(mixed_space(), evaluate_with(mixed_score),
                       {.population = 20, .generations = generations(100)});
  EXPECT_LT(least(all), 0.1);
}

TEST_P(MethodContract, AsksForAllowedCandidatesOnly) {
  const Space space = mixed_space();
  Recorder recorder;
  run(space, recorder.with(mixed_score),
      {.population = 20, .generations = generations(50), .jumping_gene_probability = 0.3});
  for (const Candidate& candidate : recorder.asked) {
    Candidate repaired = candidate;
    repair(space, repaired);
    ASSERT_EQ(candidate, repaired);
  }
}

TEST_P(MethodContract, SameSeedAsksForTheSameCandidates) {
  Recorder one, two;
  run(mixed_space(), one.with(mixed_score), {.population = 10, .generations = 8}, 7);
  run(mixed_space(), two.with(mixed_score), {.population = 10, .generations = 8}, 7);
  EXPECT_EQ(one.asked.size(), 80u);
  EXPECT_EQ(one.asked, two.asked);
}

TEST_P(MethodContract, AnotherSeedAsksForOtherCandidates) {
  Recorder one, two;
  run(mixed_space(), one.with(mixed_score), {.population = 10, .generations = 2}, 7);
  run(mixed_space(), two.with(mixed_score), {.population = 10, .generations = 2}, 8);
  EXPECT_NE(one.asked, two.asked);
}

TEST_P(MethodContract, LongerRunBeginsWithTheShorterRun) {
  Recorder shorter, longer;
  run(mixed_space(), shorter.with(mixed_score), {.population = 10, .generations = 3});
  run(mixed_space(), longer.with(mixed_score), {.population = 10, .generations = 5});
  ASSERT_GT(longer.asked.size(), shorter.asked.size());
  EXPECT_TRUE(std::equal(shorter.asked.begin(), shorter.asked.end(), longer.asked.begin()));
}

TEST_P(MethodContract, GenerationsCountBatches) {
  Recorder recorder;
  run(unit_space(2), recorder.with(bowl), {.population = 10, .generations = 4});
  EXPECT_EQ(recorder.batches, 4);
  EXPECT_EQ(recorder.asked.size(), 40u);
}

TEST_P(MethodContract, ShortAnswerEndsTheRunAndKeepsWhatWasScored) {
  for (int budget : {0, 1, 9, 10, 34, 47}) {
    Recorder recorder;
    const auto all =
        run(unit_space(2), recorder.with(bowl, budget), {.population = 10, .generations = 20});
    EXPECT_EQ(recorder.batches, budget / 10 + 1) << budget;
    EXPECT_GE(std::ssize(all), std::min(budget, 10)) << budget;
    if (budget == 0) continue;
    double best = INFINITY;
    for (int i = 0; i < budget; ++i) best = std::min(best, bowl(recorder.asked[i]).objectives[0]);
    EXPECT_EQ(least(all), best) << "the best of " << budget << " was lost";
  }
}

TEST_P(MethodContract, FirstCandidatesOpenTheRunRepairedAndOnce) {
  Recorder recorder;
  run(mixed_space(), recorder.with(mixed_score),
      {.population = 5,
       .generations = 1,
       .first = {{0.5, 2, 1, 40}, {0.5, 2, 1, 40}, {99, 2.2, 0, 5}}});
  ASSERT_EQ(recorder.asked.size(), 5u);
  EXPECT_EQ(recorder.asked[0], (Candidate{0.5, 2, 1, 40}));
  EXPECT_EQ(recorder.asked[1], (Candidate{2, 2, 0, 4}));
}

TEST_P(MethodContract, MoreFirstCandidatesThanThePopulationAreAllScored) {
  Recorder recorder;
  run(unit_space(1), recorder.with([](const Candidate& x) { return Score{{x[0]}}; }),
      {.population = 2, .generations = 1, .first = {{0.1}, {0.2}, {0.3}}});
  EXPECT_EQ(recorder.asked, (std::vector<Candidate>{{0.1}, {0.2}, {0.3}}));
}

TEST_P(MethodContract, FiniteSpaceIsUsedUpWithoutRepetitionThenTheRunEnds) {
  for (int population : {1, 5, 40}) {
    Recorder recorder;
    run(tiny_space(), recorder.with([](const Candidate& x) {
      return Score{{x[0], -x[2]}};
    }),
        {.population = population});
    const std::set<Candidate> different(recorder.asked.begin(), recorder.asked.end());
    EXPECT_EQ(recorder.asked.size(), 12u) << population;
    EXPECT_EQ(different.size(), 12u) << population;
  }
}

TEST_P(MethodContract, SpaceWithoutGenesHasOneCandidate) {
  const auto all =
      run({}, evaluate_with([](const Candidate&) { return Score{{1.0}}; }), {.population = 3});
  EXPECT_EQ(all.size(), 1u);
}

TEST_P(MethodContract, RunsOnWhenEverythingFails) {
  Recorder recorder;
  run(unit_space(2), recorder.with(always_fails), {.population = 8, .generations = 5});
  EXPECT_EQ(recorder.asked.size(), 40u);
}

TEST_P(MethodContract, EachCandidateComesBackWithItsOwnScore) {
  const auto all = run(unit_space(2), evaluate_with(bowl), {.population = 10, .generations = 8});
  for (const Evaluated& one : all) ASSERT_EQ(one.score.objectives, bowl(one.candidate).objectives);
}

TEST_P(MethodContract, RefusesOptionsOutOfRange) {
  const auto evaluate = evaluate_with(bowl);
  EXPECT_THROW(run(unit_space(2), evaluate, {.population = 0}), Error);
  EXPECT_THROW(run(unit_space(2), evaluate, {.tournament = 0}), Error);
  EXPECT_THROW(run(unit_space(2), evaluate, {.crossover_probability = 1.1}), Error);
  EXPECT_THROW(run(unit_space(2), evaluate, {.mutation_probability = NAN}), Error);
  EXPECT_THROW(run(unit_space(2), evaluate, {.first = {{0.5}}}), Error);
  EXPECT_THROW(run(real_space({{1, 0}}), evaluate, {}), Error);
}

TEST_P(MethodContract, RefusesScoresOfDifferentLength) {
  const auto evaluate = evaluate_with([](const Candidate& x) {
    return Score{x[0] < 0.5 ? Point{1} : Point{1, 2}};
  });
  EXPECT_THROW(run(unit_space(1), evaluate, {.generations = 2}), Error);
}

INSTANTIATE_TEST_SUITE_P(Methods, MethodContract, testing::ValuesIn(methods()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Methods, AreFoundByName) {
  for (const Method& method : methods()) EXPECT_EQ(&find_method(method.name), &method);
}

TEST(Methods, UnknownNameIsAUsageErrorThatListsTheNames) {
  try {
    find_method("nsga3");
    FAIL() << "found";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(error.message().find("nsga3"), std::string::npos);
    for (const Method& method : methods())
      EXPECT_NE(error.hint().find(method.name), std::string::npos) << method.name;
  }
}

}  // namespace
}  // namespace cupel::test
