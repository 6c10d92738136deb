#include "cupel/process/tune.hpp"

#include <gtest/gtest.h>

#include "cupel/base/error.hpp"
#include "cupel/process/problem_text.hpp"
#include "tests/process/linear_model.hpp"

namespace cupel::test {
namespace {

const TuneGrid kSmall{{8, 20}, {5, 10}, {0.5, 0.9}, {0.05, 0.3}, {0.2}};

TEST(Tune, HasThreeStagesAndCarriesTheCompromiseOn) {
  const Problem problem =
      parse_problem({.maximize = {"yield"}, .minimize = {"cost ^ 2"}}, one(linear_model()));
  const auto stages = tune(problem, kSmall, 3);
  ASSERT_EQ(stages.size(), 3u);
  EXPECT_EQ(stages[0].rows.size(), 4u);
  EXPECT_EQ(stages[1].rows.size(), 4u);
  EXPECT_EQ(stages[2].rows.size(), 2u);
  const TuneRow& taken = stages[0].rows[stages[0].compromise];
  for (const TuneRow& row : stages[1].rows)
    EXPECT_EQ(row.options.population, taken.options.population);
  int won = 0, lost = 0;
  for (const TuneRow& row : stages[0].rows) {
    EXPECT_EQ(row.evaluations, row.options.population * row.options.generations);
    EXPECT_NEAR(row.sol_perf, 0.001 * row.time_s + 0.999 * row.spacing, 1e-12);
    won += row.won;
    lost += row.lost;
  }
  EXPECT_EQ(won, 3) << "a chain of four has three meetings";
  EXPECT_EQ(lost, 3);
}

TEST(Tune, DecidesTheSameEveryTime) {
  const Problem problem =
      parse_problem({.maximize = {"yield"}, .minimize = {"cost ^ 2"}}, one(linear_model()));
  const auto first = tune(problem, kSmall, 3), second = tune(problem, kSmall, 3);
  for (std::size_t k = 0; k < first.size(); ++k) {
    EXPECT_EQ(first[k].compromise, second[k].compromise);
    EXPECT_EQ(first[k].chain_winner, second[k].chain_winner);
    EXPECT_EQ(first[k].rows[0].hypervolume, second[k].rows[0].hypervolume);
  }
}

TEST(Tune, SaysWhenNothingIsFeasible) {
  const Problem problem = parse_problem(
      {.maximize = {"yield"}, .minimize = {"cost"}, .limits = {"cost>=100"}}, one(linear_model()));
  EXPECT_THROW(tune(problem, kSmall, 1), Error);
}

}  // namespace
}  // namespace cupel::test
