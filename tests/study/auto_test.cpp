#include <gtest/gtest.h>

#include <cmath>

#include "cupel/store/study_file.hpp"
#include "cupel/study/average.hpp"
#include "cupel/study/held_out.hpp"
#include "tests/study/support.hpp"

namespace cupel {
namespace {

TEST(StackingWeights, FindTheOneNetworkThatIsRight) {
  Rng rng(3);
  Matrix predictions(50, 3);
  Vector measured(50);
  for (int row = 0; row < 50; ++row) {
    measured[row] = rng.normal();
    predictions.row(row) << measured[row] + rng.normal(), measured[row], 0;
  }
  const Vector weights = stacking_weights(predictions, measured, 0);
  EXPECT_NEAR(weights[1], 1, 1e-9);
  // Half-way to equal weights.
  EXPECT_NEAR(stacking_weights(predictions, measured)[1], 0.5 + 0.5 / 3, 1e-9);
}

TEST(StackingWeights, MeetTheLeastErrorOfTwoByHand) {
  // Errors e and f of two networks: w = f·(f - e) / |e - f|² for the first.
  Rng rng(4);
  Matrix predictions(200, 2);
  for (int row = 0; row < 200; ++row) predictions.row(row) << rng.normal(), 1.5 * rng.normal();
  const Vector e = predictions.col(0), f = predictions.col(1);
  const double expected = f.dot(f - e) / (e - f).squaredNorm();
  const Vector weights = stacking_weights(predictions, Vector::Zero(200), 0);
  EXPECT_NEAR(weights[0], expected, 1e-9);
  EXPECT_NEAR(weights.sum(), 1, 1e-12);
}

TEST(StackingWeights, AreNeverNegativeAndShareAlikeBetweenEquals) {
  // A negative weight would do better here; it is not given.
  const Matrix far{{1, 3}, {2, 4}, {1.5, 3.6}};
  const Vector weights = stacking_weights(far, Vector::Zero(3), 0);
  EXPECT_NEAR(weights[0], 1, 1e-12);
  EXPECT_EQ(weights[1], 0);
  const Vector alike = stacking_weights(Matrix::Ones(4, 5), Vector::Zero(4));
  for (const double weight : alike) EXPECT_DOUBLE_EQ(weight, 0.2);
}

DesignOptions auto_options(std::vector<std::string> targets = {"zeta"}) {
  DesignOptions options = test::quick_options(std::move(targets));
  options.recipe = "auto";
  options.trials = 24;
  options.iterations = 150;
  return options;
}

/// Noise of which no network can make less: many candidates are nearly as good as the best.
Table noisy_plant() {
  Table table = test::plant(90);
  Rng rng(10);
  for (Column& column : table.columns)
    if (column.name == "zeta" || column.name == "alpha")
      for (double& value : column.values) value += (column.name == "zeta" ? 0.3 : 2) * rng.normal();
  return table;
}

TEST(Auto, AveragesNetworksAndSaysWhatItDid) {
  const test::DesignRun run(auto_options(), noisy_plant());
  const FrontMember& pick = picked_member(run.result);
  ASSERT_GE(run.result.single, 0);
  EXPECT_NE(run.result.single, run.result.picked) << run.result.why;
  EXPECT_GT(pick.networks.size(), 2u);
  EXPECT_LT(pick.error, run.result.front[run.result.single].error);
  for (const char* said : {"rows for design", "Tried:", "qnn with", "best single network"})
    EXPECT_NE(run.result.why.find(said), std::string::npos) << run.result.why;
}

/// Networks of a logarithm are mixed by logarithms: the figures shown are of what is in the model.
TEST(Auto, AveragesLogarithmsAsTheModelDoes) {
  Table table = noisy_plant();
  for (Column& column : table.columns)
    if (column.name == "zeta")
      for (double& value : column.values) value = std::exp(2 * value);
  DesignOptions options = auto_options();
  options.roles.log_targets = {"zeta"};
  options.confirm = 1;  // the average's figures are of its folds' rows alone
  const test::DesignRun run(options, table);
  const FrontMember& pick = picked_member(run.result);
  ASSERT_GT(pick.networks.size(), 2u) << run.result.why;
  const Vector off = (run.result.held_out_predicted - run.result.held_out_measured).reshaped();
  EXPECT_NEAR(
      pick.validation[0].rmse / std::sqrt(off.squaredNorm() / static_cast<double>(off.size())), 1,
      1e-9);
}

TEST(Auto, WeightsOfEachTargetSumToOne) {
  const test::DesignRun run(auto_options({"zeta", "alpha"}), noisy_plant());
  ASSERT_GT(picked_member(run.result).networks.size(), 2u) << run.result.why;
  const auto expect_one = [&](const std::vector<Member>& networks) {
    Vector sums = Vector::Zero(2);
    for (const Member& member : networks)
      for (Eigen::Index o = 0; o < member.weights.size(); ++o)
        sums[member.targets.empty() ? o : member.targets[o]] += member.weights[o];
    EXPECT_NEAR(sums[0], 1, 1e-12);
    EXPECT_NEAR(sums[1], 1, 1e-12);
  };
  expect_one(picked_member(run.result).networks);
  for (const FoldNetworks& fold : run.result.folds) expect_one(fold.networks);
}

TEST(Auto, ItsHeldOutPredictionsAreOfRowsItsNetworksNeverSaw) {
  const test::DesignRun run(auto_options(), noisy_plant());
  ASSERT_FALSE(run.result.folds.empty());
  std::vector<int> seen(run.data.split.design.size(), 0);
  for (const FoldNetworks& fold : run.result.folds)
    for (const int row : fold.fold->validation_rows) ++seen[row];
  for (const int times : seen) EXPECT_EQ(times, 1);
}

TEST(Auto, IsTheSameForAnyThreadsAndWhenReplayed) {
  const test::DesignRun once(auto_options(), noisy_plant());
  DesignOptions two = auto_options();
  two.jobs = 2;
  const test::DesignRun parallel(two, noisy_plant());
  EXPECT_EQ(canonical_export(parallel.study), canonical_export(once.study));
  EXPECT_EQ(picked_member(parallel.result).networks.back().network.parameters,
            picked_member(once.result).networks.back().network.parameters);
  const test::DesignRun replayed(auto_options(), noisy_plant(), once.study.trials(true));
  EXPECT_EQ(picked_member(replayed.result).networks.back().network.parameters,
            picked_member(once.result).networks.back().network.parameters);
}

TEST(Auto, KeepsWithinItsTrials) {
  const test::DesignRun run(auto_options(), noisy_plant());
  EXPECT_LE(run.result.trials.size(), 24u * recipes().size());
  for (std::size_t k = 1; k < run.result.trials.size(); ++k)
    EXPECT_LT(run.result.trials[k - 1].number, run.result.trials[k].number);
}

}  // namespace
}  // namespace cupel
