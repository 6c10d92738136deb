#include "cupel/study/run_trials.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "cupel/base/error.hpp"
#include "tests/study/support.hpp"

namespace cupel {
namespace {

using test::counted_runs;
using test::requests;

class TrialRunnerTest : public testing::Test {
 protected:
  std::vector<Trial> run(StudyFile& study, std::span<const TrialRequest> asked, int total = 100,
                         int jobs = 1) {
    counted_runs = 0;
    options_.jobs = jobs;
    TrialRunner one(study, recipe_, {nullptr, &options_, stop_.get_token()}, sink_);
    one.begin_stage("search", total);
    return one.run(asked);
  }

  Recipe recipe_ = test::counting_recipe();
  DesignOptions options_;
  std::stop_source stop_;
  ProgressSink sink_;
};

std::string text_of(std::span<const Trial> trials) {
  std::string text;
  for (const Trial& trial : trials)
    text += std::to_string(trial.number) + " " + std::to_string(trial.seed) + " " +
            dump_json(Json(trial.candidate)) + trial.reason + dump_json(to_json(trial.score)) +
            dump_json(trial.measures) + "\n";
  return text;
}

TEST_F(TrialRunnerTest, AnswersInTheOrderOfTheRequests) {
  StudyFile study = StudyFile::in_memory();
  const auto trials = run(study, requests({0.1, 0.8, 0.3}));
  ASSERT_EQ(trials.size(), 3u);
  for (int k = 0; k < 3; ++k) EXPECT_EQ(trials[k].number, k);
  EXPECT_EQ(trials[1].candidate, Candidate{0.8});
}

TEST_F(TrialRunnerTest, StoredTrialsAnswerWithoutWork) {
  StudyFile study = StudyFile::in_memory();
  const auto first = run(study, requests({0.1, 0.95, 0.3}));
  EXPECT_EQ(counted_runs, 3);
  const auto again = run(study, requests({0.1, 0.95, 0.3, 0.4}));
  EXPECT_EQ(counted_runs, 1);
  EXPECT_EQ(text_of(first), text_of(std::span(again).first(3)));
}

TEST_F(TrialRunnerTest, CountsStoredTrialsApartForTheTimeLeft) {
  StudyFile study = StudyFile::in_memory();
  run(study, requests({0.1, 0.3}));
  std::vector<Progress> heard;
  sink_ = [&](const Progress& progress) { heard.push_back(progress); };
  run(study, requests({0.1, 0.3, 0.4, 0.6}));
  ASSERT_EQ(heard.size(), 4u);
  EXPECT_EQ(heard.back().done, 4);
  EXPECT_EQ(heard.back().stored, 2);
}

TEST_F(TrialRunnerTest, RefusesAStoredTrialOfAnotherCandidate) {
  StudyFile study = StudyFile::in_memory();
  run(study, requests({0.1, 0.2}));
  EXPECT_THROW(run(study, requests({0.1, 0.25})), Error);
}

TEST_F(TrialRunnerTest, RefusesAStoredTrialOfAnotherSeed) {
  StudyFile study = StudyFile::in_memory();
  run(study, requests({0.1}));
  options_.seed = 2;
  EXPECT_THROW(run(study, requests({0.1})), Error);
}

TEST_F(TrialRunnerTest, GivesTheSameTrialsWithOneAndFourThreads) {
  std::vector<TrialRequest> asked;
  for (int k = 0; k < 40; ++k) asked.push_back({.candidate = {k * 0.37 - std::floor(k * 0.37)}});
  StudyFile one = StudyFile::in_memory(), four = StudyFile::in_memory();
  EXPECT_EQ(text_of(run(one, asked)), text_of(run(four, asked, 100, 4)));
  EXPECT_EQ(canonical_export(one), canonical_export(four));
}

TEST_F(TrialRunnerTest, RecordsAFailureWithItsReason) {
  StudyFile study = StudyFile::in_memory();
  const auto trials = run(study, requests({0.95, 0.1}));
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].state, TrialState::failed);
  const auto stored = study.trial(0);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->state, TrialState::failed);
  EXPECT_EQ(stored->reason, "above 0.9");
  EXPECT_TRUE(stored->score.failed);
}

TEST_F(TrialRunnerTest, CutsOffWhatTheStageHasNoRoomFor) {
  StudyFile study = StudyFile::in_memory();
  TrialRunner one(study, recipe_, {nullptr, &options_, {}}, {});
  one.begin_stage("search", 3);
  EXPECT_EQ(one.run(requests({0.1, 0.2})).size(), 2u);
  EXPECT_EQ(one.run(requests({0.3, 0.4})).size(), 1u);
  EXPECT_EQ(one.run(requests({0.5})).size(), 0u);
  EXPECT_EQ(study.trial_count(), 3);
  EXPECT_FALSE(one.out_of_time());
}

TEST_F(TrialRunnerTest, NumbersGoOnFromStageToStage) {
  StudyFile study = StudyFile::in_memory();
  TrialRunner one(study, recipe_, {nullptr, &options_, {}}, {});
  one.begin_stage("search", 2);
  one.run(requests({0.1, 0.2}));
  one.begin_stage("confirm", 1);
  const TrialRequest again{{0.2}, 1, 1};
  const auto trials = one.run({&again, 1});
  ASSERT_EQ(trials.size(), 1u);
  EXPECT_EQ(trials[0].number, 2);
  EXPECT_EQ(trials[0].measures.at("confirms").as_integer(), 1);
  EXPECT_EQ(trials[0].measures.at("repeat").as_integer(), 1);
}

TEST_F(TrialRunnerTest, ADeadlineLeavesAPrefix) {
  // The third trial takes until the deadline has passed.
  static Clock::time_point end;
  recipe_.run = [](const RecipeContext&, int, Trial& trial) {
    trial.score.objectives = {trial.candidate[0], 1};
    if (trial.number == 2) std::this_thread::sleep_until(end);
  };
  end = Clock::now() + std::chrono::milliseconds(60);
  StudyFile study = StudyFile::in_memory();
  TrialRunner one(study, recipe_, {nullptr, &options_, {}}, {});
  options_.jobs = 1;
  one.set_deadline(end);
  one.begin_stage("search", 100);
  const auto trials = one.run(requests({0.1, 0.2, 0.3, 0.4, 0.5}));
  EXPECT_EQ(trials.size(), 3u);
  EXPECT_EQ(study.trial_count(), 3);
  EXPECT_TRUE(one.out_of_time());
}

TEST_F(TrialRunnerTest, StoredTrialsAnswerAfterTheDeadlineToo) {
  StudyFile study = StudyFile::in_memory();
  run(study, requests({0.1, 0.2}));
  TrialRunner one(study, recipe_, {nullptr, &options_, {}}, {});
  one.set_deadline(Clock::now() - std::chrono::seconds(1));
  one.begin_stage("search", 100);
  EXPECT_EQ(one.run(requests({0.1, 0.2, 0.3})).size(), 2u);
}

TEST_F(TrialRunnerTest, ATrialCancelledHalfWayIsNotStored) {
  static std::stop_source stop;
  recipe_.run = [](const RecipeContext&, int, Trial& trial) {
    if (trial.number == 1)
      stop.request_stop();  // and returns without a score, as a recipe does
    else
      trial.score.objectives = {0.5, 1};
  };
  StudyFile study = StudyFile::in_memory();
  options_.jobs = 1;
  TrialRunner one(study, recipe_, {nullptr, &options_, stop.get_token()}, {});
  one.set_deadline(Clock::now() + std::chrono::hours(1));  // by number
  one.begin_stage("search", 100);
  EXPECT_EQ(one.run(requests({0.1, 0.2, 0.3})).size(), 1u);
  EXPECT_EQ(study.trial_count(), 1);
  EXPECT_TRUE(one.stopped());
}

TEST_F(TrialRunnerTest, StartsTheLongestFirst) {
  static std::vector<int> started;
  recipe_.run = [](const RecipeContext&, int, Trial& trial) {
    started.push_back(trial.number);
    trial.score.objectives = {trial.candidate[0], 1};
  };
  started.clear();
  StudyFile study = StudyFile::in_memory();
  run(study, requests({0.2, 0.1, 0.3}));
  EXPECT_EQ(started, (std::vector{2, 0, 1}));
}

TEST_F(TrialRunnerTest, TellsProgressWithFailuresAndTheBestSoFar) {
  std::vector<Progress> heard;
  sink_ = [&](const Progress& progress) { heard.push_back(progress); };
  StudyFile study = StudyFile::in_memory();
  run(study, requests({0.2, 0.95, 0.1}), 50);
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_EQ(heard.back().done, 3);
  EXPECT_EQ(heard.back().total, 50);
  EXPECT_EQ(heard.back().failed, 1);
  EXPECT_EQ(heard.back().best, 0.1);
  EXPECT_EQ(heard.back().stage, "search");
}

}  // namespace
}  // namespace cupel
