#include "cupel/study/race.hpp"

#include <gtest/gtest.h>

#include "tests/study/support.hpp"

namespace cupel {
namespace {

/// A finished trial of two folds whose groups of rows all have about one error.
Trial finished(double error, double size, double scatter = 0) {
  Trial trial;
  trial.score.objectives = {error, size};
  trial.measures["nmse"] = error;
  std::vector<double> errors;
  for (int k = 0; k < 2 * kRaceBlocks; ++k) errors.push_back(error + (k % 2 ? scatter : -scatter));
  trial.measures["fold_errors"] = errors;
  return trial;
}

FoldErrors one_fold(double error, double scatter = 0) {
  FoldErrors errors;
  for (int k = 0; k < kRaceBlocks; ++k) errors.push_back(error + (k % 2 ? -scatter : scatter));
  return errors;
}

TEST(Race, IsLostToASmallerBetterNetworkOnly) {
  Race race;
  race.add(finished(0.3, 50));
  EXPECT_NE(race.beats(50, one_fold(0.4)), nullptr);
  EXPECT_NE(race.beats(80, one_fold(0.4)), nullptr);
  EXPECT_EQ(race.beats(49, one_fold(0.4)), nullptr) << "the rival is larger";
  EXPECT_EQ(race.beats(80, one_fold(0.3)), nullptr) << "as good";
  EXPECT_EQ(race.beats(80, one_fold(0.2)), nullptr);
}

TEST(Race, GivesTheBenefitOfTheDoubt) {
  Race race;
  race.add(finished(0.3, 50, 0.1));
  // Differences of ±0.2 around 0.02: standard error 0.2 / 3, more than twice the mean.
  EXPECT_EQ(race.beats(50, one_fold(0.32, 0.1)), nullptr);
  EXPECT_NE(race.beats(50, one_fold(0.4, 0.1)), nullptr);
  Race strict(0);
  strict.add(finished(0.3, 50, 0.1));
  EXPECT_NE(strict.beats(50, one_fold(0.32, 0.1)), nullptr);
}

TEST(Race, KeepsTheFrontAlone) {
  Race race;
  race.add(finished(0.3, 50));
  race.add(finished(0.5, 60));  // dominated: never a rival
  race.add(finished(0.2, 40));  // dominates the first
  const Race::Rival* rival = race.beats(100, one_fold(0.9));
  ASSERT_NE(rival, nullptr);
  EXPECT_EQ(rival->objectives[1], 40);
  EXPECT_EQ(race.beats(39, one_fold(0.9)), nullptr);
}

TEST(Race, PassesOverTrialsThatDidNotEnd) {
  Race race;
  Trial stopped = finished(0.1, 5), failed = finished(0.1, 5), one_part = finished(0.1, 5);
  stopped.measures["stopped_after"] = 1;
  failed.state = TrialState::failed;
  one_part.measures = Json(Json::Object{});
  for (const Trial& trial : {stopped, failed, one_part}) race.add(trial);
  EXPECT_EQ(race.beats(100, one_fold(0.9)), nullptr);
}

TEST(Race, StopsTrialsOfASearchAndKeepsTheirEstimatesOffTheFront) {
  DesignOptions options = test::quick_options({"zeta"});
  options.trials = 60;
  options.population = 12;
  options.confirm = 1;
  options.folds = 4;
  options.iterations = 30;
  const test::DesignRun raced(options);
  options.stop_early = false;
  const test::DesignRun whole(options);
  const EarlyStopping figures = early_stopping_of(raced.result.trials);
  EXPECT_EQ(figures.trials, 60);
  EXPECT_GT(figures.stopped, 10);
  EXPECT_LT(figures.folds_trained, 0.9);
  EXPECT_EQ(early_stopping_of(whole.result.trials).stopped, 0);
  EXPECT_EQ(early_stopping_of(whole.result.trials).folds_trained, 1);
  // To the front it takes a whole score: a confirmation, or the search's where there is none.
  options.stop_early = true;
  options.confirm = 0;
  const test::DesignRun unconfirmed(options);
  EXPECT_GT(early_stopping_of(unconfirmed.result.trials).stopped, 10);
  for (const FrontMember& member : unconfirmed.result.front)
    EXPECT_FALSE(
        was_stopped_early(unconfirmed.result.trials[static_cast<std::size_t>(member.trial)]));
  for (const Trial& trial : raced.result.trials) {
    if (!was_stopped_early(trial)) continue;
    EXPECT_NE(trial.number % 20, 0) << "an audited trial goes on";
    EXPECT_TRUE(trial.networks.empty());
  }
}

TEST(Race, IsOffAsPublished) {
  DesignOptions options = test::quick_options({"zeta"});
  options.protocol = "as-published";
  options.trials = 30;
  options.population = 6;
  options.starts = 1;
  EXPECT_EQ(early_stopping_of(test::DesignRun(options).result.trials).stopped, 0);
}

}  // namespace
}  // namespace cupel
