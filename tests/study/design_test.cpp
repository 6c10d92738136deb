#include "cupel/study/design.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/model/evaluate.hpp"
#include "cupel/model/input_values.hpp"
#include "tests/study/support.hpp"

namespace cupel {
namespace {

using test::DesignRun;

void expect_whole(const DesignRun& run) {
  const DesignResult& result = run.result;
  EXPECT_EQ(result.end, DesignEnd::complete);
  EXPECT_EQ(static_cast<int>(result.trials.size()), run.options.trials);
  ASSERT_FALSE(result.front.empty());
  ASSERT_GE(result.picked, 0);
  for (std::size_t k = 1; k < result.front.size(); ++k) {
    EXPECT_LT(result.front[k - 1].parameters, result.front[k].parameters);
    EXPECT_GT(result.front[k - 1].error, result.front[k].error);
  }
  EXPECT_FALSE(result.why.empty());
  EXPECT_NO_THROW(check_test_vectors(result.model, "model"));
}

TEST(Design, IsTheSameForOneAndTwoThreads) {
  DesignOptions options = test::quick_options();
  const DesignRun one(options);
  options.jobs = 2;
  const DesignRun two(options);
  expect_whole(one);
  EXPECT_EQ(canonical_export(one.study), canonical_export(two.study));
  EXPECT_EQ(one.result.picked, two.result.picked);
  EXPECT_EQ(model_text(one.result.model).size(), model_text(two.result.model).size());
}

TEST(Design, AnotherSeedGivesAnotherStudy) {
  DesignOptions options = test::quick_options();
  const DesignRun one(options);
  options.seed = 2;
  EXPECT_NE(canonical_export(one.study), canonical_export(DesignRun(options).study));
}

TEST(Design, GoesOnFromAnyPrefixOfTrialsToTheSameEnd) {
  const DesignRun whole(test::quick_options());
  const int all = whole.study.trial_count();
  ASSERT_GT(all, whole.options.trials);  // there are confirmations
  for (int stored : {0, 1, 7, whole.options.trials, whole.options.trials + 3, all}) {
    SCOPED_TRACE(stored);
    const std::vector<Trial> trials = whole.study.trials(true);
    const DesignRun resumed(whole.options, test::plant(90), std::span(trials).first(stored));
    EXPECT_EQ(canonical_export(resumed.study), canonical_export(whole.study));
    EXPECT_EQ(resumed.result.why, whole.result.why);
  }
}

TEST(Design, PredictsBetterThanALineOnASmoothCurve) {
  DesignOptions options = test::quick_options();
  options.iterations = 200;
  const DesignRun run(options, test::plant(200));
  expect_whole(run);
  double linear = 0;
  for (const BaselineResult& baseline : run.result.baselines)
    if (baseline.name == "linear") linear = baseline.test.at(0).rmse;
  EXPECT_LT(picked_member(run.result).test.at(0).rmse, 0.6 * linear);
}

TEST(Design, KeepsSeveralTargetsInTheOrderAskedFor) {
  const DesignRun run(test::quick_options({"zeta", "alpha"}));
  expect_whole(run);
  const FrontMember& pick = picked_member(run.result);
  ASSERT_EQ(pick.validation.size(), 2u);
  ASSERT_EQ(pick.test.size(), 2u);
  // alpha = 10 x1 x2 has an error many times that of zeta.
  EXPECT_GT(pick.validation[1].rmse, 2 * pick.validation[0].rmse);
  EXPECT_EQ(run.result.model.encoder.targets.at(0).name, "zeta");
  EXPECT_EQ(run.result.test_predicted.cols(), 2);
}

TEST(Design, TakesTextInputsAndMissingCells) {
  Table table = test::plant(120);
  Column load = test::number_column("load", {});
  load.kind = ColumnKind::text;
  load.words = {"low", "high", "off"};
  for (int row = 0; row < 120; ++row) {
    load.values.push_back(row % 3);
    table.columns[table.find("zeta")].values[row] += row % 3;
  }
  table.columns.push_back(load);
  for (int row = 0; row < 120; row += 11) table.columns[0].values[row] = kMissing;
  table.columns[3].values[5] = kMissing;  // a target: its row is left out
  const DesignRun run(test::quick_options(), table);
  expect_whole(run);
  EXPECT_EQ(run.data.data.rows, 119);
  EXPECT_EQ(run.data.encoder.inputs(), 3 + 2);
  EXPECT_GT(run.result.input_effects.at(3), 0.2) << "the load decides most";
}

TEST(Design, KeepsToGroupsAndToTheUsersOwnTestRows) {
  DesignOptions options = test::quick_options();
  options.roles.group = "batch";
  Table table = test::plant(90);
  std::vector<double> batch;
  for (int row = 0; row < 90; ++row) batch.push_back(row / 6);
  table.columns.push_back(test::number_column("batch", batch));
  expect_whole(DesignRun(options, table));
}

/// zeta = 100^x1 and 3 % of itself at random.
Table relative_plant() {
  Table table = test::plant(200);
  Rng rng(8);
  for (int row = 0; row < table.rows; ++row)
    table.columns[3].values[row] =
        std::pow(100, table.columns[0].values[row]) * (1 + 0.03 * rng.normal());
  return table;
}

/// Mean of |predicted / measured - 1| on the test rows, and the share of them in their intervals
/// among those with the smaller half of values.
std::pair<double, double> relative_figures(const test::DesignRun& run) {
  const Evaluation found =
      evaluate(run.result.model, input_values(run.result.model.encoder, run.data.data.inputs)(
                                     run.data.split.test, Eigen::all));
  const Matrix& measured = run.data.test_values;
  double off = 0, inside = 0, small = 0;
  for (Eigen::Index row = 0; row < measured.rows(); ++row) {
    off += std::abs(found.outputs(row, 0) / measured(row, 0) - 1);
    if (measured(row, 0) > 10) continue;
    small += 1;
    inside += measured(row, 0) >= found.lower(row, 0) && measured(row, 0) <= found.upper(row, 0);
  }
  return {off / static_cast<double>(measured.rows()), inside / small};
}

TEST(Design, TakesErrorsAsSharesWhereAskedFor) {
  DesignOptions options = test::quick_options();
  const auto [plain, wide] = relative_figures(test::DesignRun(options, relative_plant()));
  options.roles.log_targets = {"zeta"};
  const test::DesignRun run(options, relative_plant());
  const auto [logarithmic, right] = relative_figures(run);
  EXPECT_LT(logarithmic, 0.5 * plain);
  EXPECT_LT(logarithmic, 0.05);
  EXPECT_GT(wide, 0.99) << "one width for small and large values";
  EXPECT_GT(right, 0.7);
  EXPECT_LT(right, 0.99);
  const Model again = parse_model(model_text(run.result.model), "m");
  EXPECT_TRUE(again.encoder.targets[0].log);
}

TEST(Design, WithoutATestPartShowsHeldOutFiguresOnly) {
  DesignOptions options = test::quick_options();
  options.test_fraction = 0;
  const DesignRun run(options);
  expect_whole(run);
  EXPECT_TRUE(picked_member(run.result).test.empty());
  EXPECT_EQ(run.result.held_out_measured.rows(), 90);
}

TEST(Design, WithoutConfirmationPicksByTheSearch) {
  DesignOptions options = test::quick_options();
  options.confirm = 0;
  const DesignRun run(options);
  expect_whole(run);
  EXPECT_EQ(run.result.confirmations, 0);
  EXPECT_EQ(run.study.trial_count(), options.trials);
}

TEST(Design, RunsAsPublished) {
  DesignOptions options = test::quick_options({"zeta", "alpha"});
  options.protocol = "as-published";
  options.starts = 1;
  const DesignRun run(options);
  expect_whole(run);
  EXPECT_EQ(run.result.confirmations, 0);
  EXPECT_NE(run.result.why.find("test rows"), std::string::npos);
}

TEST(Design, SaysWhyWhenNoNetworkCouldBeTrained) {
  const DesignOptions options = test::quick_options();
  StudyData data = test::study_data(options);
  for (FoldData& fold : data.repeats[0]) fold.train_targets.setConstant(1e300);
  StudyFile study = StudyFile::in_memory();
  try {
    run_design(data, options, study, {});
    FAIL() << "a network was trained";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::infeasible) << error.message();
    EXPECT_NE(error.message().find("no network could be trained: "), std::string::npos);
    EXPECT_GT(error.message().size(), std::string("no network could be trained: ").size());
    EXPECT_FALSE(error.hint().empty());
  }
  EXPECT_EQ(study.trial_count(), options.trials) << "failures are kept";
}

TEST(Design, ATimeLimitOfNothingIsInfeasible) {
  DesignOptions options = test::quick_options();
  options.time_limit_s = 1e-9;
  EXPECT_THROW(DesignRun{options}, Error);
}

TEST(Design, AnInterruptLeavesOnlyWholeTrialsAndTheRestCanFollow) {
  const DesignOptions options = test::quick_options();
  const DesignRun whole(options);
  // After a search trial, after a confirmation, after a refit.
  for (const auto& [stage, after] :
       std::vector<std::pair<std::string, int>>{{"search", 5}, {"confirm", 2}, {"refit", 1}}) {
    SCOPED_TRACE(stage);
    StudyFile study = StudyFile::in_memory();
    std::stop_source stop;
    const auto sink = [&](const Progress& progress) {
      if (progress.stage == stage && progress.done == after) stop.request_stop();
    };
    StudyData own = test::study_data(options);
    EXPECT_EQ(run_design(own, options, study, {sink, stop.get_token()}).end,
              DesignEnd::interrupted);
    EXPECT_LE(study.trial_count(), whole.study.trial_count());
    StudyData again = test::study_data(options);
    EXPECT_EQ(run_design(again, options, study, {}).end, DesignEnd::complete);
    EXPECT_EQ(canonical_export(study), canonical_export(whole.study));
  }
}

}  // namespace
}  // namespace cupel
