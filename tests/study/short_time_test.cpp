#include "cupel/study/short_time.hpp"

#include <gtest/gtest.h>

#include <map>

#include "cupel/study/held_out.hpp"
#include "tests/study/support.hpp"

namespace cupel {
namespace {

/// A finished design whose last trainings are then taken away again.
class ShortTime : public testing::Test {
 protected:
  ShortTime()
      : done_(test::quick_options()),
        context_{&done_.data, &done_.options, {}},
        runner_(done_.study, find_recipe("qnn"), context_, {}),
        run_{&done_.data,  context_, &find_recipe("qnn"), &done_.study, &runner_, {},
             Clock::now(), false,    done_.result} {
    for (const Trial& trial : done_.study.trials())
      if (const Json* of = trial.measures.find("confirms"))
        for (const FrontMember& member : run_.result.front)
          if (of->as_integer() == member.trial && trial.measures.at("repeat").as_integer() == 1)
            confirmed_[member.trial] = *done_.study.trial(trial.number);
    for (const FrontMember& member : run_.result.front)
      scored_.push_back(confirmed_.at(member.trial));
  }

  void lose(int member) { run_.result.front[static_cast<std::size_t>(member)].networks.clear(); }
  void keep() { keep_what_was_trained(run_, 1, scored_); }

  test::DesignRun done_;
  RecipeContext context_;
  TrialRunner runner_;
  DesignRun run_;
  std::map<int, Trial> confirmed_;
  std::vector<Trial> scored_;
};

TEST_F(ShortTime, ChangesNothingWhereAllWasTrained) {
  keep();
  EXPECT_EQ(run_.result.front.size(), done_.result.front.size());
  EXPECT_EQ(run_.result.end, DesignEnd::complete);
  EXPECT_EQ(run_.result.why, done_.result.why);
}

TEST_F(ShortTime, DropsWhatWasNotTrainedBesideThePick) {
  ASSERT_GT(run_.result.front.size(), 1u);
  const int pick = picked_member(run_.result).trial, other = run_.result.picked == 0 ? 1 : 0;
  const int lost = run_.result.front[static_cast<std::size_t>(other)].trial;
  lose(other);
  keep();
  EXPECT_EQ(run_.result.front.size(), done_.result.front.size() - 1);
  EXPECT_EQ(picked_member(run_.result).trial, pick);
  EXPECT_EQ(run_.result.end, DesignEnd::time_limit);
  for (const FrontMember& member : run_.result.front) {
    EXPECT_NE(member.trial, lost);
    EXPECT_FALSE(member.networks.empty());
  }
  for (const Choice& choice : run_.result.other_choices)
    EXPECT_LT(choice.index, static_cast<int>(run_.result.front.size()));
}

TEST_F(ShortTime, LetsTheNetworkOfAFoldStandForThePick) {
  lose(run_.result.picked);
  keep();
  EXPECT_EQ(run_.result.end, DesignEnd::time_limit);
  EXPECT_NE(run_.result.why.find("one fold"), std::string::npos);
  EXPECT_EQ(run_.result.front.size(), done_.result.front.size());
  // It predicts as it did in its fold, by the encoder that the data have now.
  const FoldData& fold = done_.data.repeats[1].front();
  const FrontMember& pick = picked_member(run_.result);
  const Matrix expected =
      predict_values(fold.encoder,
                     find_recipe("qnn").members(context_, confirmed_.at(pick.trial),
                                                {confirmed_.at(pick.trial).networks.front()}),
                     fold.validation_inputs);
  std::vector<int> rows;
  for (const int position : fold.validation_rows)
    rows.push_back(done_.data.split.design[static_cast<std::size_t>(position)]);
  const Matrix inputs = encode_inputs(done_.data.encoder, done_.data.data.inputs, rows);
  EXPECT_EQ(predict_values(done_.data.encoder, pick.networks, inputs), expected);
}

TEST_F(ShortTime, OfOneOfSeveralRecipesLeavesNothingWithoutItsPick) {
  run_.part = true;
  lose(run_.result.picked);
  keep();
  EXPECT_TRUE(run_.result.front.empty());
  EXPECT_EQ(run_.result.picked, -1);
}

TEST_F(ShortTime, WithoutANetworkNamesTheStudyToGoOnWith) {
  try {
    no_time_for_a_network(done_.study);
    FAIL();
  } catch (const OutOfTime& error) {
    EXPECT_NE(error.hint().find("cupel resume"), std::string::npos);
  }
}

}  // namespace
}  // namespace cupel
