// What every recipe keeps to, and the checks of the sources.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "cupel/study/held_out.hpp"
#include "cupel/study/recipes/six_step.hpp"
#include "tests/study/support.hpp"

namespace cupel {

inline void PrintTo(const Recipe& recipe, std::ostream* out) { *out << recipe.name; }

namespace {

DesignOptions quick(std::string_view recipe, std::vector<std::string> targets = {"zeta"}) {
  DesignOptions options = test::quick_options(std::move(targets));
  options.recipe = recipe;
  options.trials = 10;
  options.population = 4;
  options.confirm = 1;
  options.folds = 2;
  options.iterations = 20;
  options.max_neurons = 4;
  return options;
}

class EveryRecipe : public testing::TestWithParam<Recipe> {
 protected:
  std::string name() const { return std::string(GetParam().name); }
};

TEST_P(EveryRecipe, GivesTheSameBytesForAnyNumberOfThreads) {
  DesignOptions one = quick(name()), two = one;
  two.jobs = 2;
  EXPECT_EQ(canonical_export(test::DesignRun(one).study),
            canonical_export(test::DesignRun(two).study));
}

TEST_P(EveryRecipe, GoesOnWhereItWasKilled) {
  const test::DesignRun whole(quick(name()));
  std::vector<Trial> some = whole.study.trials(true);
  some.resize(some.size() / 2);
  const test::DesignRun resumed(quick(name()), test::plant(90), some);
  EXPECT_EQ(canonical_export(resumed.study), canonical_export(whole.study));
}

TEST_P(EveryRecipe, PredictsSeveralTargetsAndTheModelIsThePick) {
  const test::DesignRun run(quick(name(), {"zeta", "alpha"}));
  const FrontMember& pick = picked_member(run.result);
  EXPECT_EQ(pick.validation.size(), 2u);
  for (const TestVector& one : run.result.model.test_vectors) EXPECT_EQ(one.outputs.size(), 2u);
  EXPECT_NO_THROW(check_test_vectors(run.result.model, "model"));
}

TEST_P(EveryRecipe, RunsAsPublished) {
  DesignOptions options = quick(name());
  options.protocol = "as-published";
  options.starts = 1;
  EXPECT_GE(test::DesignRun(options).result.picked, 0);
}

INSTANTIATE_TEST_SUITE_P(Recipes, EveryRecipe, testing::ValuesIn(recipes()), [](const auto& test) {
  std::string name(test.param.name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Recipes, RunWithEverySearchMethod) {
  for (const Method& method : methods()) {
    DesignOptions options = quick("qnn");
    options.search = method.name;
    EXPECT_EQ(test::DesignRun(options).result.trials.size(), 10u) << method.name;
  }
}

TEST(SixStep, RangeOfNeuronsIsThePublishedOne) {
  EXPECT_EQ(neuron_range(60, 3, 1).many_data, 1);
  EXPECT_EQ(neuron_range(60, 3, 1).few_data, 7);
  EXPECT_EQ(neuron_range(60, 3, 1).up, 7);
  EXPECT_EQ(neuron_range(2097, 3, 3).many_data, 104);  // 104.85
  EXPECT_EQ(neuron_range(2097, 3, 3).up, 104);
}

TEST(SixStep, EmptyRangeFallsBackAndSaysSo) {
  const NeuronRange range = neuron_range(5, 20, 1);
  EXPECT_TRUE(range.fallback);
  EXPECT_EQ(range.up, 41);
}

TEST(SixStep, SecondLayerIsLessThanAThirdOfTheFirst) {
  const auto pairs = neuron_pairs(200, 3, 1, 20);
  EXPECT_FALSE(pairs.empty());
  for (const auto& [first, second] : pairs) {
    EXPECT_GT(first, 3 * second);
    EXPECT_LE(3 * first + first * second + second, 100);
  }
}

TEST(SixStep, NamesTheStepOfEverySimulation) {
  DesignOptions options = quick("six-step");
  options.trials = 0;
  options.hidden_layers = 1;
  std::set<std::string> steps;
  const test::DesignRun run(options);
  for (const Trial& trial : run.result.trials)
    steps.insert(trial.measures.at("step").as_string().substr(0, 2));
  EXPECT_EQ(steps, (std::set<std::string>{"1.", "2.", "3.", "4."}));
}

TEST(Evolution, TrainsNoNetworkTwiceAndNamesParents) {
  DesignOptions options = quick("evolution");
  options.trials = 24;
  options.max_neurons = 2;
  const test::DesignRun run(options);
  std::set<Candidate> different;
  int bred = 0;
  for (const Trial& trial : run.result.trials) {
    EXPECT_TRUE(different.insert(trial.candidate).second);
    EXPECT_FALSE(trial.candidate[0] == 0 && trial.candidate[1] > 0) << "not the one form";
    const Json* parents = trial.measures.find("parents");
    if (!parents) continue;
    ++bred;
    for (const Json& parent : parents->as_array()) EXPECT_LT(parent.as_integer(), trial.number);
  }
  EXPECT_GT(bred, 5);
}

TEST(Namdm, SearchesAlphaUnlessTheLossIsGiven) {
  DesignOptions options = quick("namdm");
  const StudyData data = test::study_data(options);
  const RecipeContext context{&data, &options, {}};
  EXPECT_EQ(find_recipe("namdm").space(context).find("alpha"), 3);
  options.loss = "huber";
  EXPECT_EQ(find_recipe("namdm").space(context).find("alpha"), -1);
}

TEST(Qnsnn, IndexIsThePublishedOne) {
  EXPECT_NEAR(perf_index(0.789, 0.109, 0.044), 0.636, 1e-9);
  EXPECT_NEAR(perf_index(0.956, 0.016, 0.012), 0.928, 1e-9);
}

TEST(Qnsnn, CountsTheNeuronsOfTheNetworksThatAreThere) {
  const test::DesignRun run(quick("qnsnn", {"zeta", "alpha"}));
  for (const Trial& trial : run.result.trials) {
    if (trial.state != TrialState::complete) continue;
    double neurons = 0;
    for (int k = 0; k < trial.candidate[0]; ++k) neurons += trial.candidate[1 + k];
    EXPECT_EQ(trial.score.objectives[1], neurons);
  }
}

}  // namespace
}  // namespace cupel
