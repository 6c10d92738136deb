#include <gtest/gtest.h>

#include "cupel/base/error.hpp"
#include "cupel/study/held_out.hpp"
#include "tests/study/support.hpp"

namespace cupel {
namespace {

DesignOptions options_for(std::vector<std::string> targets = {"zeta"}) {
  DesignOptions options;
  options.recipe = "oa-ann";
  options.roles.targets = std::move(targets);
  for (const char* other : {"zeta", "alpha"})
    if (std::find(options.roles.targets.begin(), options.roles.targets.end(), other) ==
        options.roles.targets.end())
      options.roles.ignore.push_back(other);
  options.folds = 3;
  options.max_neurons = 3;
  options.jobs = 1;
  return options;
}

TEST(OaAnn, KeepsTheLimitOnConnectionsEverywhere) {
  DesignOptions options = options_for();
  options.max_connections = 12;
  const test::DesignRun run(options);
  ASSERT_GT(run.result.front.size(), 1);
  for (const FrontMember& member : run.result.front) {
    EXPECT_LE(member.parameters, 12);
    EXPECT_EQ(member.parameters, connection_count(member.networks.front().network));
  }
  for (const FoldNetworks& fold : run.result.folds)
    EXPECT_LE(connection_count(fold.networks.front().network), 12);
}

TEST(OaAnn, IsTheSameForOneAndTwoThreadsAndAfterAnyInterruption) {
  DesignOptions options = options_for();
  const test::DesignRun one(options);
  options.jobs = 2;
  EXPECT_EQ(canonical_export(test::DesignRun(options).study), canonical_export(one.study));
  const std::vector<Trial> trials = one.study.trials(true);
  ASSERT_EQ(trials.size(), 21);  // 5 ridges on 3 folds, and 6 paths
  for (const std::size_t kept : {1, 14, 15, 20}) {
    const test::DesignRun again(options, test::plant(90), std::span(trials).first(kept));
    EXPECT_EQ(canonical_export(again.study), canonical_export(one.study)) << kept << " stored";
    EXPECT_EQ(again.result.why, one.result.why);
  }
}

TEST(OaAnn, ReadsTestRowsForTheTestFiguresOnly) {
  const test::DesignRun plain(options_for());
  Table garbage = test::plant(90);
  for (int row : plain.data.split.test)
    for (Column& column : garbage.columns) column.values[plain.data.data.table_rows[row]] *= -3;
  const test::DesignRun other(options_for(), garbage);
  EXPECT_EQ(canonical_export(other.study), canonical_export(plain.study));
  EXPECT_NE(picked_member(other.result).test.front().rmse,
            picked_member(plain.result).test.front().rmse);
}

TEST(OaAnn, HasFoldNetworksWhoseErrorsAreThePicks) {
  const test::DesignRun run(options_for());
  ASSERT_EQ(run.result.folds.size(), 3);
  const auto figures =
      error_figures(run.result.held_out_measured.col(0), run.result.held_out_predicted.col(0));
  EXPECT_NEAR(figures.rmse, picked_member(run.result).validation.front().rmse, 1e-12);
}

TEST(OaAnn, PredictsACurveBetterThanALine) {
  const test::DesignRun run(options_for(), test::plant(200));
  const FrontMember& pick = picked_member(run.result);
  for (const BaselineResult& baseline : run.result.baselines) {
    if (baseline.name == "linear") {
      EXPECT_LT(pick.test.front().rmse, 0.5 * baseline.test.front().rmse);
    }
  }
  EXPECT_GT(pick.test.front().r2, 0.98);
}

TEST(OaAnn, GivesEachTargetANetworkOfItsOwn) {
  const test::DesignRun run(options_for({"zeta", "alpha"}), test::plant(150));
  const FrontMember& pick = picked_member(run.result);
  ASSERT_EQ(pick.networks.size(), 2);
  EXPECT_EQ(pick.networks[0].targets, std::vector<int>{0});
  EXPECT_EQ(pick.networks[1].targets, std::vector<int>{1});
  for (const ErrorFigures& figures : pick.test) EXPECT_GT(figures.r2, 0.9);
}

TEST(OaAnn, AveragesAsManyNetworksAsAskedForInFoldsToo) {
  DesignOptions options = options_for();
  options.average = 4;
  const test::DesignRun run(options);
  EXPECT_EQ(picked_member(run.result).networks.size(), 4);
  for (const FoldNetworks& fold : run.result.folds) {
    ASSERT_EQ(fold.networks.size(), 4);
    EXPECT_EQ(fold.networks.front().weights[0], 0.25);
  }
}

TEST(OaAnn, TakesOrderedRowsAndEveryChoice) {
  for (const char* choose : {"accuracy", "compact", "paper"}) {
    DesignOptions options = options_for();
    options.split = "ordered";
    options.choose = choose;
    const test::DesignRun run(options);
    EXPECT_LE(picked_member(run.result).parameters, 40) << choose;
    EXPECT_FALSE(run.result.why.empty());
  }
}

TEST(OaAnn, CompactIsNotLargerThanAccuracy) {
  DesignOptions options = options_for();
  const int accurate = picked_member(test::DesignRun(options).result).parameters;
  options.choose = "compact";
  EXPECT_LE(picked_member(test::DesignRun(options).result).parameters, accurate);
}

TEST(OaAnn, SaysSoWhenNoNetworkTrainsToTheErrorAskedFor) {
  DesignOptions options = options_for();
  options.choose = "paper";
  options.training_rmse = 1e-9;
  try {
    const test::DesignRun run(options);
    FAIL() << "picked a network of " << picked_member(run.result).parameters << " connections";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::infeasible);
    EXPECT_NE(error.message().find("error that is asked for"), std::string::npos);
  }
}

TEST(OaAnn, IsComparedWithAFullNetworkOfTheSameRows) {
  DesignOptions options = options_for();
  const test::DesignRun run(options);
  const BaselineResult& full = run.result.baselines.back();
  EXPECT_EQ(full.name, "fully connected");
  EXPECT_NE(full.explanation.find("all of its 51 weights"), std::string::npos) << full.explanation;
  EXPECT_LT(full.test.at(0).rmse, run.result.baselines.at(1).test.at(0).rmse);  // linear
  options.jobs = 2;
  const test::DesignRun again(options);
  EXPECT_EQ(again.result.baselines.back().test.at(0).rmse, full.test.at(0).rmse);
  EXPECT_EQ(again.result.baselines.back().validation.at(0).rmse, full.validation.at(0).rmse);
}

TEST(OaAnn, RefusesOptionsThatItDoesNotRead) {
  DesignOptions options = options_for();
  options.generations = 5;
  EXPECT_THROW(check_options(options), Error);
  options = options_for();
  options.protocol = "as-published";
  EXPECT_THROW(check_options(options), Error);
  options = {};
  options.max_connections = 20;  // qnn does not read it
  EXPECT_THROW(check_options(options), Error);
}

}  // namespace
}  // namespace cupel
