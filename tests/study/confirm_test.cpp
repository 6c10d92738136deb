#include "cupel/study/confirm.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/study/support.hpp"

namespace cupel {
namespace {

Trial scored(int number, int weights, double error) {
  Trial trial{.number = number};
  trial.measures["parameters"] = weights;
  trial.measures["structure"] = "3 inputs, some tanh";
  trial.measures["block_errors"] = std::vector<double>{error, error};
  trial.score.objectives = {error, static_cast<double>(weights)};
  return trial;
}

TEST(WorthConfirming, TakesTheBestOfEverySizeClassFirst) {
  // Classes 1-8, 9-16, 17-32; the large are the worst.
  const std::vector<Trial> trials = {scored(0, 5, 0.1),  scored(1, 8, 0.2),  scored(2, 9, 0.6),
                                     scored(3, 16, 0.5), scored(4, 17, 0.9), scored(5, 32, 0.8)};
  EXPECT_EQ(worth_confirming(trials, 3, false), (std::vector{0, 3, 5}));
  EXPECT_EQ(worth_confirming(trials, 5, false), (std::vector{0, 3, 5, 1, 2}));
  EXPECT_EQ(worth_confirming(trials, 100, false).size(), 6u);
}

TEST(WorthConfirming, CoversEveryClassThatTheSearchVisited) {
  std::vector<Trial> trials;
  for (int k = 0; k < 400; ++k) trials.push_back(scored(k, 3 + k, 1.0 / (1 + k)));
  std::vector<int> classes(12);
  for (int k : worth_confirming(trials, 8, false)) {
    const int weights = 3 + k;
    int c = 3;
    while ((1 << c) < weights) ++c;
    ++classes[c];
  }
  for (int c = 3; c <= 9; ++c) EXPECT_GE(classes[c], 1) << "weights up to " << (1 << c);
}

TEST(WorthConfirming, TakesStoppedTrialsOnlyToScoreThemAgain) {
  std::vector<Trial> trials = {scored(0, 5, 0.1), scored(1, 5, 0.2)};
  trials[0].measures["stopped_after"] = 1;
  EXPECT_EQ(worth_confirming(trials, 5, false), std::vector{1});
  EXPECT_EQ(worth_confirming(trials, 5, true), (std::vector{0, 1}));
}

TEST(WorthConfirming, PassesOverFailures) {
  std::vector<Trial> trials = {scored(0, 5, 0.1), scored(1, 5, 0.2)};
  trials[0].state = TrialState::failed;
  trials[0].measures = {};
  EXPECT_EQ(worth_confirming(trials, 5, false), std::vector{1});
  trials[1].state = TrialState::failed;
  EXPECT_TRUE(worth_confirming(trials, 5, false).empty());
}

class ConfirmedFront : public testing::Test {
 protected:
  Trial trial(int number, int neurons, double error) {
    Trial made = scored(number, 5 * neurons + 1, error);
    made.candidate = test::honest_candidate(neurons);
    made.measures["validation"]["zeta"] = to_json(ErrorFigures{.rmse = error});
    return made;
  }
  Trial confirmation(int number, int of, int neurons, double error) {
    Trial made = trial(number, neurons, error);
    made.measures["confirms"] = of;
    made.measures["repeat"] = 1;
    return made;
  }
  std::vector<FrontMember> front(const std::vector<Trial>& trials,
                                 const std::vector<Trial>& confirmations) {
    std::vector<int> all(trials.size());
    std::iota(all.begin(), all.end(), 0);
    return confirmed_front(trials, all, confirmations);
  }
};

TEST_F(ConfirmedFront, HoldsTheNonDominatedBySize) {
  const auto found = front({trial(0, 3, 0.2), trial(1, 1, 0.4), trial(2, 4, 0.3)}, {});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].trial, 1);
  EXPECT_EQ(found[1].trial, 0);
}

TEST_F(ConfirmedFront, GoesByTheMeanOfTheConfirmationsNotByTheLuckOfTheSearch) {
  const auto found = front({trial(0, 3, 0.01), trial(1, 4, 0.5)},
                           {confirmation(2, 0, 3, 0.4), confirmation(3, 1, 4, 0.2),
                            confirmation(4, 0, 3, 0.6), confirmation(5, 1, 4, 0.4)});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NEAR(found[0].error, 0.5, 1e-12);
  EXPECT_NEAR(found[1].error, 0.3, 1e-12);
  EXPECT_NEAR(found[0].validation.at(0).rmse, 0.5, 1e-12);
}

TEST_F(ConfirmedFront, DropsACandidateThatFailedWhenScoredAgain) {
  Trial broken = confirmation(3, 1, 4, 0.2);
  broken.state = TrialState::failed;
  const auto found =
      front({trial(0, 3, 0.4), trial(1, 4, 0.1)}, {confirmation(2, 0, 3, 0.4), broken});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].trial, 0);
}

class PlanBudget : public testing::Test {
 protected:
  Plan plan(const DesignOptions& options, int rows = 90) {
    const StudyData data = test::study_data(options, test::plant(rows));
    return plan_budget(find_recipe(options.recipe), {&data, &options, {}});
  }
  static std::string text(const Plan& plan) {
    return std::to_string(plan.trials) + " " + std::to_string(plan.confirmed) + " " +
           std::to_string(plan.confirm_repeats) + " " + std::to_string(plan.refit_starts);
  }
  static DesignOptions defaults() {
    DesignOptions options = test::quick_options();
    options.trials = 0;
    options.confirm = -1;
    options.iterations = options.max_neurons = 0;
    return options;
  }
};

TEST_F(PlanBudget, GivesExactlyTheTrialsAskedFor) {
  DesignOptions options = defaults();
  for (int trials : {1, 48, 5000}) {
    options.trials = trials;
    EXPECT_EQ(plan(options).trials, trials);
  }
}

TEST_F(PlanBudget, DoesNotDependOnThreadsTimeSeedOrPaths) {
  DesignOptions options = defaults();
  const std::string plain = text(plan(options));
  options.jobs = 7;
  options.time_limit_s = 3;
  options.output = "elsewhere";
  options.seed = 99;
  EXPECT_EQ(text(plan(options)), plain);
}

TEST_F(PlanBudget, SpendsFewerTrialsOnMoreRows) {
  const DesignOptions options = defaults();
  const Plan small = plan(options), large = plan(options, 20000);
  EXPECT_GT(small.trials, large.trials);
  EXPECT_GE(large.trials, 50);    // enough to find something
  EXPECT_LE(small.trials, 5000);  // and an end on tiny data
  EXPECT_GE(small.confirm_repeats, large.confirm_repeats);
  EXPECT_GE(large.confirm_repeats, 1);
}

TEST_F(PlanBudget, QuickIsLessThanStandard) {
  DesignOptions options = defaults();
  const Plan standard = plan(options);
  options.budget = "quick";
  EXPECT_LT(plan(options).trials, standard.trials);
}

TEST_F(PlanBudget, WithoutConfirmationConfirmsNobody) {
  DesignOptions options = defaults();
  options.confirm = 0;
  EXPECT_EQ(plan(options).confirmed, 0);
  EXPECT_EQ(plan(options).confirm_repeats, 0);
}

TEST_F(PlanBudget, AsPublishedIsTheSourcesNumberWithoutConfirmation) {
  DesignOptions options = defaults();
  options.protocol = "as-published";
  EXPECT_EQ(text(plan(options)), "200 0 0 1");
}

}  // namespace
}  // namespace cupel
