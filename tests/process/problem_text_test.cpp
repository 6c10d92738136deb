#include "cupel/process/problem_text.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/error.hpp"
#include "tests/process/linear_model.hpp"

namespace cupel::test {
namespace {

Problem parse(ProblemTexts texts) { return parse_problem(texts, one(linear_model())); }

void expect_refused(ProblemTexts texts, const std::string& culprit) {
  if (texts.maximize.empty()) texts.maximize = {"yield"};
  try {
    parse(std::move(texts));
    ADD_FAILURE() << "taken, though " << culprit;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE((error.message() + " " + error.hint()).find(culprit), std::string::npos)
        << error.message() << " / " << error.hint();
  }
}

TEST(ProblemText, KnowsEveryKindOfVariable) {
  ProblemTexts texts{.vary = {"u=1:5:integer"}, .fix = {"v=3"}, .maximize = {"yield"}};
  Problem problem = parse(texts);
  EXPECT_EQ(problem.variables[0].gene.kind, GeneKind::integer);
  EXPECT_EQ(problem.variables[1].value, 3);
  problem = parse({.vary = {"u={4, 2,9}"}, .disturb = {"v=1:2"}, .maximize = {"yield"}});
  EXPECT_EQ(problem.variables[0].gene.values, (std::vector<double>{2, 4, 9}));
  EXPECT_EQ(problem.variables[1].kind, VariableKind::disturbance);
  problem = parse({.vary = {"u=1:9"}, .current = {"u=8"}, .move = {"u=3"}, .minimize = {"cost"}});
  EXPECT_EQ(problem.variables[0].gene.low, 5);
  EXPECT_EQ(problem.variables[0].gene.up, 9);
  ASSERT_EQ(problem.notes.size(), 1u) << "v is varied over its data";
}

TEST(ProblemText, SaysThatAModelHardlyPredicts) {
  Model model = linear_model();
  const auto notes = [&] {
    return parse_problem({.vary = {"u=1:5", "v=1:2"}, .maximize = {"yield"}}, one(model)).notes;
  };
  model.provenance["validation"]["yield"]["r2"] = 0.05;
  ASSERT_EQ(notes().size(), 1u);
  EXPECT_NE(notes()[0].find("hardly predicts 'yield' (R2 0.05 on held-out rows)"),
            std::string::npos);
  model.provenance["test"]["yield"]["r2"] = 0.5;  // what counts where there is a test
  EXPECT_TRUE(notes().empty());
}

TEST(ProblemText, ReadsLimitsBothWaysRound) {
  const Problem problem = parse({.maximize = {"yield"},
                                 .limits = {"cost<=3", "cost >= 1", "2<=yield<=8", "8>yield",
                                            "u + v <= 2*cost", "u<=3 bar"}});
  EXPECT_EQ(problem.limits[0].up, 3);
  EXPECT_EQ(problem.limits[1].low, 1);
  EXPECT_EQ(problem.limits[2].low, 2);
  EXPECT_EQ(problem.limits[2].up, 8);
  EXPECT_EQ(problem.limits[3].up, 8);
  EXPECT_EQ(problem.limits[4].up, 0);
  EXPECT_EQ(problem.limits[5].up, 3);
}

TEST(ProblemText, NamesTheCulprit) {
  expect_refused({.vary = {"w=1:2"}}, "no model has an input 'w'");
  expect_refused({.limits = {"presure<=3"}}, "there is no 'presure'");
  expect_refused({.maximize = {"yeild"}}, "did you mean 'yield'");
  expect_refused({.vary = {"u=0:inf"}}, "unbounded");
  expect_refused({.vary = {"u=5:1"}}, "above the upper end");
  expect_refused({.vary = {"u=a:b"}}, "'a' is not a number");
  expect_refused({.vary = {"u"}, .fix = {"u=3"}}, "'u' is both varied and fixed");
  expect_refused({.fix = {"u=1", "v=1"}}, "nothing may be set");
  expect_refused({.limits = {"cost<=1", "cost>=3"}}, "'cost<=1' and 'cost>=3' contradict");
  expect_refused({.limits = {"5<=cost<=3"}}, "contradicts itself");
  expect_refused({.limits = {"cost=3"}}, "use <= or >=");
  expect_refused({.limits = {"cost<=(3"}}, "limit 'cost<=(3'");
  expect_refused({.limits = {"u<=3 psi"}}, "'u' is in bar");
  expect_refused({.limits = {"share<=3 t"}, .formulas = {"share = u / v"}}, "has no unit");
  expect_refused({.maximize = {"yield"}, .minimize = {"yield"}}, "contradict each other");
  expect_refused({.move = {"u=3"}}, "the current value of 'u' is not known");
  expect_refused({.formulas = {"a [-] = b + 1", "b [-] = u"}}, "defined later");
  expect_refused({.formulas = {"a [-] = a + 1"}}, "defined later or by itself");
  expect_refused({.confidence = 1.5}, "1.5");
  expect_refused({.confidence = 0.4}, "above 0.5");
  try {
    parse({});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("no objective"), std::string::npos);
  }
}

TEST(ProblemText, SaysWhatAnEngineerTypesWrong) {
  expect_refused({.limits = {"cost"}}, "put the limit in quotes");
  expect_refused({.limits = {"cost<=0,5"}}, "write 0.5");
  expect_refused({.limits = {"5<=4"}}, "both sides are numbers");
  expect_refused({.limits = {"u<=3degC"}}, "'u' is in bar");
  expect_refused({.limits = {"u<=-1 bar"}}, "varied over 0 ... 10 bar");
  expect_refused({.fix = {"u=4"}, .limits = {"u>=5"}}, "fixed at 4 bar");
  expect_refused({.fix = {"u=14"}}, "the model knows 0 ... 10 bar");
  EXPECT_EQ(parse({.maximize = {"yield"}, .limits = {"u<=3bar"}}).limits[0].up, 3);
  EXPECT_NO_THROW(parse({.fix = {"u=14"}, .maximize = {"yield"}, .inside_data = false}));
}

TEST(ProblemText, TellsWhichSettingsMatter) {
  Model model = linear_model();
  model.members[0].features = {0};
  model.members[0].network.topology.inputs = 1;
  model.members[0].network.parameters = Vector(4);
  model.members[0].network.parameters << 1, 2, 0, 0;
  EXPECT_EQ(variables_that_matter(parse_problem({.maximize = {"yield"}}, one(model))),
            (std::vector<bool>{true, false}));
  EXPECT_EQ(
      variables_that_matter(parse_problem({.maximize = {"yield"}, .limits = {"v<=3"}}, one(model))),
      (std::vector<bool>{true, true}));
}

TEST(ProblemText, TomlSaysTheSame) {
  const Json toml = parse_toml(R"(
    models = ["a.model"]
    maximize = ["yield"]
    limits = "cost <= 3"
    confidence = 0.8
    [vary]
    u = [1, 5]
    v = {values = [1, 2, 3]}
    [target]
    yield2 = 7
    [formulas]
    "yield2 [%]" = "2 * yield"
  )",
                               "p.toml");
  const ProblemTexts texts = texts_from_toml(toml, "p.toml");
  EXPECT_EQ(texts.models, std::vector<std::string>{"a.model"});
  const Problem problem = parse(texts);
  EXPECT_EQ(problem.objectives.size(), 2u);
  EXPECT_EQ(problem.formulas[0].unit, "%");
  EXPECT_EQ(problem.confidence, 0.8);
  EXPECT_THROW(texts_from_toml(parse_toml("colour = 3", "p.toml"), "p.toml"), Error);
}

}  // namespace
}  // namespace cupel::test
