#include "cupel/study/compare/run_compare.hpp"

#include <gtest/gtest.h>

#include <set>

#include "cupel/base/error.hpp"
#include "cupel/study/compare/compare_splits.hpp"
#include "tests/study/support.hpp"

namespace cupel {
namespace {

CompareOptions quick_comparison() {
  CompareOptions options{.recipes = {"qnn"}, .repeats = 3, .design = test::quick_options()};
  options.design.trials = 8;
  options.design.confirm = 1;
  return options;
}

TEST(CompareSplits, RandomOnesDifferAndKeepEveryRow) {
  const StudyData data = test::study_data(test::quick_options());
  const auto splits = compare_splits(data.data, {.repeats = 3});
  ASSERT_EQ(splits.size(), 3u);
  EXPECT_NE(splits[0].test, splits[1].test);
  for (const RowChoice& rows : splits) {
    std::set<int> all(rows.design.begin(), rows.design.end());
    all.insert(rows.test.begin(), rows.test.end());
    EXPECT_EQ(static_cast<int>(all.size()), data.data.rows);
    EXPECT_EQ(rows.design.size() + rows.test.size(), all.size());
  }
}

TEST(CompareSplits, OrderedOnesNeverTrainOnTheFuture) {
  const StudyData data = test::study_data(test::quick_options());
  const auto splits = compare_splits(data.data, {.repeats = 4, .ordered = true, .gap = 2});
  std::set<int> tested;
  for (const RowChoice& rows : splits) {
    EXPECT_EQ(rows.design.back() + 2, rows.test.front() - 1);
    tested.insert(rows.test.begin(), rows.test.end());
  }
  EXPECT_EQ(static_cast<int>(tested.size()), data.data.rows - data.data.rows / 2);
  EXPECT_THROW(compare_splits(data.data, {.repeats = 80, .ordered = true}), Error);
}

TEST(RunCompare, ScoresEveryMethodOnEverySplit) {
  const CompareOptions options = quick_comparison();
  StudyFile file = StudyFile::in_memory();
  const CompareRun run = run_compare(test::plant(90), options, file, {}, {});
  EXPECT_FALSE(run.interrupted);
  for (const MethodScores& method : run.comparison.methods) {
    EXPECT_FALSE(failed_somewhere(method)) << method.name;
    EXPECT_EQ(method.splits.size(), 3u);
    for (const MethodScore& score : method.splits) EXPECT_GT(score.error, 0) << method.name;
  }
  EXPECT_GT(mean_parameters(run.comparison.methods.front()), 0);
}

TEST(RunCompare, OneSplitIsTheDesignOfItsRows) {
  const CompareOptions options = quick_comparison();
  StudyFile file = StudyFile::in_memory();
  const CompareRun run = run_compare(test::plant(90), options, file, {}, {});
  const MethodScore& score = run.comparison.methods.front().splits.front();
  const double spread = run.comparison.targets.front().spread;
  EXPECT_DOUBLE_EQ(score.error, score.test.front().rmse / spread);
}

TEST(RunCompare, IsTheSameForAnyThreadsAndAfterBeingCutOff) {
  CompareOptions options = quick_comparison();
  const auto result = [&](int jobs, int kept) {
    options.design.jobs = jobs;
    StudyFile file = StudyFile::in_memory();
    if (kept > 0) {
      std::stop_source stop;
      const auto sink = [&](const Progress& progress) {
        if (progress.done >= kept) stop.request_stop();
      };
      EXPECT_TRUE(run_compare(test::plant(90), options, file, sink, stop.get_token()).interrupted);
    }
    Comparison comparison = run_compare(test::plant(90), options, file, {}, {}).comparison;
    for (MethodScores& method : comparison.methods)
      for (MethodScore& score : method.splits) score.elapsed_s = score.energy_j = 0;
    return dump_json(to_json(comparison));
  };
  const std::string once = result(1, 0);
  EXPECT_EQ(result(2, 0), once);
  EXPECT_EQ(result(1, 4), once);
}

TEST(RunCompare, NamesARecipeThatDoesNotExist) {
  EXPECT_EQ(compared_recipes(" qnn , qnn"), std::vector<std::string>{"qnn"});
  EXPECT_THROW(compared_recipes("qnn,nothing"), Error);
}

}  // namespace
}  // namespace cupel
