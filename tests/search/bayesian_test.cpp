#include "cupel/search/methods/bayesian.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "cupel/search/surrogate.hpp"
#include "tests/support/test_problems.hpp"
#include "tests/support/test_spaces.hpp"

namespace cupel::test {
namespace {

/// Branin: least value 0.397887.
Score branin(const Candidate& x) {
  const double pi = std::numbers::pi, a = 15 * x[0] - 5, b = 15 * x[1];
  const double hill = b - 5.1 / (4 * pi * pi) * a * a + 5 / pi * a - 6;
  return {{hill * hill + 10 * (1 - 1 / (8 * pi)) * std::cos(a) + 10}};
}

double least(const std::vector<Evaluated>& all) {
  double best = INFINITY;
  for (const Evaluated& one : all)
    if (!one.score.failed) best = std::min(best, one.score.objectives[0]);
  return best;
}

TEST(Bayesian, FindsBraninsValleyInFortyCandidates) {
  for (const Acquisition acquisition :
       {Acquisition::expected_improvement, Acquisition::confidence_bound}) {
    const auto all = run_bayesian(
        unit_space(2), evaluate_with(branin),
        {.population = 1, .generations = 33, .opening = 8, .acquisition = acquisition}, 1);
    ASSERT_EQ(all.size(), 40u);
    EXPECT_LT(least(all), 0.45);
  }
}

TEST(Bayesian, SpreadsABatch) {
  std::vector<Candidate> last;
  run_bayesian(
      unit_space(2),
      [&](std::span<const Candidate> batch) {
        last.assign(batch.begin(), batch.end());
        std::vector<Score> scores;
        for (const Candidate& x : batch) scores.push_back(branin(x));
        return scores;
      },
      {.population = 6, .generations = 2}, 1);
  for (std::size_t a = 0; a < last.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      EXPECT_GT(std::hypot(last[a][0] - last[b][0], last[a][1] - last[b][1]), 0.01);
}

TEST(Bayesian, CoversAFrontBetterThanRandomDraws) {
  // A quarter of the candidates that random draws get.
  const auto front = [](std::string_view name, int generations) {
    std::vector<Point> points;
    for (const Evaluated& one : find_method(name).run(
             unit_space(4), evaluate_with(zdt1), {.population = 5, .generations = generations}, 1))
      points.push_back(one.score.objectives);
    return hypervolume(points, {1.1, 4});
  };
  EXPECT_GT(front("bayesian", 10), front("random", 40));
}

TEST(Bayesian, LeavesFailedCandidatesAlone) {
  const auto all = run_bayesian(unit_space(2), evaluate_with([](const Candidate& x) {
                                  return x[0] > 0.5 ? Score{.failed = true} : Score{{1 - x[0]}};
                                }),
                                {.population = 2, .generations = 20, .opening = 8}, 1);
  EXPECT_LT(least(all), 0.52);
}

TEST(Surrogate, BadScoresDoNotHideTheDifferencesAmongTheGood) {
  std::vector<Evaluated> all;
  for (double value : {1.0, 2.0, 3.0, 1e6}) all.push_back({{value}, {{value}}});
  const Matrix learned = learnable(all);
  EXPECT_GT((learned(1) - learned(0)) / (learned(3) - learned(0)), 0.02);
  EXPECT_LT(learned(2), learned(3));
}

TEST(Surrogate, FailedAndInfeasibleAreWorseThanAllOthers) {
  const std::vector<Evaluated> all = {
      {{0}, {{1.0}}}, {{1}, {{2.0}}}, {{2}, {{0.5}, 3}}, {{3}, {.failed = true}}};
  const Matrix learned = learnable(all);
  EXPECT_GT(learned(2), learned(1));
  EXPECT_GT(learned(3), learned(1));
}

TEST(Surrogate, CategoriesAreAsFarFromEachOtherAsTheEndsOfARange) {
  const Space space = mixed_space();
  const Vector a = coordinates(space, {0, 1, 0, 4}), b = coordinates(space, {0, 1, 2, 4}),
               c = coordinates(space, {0, 3, 0, 4});
  EXPECT_NEAR((a - b).norm(), 1, 1e-12);
  EXPECT_NEAR((a - c).norm(), 1, 1e-12);
}

}  // namespace
}  // namespace cupel::test
