// The promise: scalers, search, scores and stopping see training and validation rows only.
#include <gtest/gtest.h>

#include <set>

#include "tests/study/support.hpp"

namespace cupel {
namespace {

/// Writes nonsense into cells of the given dataset rows; other rows get other nonsense.
void overwrite(Table& table, const StudyData& data, const std::vector<int>& rows,
               const std::vector<std::string>& columns) {
  Rng rng(mix_seed({99, static_cast<std::uint64_t>(rows.front())}));
  for (const std::string& name : columns)
    for (int row : rows)
      table.columns[table.find(name)].values[data.data.table_rows[row]] = rng.uniform(-3, 7);
}

class HonestProtocol : public testing::TestWithParam<const char*> {
 protected:
  HonestProtocol() { options_.split = GetParam(); }
  DesignOptions options_ = test::quick_options({"zeta", "alpha"});
};

TEST_P(HonestProtocol, TheTestRowsChangeNothingButTheTestFigures) {
  const test::DesignRun plain(options_, test::plant(90));
  Table garbage = test::plant(90);
  overwrite(garbage, plain.data, plain.data.split.test, {"zeta", "alpha", "x1", "x2", "x3"});
  const test::DesignRun other(options_, garbage);
  ASSERT_EQ(other.data.split.test, plain.data.split.test);
  ASSERT_FALSE(plain.data.split.test.empty());
  // Candidates, seeds, scores, errors, fold networks and the last weights, to the last bit.
  EXPECT_EQ(canonical_export(other.study), canonical_export(plain.study));
  EXPECT_EQ(other.result.picked, plain.result.picked);
  EXPECT_EQ(other.result.why, plain.result.why);
  EXPECT_EQ(other.result.input_effects, plain.result.input_effects);
  ASSERT_EQ(other.result.front.size(), plain.result.front.size());
  for (std::size_t k = 0; k < plain.result.front.size(); ++k) {
    const FrontMember &a = other.result.front[k], &b = plain.result.front[k];
    EXPECT_EQ(a.networks.at(0).network.parameters, b.networks.at(0).network.parameters);
    EXPECT_EQ(a.validation.at(0).rmse, b.validation.at(0).rmse);
    EXPECT_NE(a.test.at(0).rmse, b.test.at(0).rmse);
  }
  for (std::size_t k = 0; k < plain.result.baselines.size(); ++k)
    EXPECT_EQ(other.result.baselines[k].validation.at(0).rmse,
              plain.result.baselines[k].validation.at(0).rmse);
}

TEST_P(HonestProtocol, AFoldsEncoderSeesItsTrainingRowsOnly) {
  options_.log_skewed = false;  // a decision of all design rows' inputs
  const StudyData plain = test::study_data(options_);
  for (std::size_t k = 0; k < plain.repeats[0].size(); ++k) {
    Table garbage = test::plant(90);
    overwrite(garbage, plain, plain.split.folds[k].validation, {"zeta", "alpha", "x1", "x2", "x3"});
    overwrite(garbage, plain, plain.split.test, {"zeta", "alpha", "x1", "x2", "x3"});
    const StudyData other = test::study_data(options_, garbage);
    const FoldData &a = plain.repeats[0][k], &b = other.repeats[0][k];
    EXPECT_EQ(dump_json(to_json(a.encoder)), dump_json(to_json(b.encoder)));
    EXPECT_EQ(a.train_inputs, b.train_inputs);
    EXPECT_EQ(a.train_targets, b.train_targets);
    EXPECT_NE(dump_json(to_json(plain.encoder)), dump_json(to_json(other.encoder)));
  }
}

TEST_P(HonestProtocol, AFoldsEncoderSeesEveryTrainingRow) {
  const StudyData plain = test::study_data(options_);
  Table garbage = test::plant(90);
  const Fold& fold = plain.split.folds[0];
  overwrite(garbage, plain, {fold.train.front()}, {"zeta"});
  const StudyData other = test::study_data(options_, garbage);
  EXPECT_NE(dump_json(to_json(plain.repeats[0][0].encoder)),
            dump_json(to_json(other.repeats[0][0].encoder)));
}

TEST_P(HonestProtocol, ConfirmationsStayInsideTheDesignRows) {
  StudyData data = test::study_data(options_);
  add_repeats(data, 3, 5);
  ASSERT_EQ(data.repeats.size(), 4u);
  const int design = static_cast<int>(data.split.design.size());
  for (const auto& repeat : data.repeats)
    for (const FoldData& fold : repeat)
      for (int row : fold.validation_rows) {
        EXPECT_GE(row, 0);
        EXPECT_LT(row, design);
      }
}

INSTANTIATE_TEST_SUITE_P(Splits, HonestProtocol, testing::Values("random", "ordered"),
                         [](const auto& one) { return std::string(one.param); });

TEST(HonestProtocolGroups, KeepsGroupsTogetherInEveryFold) {
  DesignOptions options = test::quick_options();
  options.roles.group = "batch";
  Table table = test::plant(90);
  std::vector<double> batch;
  for (int row = 0; row < 90; ++row) batch.push_back(row / 6);
  table.columns.push_back(test::number_column("batch", batch));
  const StudyData data = test::study_data(options, table);
  const auto groups = [&](const std::vector<int>& rows) {
    std::set<int> found;
    for (int row : rows) found.insert(data.data.group[row]);
    return found;
  };
  const auto disjoint = [](const std::set<int>& a, const std::set<int>& b) {
    return std::none_of(a.begin(), a.end(), [&](int group) { return b.contains(group); });
  };
  EXPECT_TRUE(disjoint(groups(data.split.design), groups(data.split.test)));
  for (const Fold& fold : data.split.folds)
    EXPECT_TRUE(disjoint(groups(fold.train), groups(fold.validation)));
}

}  // namespace
}  // namespace cupel
