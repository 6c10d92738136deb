// Recipes namdm and evolution on rows in time, from the table to predictions of a new file.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "cupel/base/error.hpp"
#include "cupel/study/recipes/window_families.hpp"
#include "tests/study/support.hpp"

namespace cupel {
namespace {

/// y follows u three rows late, hour by hour.
Table delayed_plant(int rows) {
  Rng rng(3);
  std::vector<double> time, u, y;
  double level = 0;
  for (int row = 0; row < rows; ++row) {
    level = 0.5 * level + rng.normal();
    time.push_back(3600.0 * row);
    u.push_back(level);
    y.push_back(row < 3 ? 0 : 2 * u[static_cast<std::size_t>(row - 3)] + 0.05 * rng.normal());
  }
  Table table;
  table.source = "delayed.csv";
  table.rows = rows;
  table.columns = {test::number_column("t", time), test::number_column("u", u),
                   test::number_column("y", y)};
  table.columns[0].kind = ColumnKind::time;
  return table;
}

DesignOptions options_for(const std::string& families) {
  DesignOptions options;
  options.roles = {.targets = {"y"}, .time = "t"};
  options.recipe = "namdm";
  options.families = families;
  options.window = 5;
  options.trials = 8;
  options.population = 4;
  options.confirm = 1;
  options.folds = 2;
  options.max_neurons = 4;
  options.jobs = 1;
  return options;
}

double rmse_of(const DesignResult& result, std::string_view baseline) {
  for (const BaselineResult& one : result.baselines)
    if (one.name == baseline) return one.test.at(0).rmse;
  ADD_FAILURE() << "no baseline " << baseline;
  return 0;
}

TEST(NamdmOnWindows, FindsADelayedInputWithALine) {
  DesignOptions options = options_for("linear");
  options.trials = 24;
  const test::DesignRun run(options, delayed_plant(160));
  EXPECT_LT(picked_member(run.result).test.at(0).rmse, 0.2);
  EXPECT_GT(rmse_of(run.result, "last value"), 1);
  EXPECT_LT(rmse_of(run.result, "ARX"), 0.2);
  // The gap keeps overlapping windows out of the two parts.
  EXPECT_EQ(run.data.split.test.front() - run.data.split.design.back(), 5);
}

TEST(NamdmOnWindows, AModelPredictsAFileOfPlainRows) {
  DesignOptions options = options_for("gru,am-lstm,cnn,mlp");
  options.iterations = 15;
  const test::DesignRun run(options, delayed_plant(160));
  const Model model = parse_model(model_text(run.result.model), "model");
  EXPECT_NO_THROW(check_test_vectors(model, "model"));
  const Prediction prediction = predict(model, run.data.table);
  ASSERT_EQ(prediction.outputs.rows(), 160);
  for (int row = 0; row < 4; ++row) {
    EXPECT_TRUE(std::isnan(prediction.outputs(row, 0)));
    EXPECT_FALSE(prediction.invalid[static_cast<std::size_t>(row)].empty());
  }
  for (std::size_t k = 0; k < run.data.split.test.size(); ++k) {
    const int row = run.data.data.table_rows[static_cast<std::size_t>(run.data.split.test[k])];
    EXPECT_NEAR(prediction.outputs(row, 0),
                run.result.test_predicted(static_cast<Eigen::Index>(k), 0), 1e-9);
    EXPECT_LT(prediction.lower(row, 0), prediction.upper(row, 0));
  }
}

TEST(NamdmOnWindows, DesignsEveryFamilyApartWithEachLoss) {
  DesignOptions options = options_for("linear,gru");
  options.losses = "alpha-mix, mse";
  options.iterations = 15;
  options.trials = 22;  // 5, 6, 5, 6
  const test::DesignRun run(options, delayed_plant(160));
  std::map<std::string, int> trials;
  for (const Trial& trial : run.result.trials) {
    const std::string loss = trial.measures.at("loss").as_string();
    EXPECT_EQ(trial.measures.find("alpha") != nullptr, loss == "alpha-mix");
    ++trials[trial.measures.at("family").as_string() + " " + loss];
  }
  EXPECT_EQ(trials,
            (std::map<std::string, int>{
                {"linear alpha-mix", 5}, {"linear mse", 6}, {"gru alpha-mix", 5}, {"gru mse", 6}}));
}

TEST(NamdmOnWindows, OfEveryFamilyApartIsTheSameForTwoThreadsAndAfterAnInterruption) {
  DesignOptions options = options_for("linear,gru");
  options.losses = "alpha-mix,mse";
  options.iterations = 15;
  options.trials = 22;
  const test::DesignRun one(options, delayed_plant(160));
  options.jobs = 2;
  EXPECT_EQ(canonical_export(test::DesignRun(options, delayed_plant(160)).study),
            canonical_export(one.study));
  const std::vector<Trial> trials = one.study.trials(true);
  for (const std::size_t kept : {3, 8, 20}) {
    const test::DesignRun again(options, delayed_plant(160), std::span(trials).first(kept));
    EXPECT_EQ(canonical_export(again.study), canonical_export(one.study)) << kept << " stored";
  }
}

TEST(NamdmOnWindows, RefusesLossesThatDoNotGoTogether) {
  DesignOptions options = options_for("linear");
  options.losses = "alpha-mix,mae";
  EXPECT_THROW(test::DesignRun(options, delayed_plant(160)), Error);
  options.losses = "mse";
  options.loss = "huber";
  EXPECT_THROW(test::DesignRun(options, delayed_plant(160)), Error);
}

TEST(CalendarInputs, ReachTheModelAndAreMadeAgainToPredict) {
  Table table = delayed_plant(200);
  for (int row = 0; row < 200; ++row)
    table.columns[2].values[static_cast<std::size_t>(row)] += 3 * std::cos(2 * M_PI * row / 24);
  DesignOptions options = options_for("linear");
  options.trials = 16;
  const test::DesignRun blind(options, table);
  EXPECT_TRUE(
      std::any_of(blind.data.findings.begin(), blind.data.findings.end(),
                  [](const Finding& finding) { return finding.code == "calendar_possible"; }));
  options.calendar = true;
  const test::DesignRun run(options, table);
  EXPECT_LT(picked_member(run.result).test.at(0).rmse,
            0.3 * picked_member(blind.result).test.at(0).rmse);
  const Model model = parse_model(model_text(run.result.model), "model");
  EXPECT_EQ(model.calendar.periods, std::vector<std::string>{"day"});
  const Prediction prediction = predict(model, table);
  const int row = run.data.data.table_rows[static_cast<std::size_t>(run.data.split.test.front())];
  EXPECT_NEAR(prediction.outputs(row, 0), run.result.test_predicted(0, 0), 1e-9);
  options.roles.time.clear();
  Table timeless = table;
  timeless.columns[0].kind = ColumnKind::number;
  EXPECT_THROW(test::study_data(options, timeless), Error);
}

TEST(EvolutionOnWindows, BreedsRecurrentFamilies) {
  DesignOptions options = options_for("linear,mlp,gru,am-lstm");
  options.recipe = "evolution";
  options.trials = 24;
  options.population = 8;
  options.iterations = 15;
  const test::DesignRun run(options, delayed_plant(160));
  std::set<std::string> families;
  std::set<Candidate> different;
  for (const Trial& trial : run.result.trials) {
    const std::string structure = trial.measures.at("structure").as_string();
    families.insert(structure.substr(structure.rfind(' ') + 1));
    EXPECT_TRUE(different.insert(trial.candidate).second);
  }
  EXPECT_TRUE(families.contains("gru") && families.contains("am-lstm"));
  const Prediction prediction = predict(run.result.model, run.data.table);
  const int row = run.data.data.table_rows[static_cast<std::size_t>(run.data.split.test.front())];
  EXPECT_NEAR(prediction.outputs(row, 0), run.result.test_predicted(0, 0), 1e-9);
}

TEST(NamdmOnWindows, TakesFewerEpochsWhereRowsAreMany) {
  const auto epochs = [](int rows) {
    const DesignOptions options = options_for("gru");
    const StudyData data = test::study_data(options, delayed_plant(rows));
    const Space space = find_recipe("namdm").space({&data, &options, {}});
    const Gene& gene = space.genes[static_cast<std::size_t>(space.find("epochs"))];
    return std::pair(gene.low, gene.up);
  };
  EXPECT_EQ(epochs(160), std::pair(300.0, 600.0));
  const auto [low, up] = epochs(1500);
  EXPECT_LT(up, 180);  // rows x epochs at most 180,000, of some 1100 design rows
  EXPECT_GT(up, 140);
  EXPECT_NEAR(low, up / 2, 1);
}

TEST(NamdmOnWindows, WarnsOfARandomSplit) {
  DesignOptions options = options_for("linear");
  const auto warned = [&] {
    const StudyData data = test::study_data(options, delayed_plant(60));
    return std::any_of(data.findings.begin(), data.findings.end(), [](const Finding& finding) {
      return finding.code == "window_random_split";
    });
  };
  EXPECT_FALSE(warned());
  options.split = "random";
  EXPECT_TRUE(warned());
}

TEST(NamdmOnWindows, KnowsItsFamilies) {
  const StudyData data = test::study_data(options_for("auto"), delayed_plant(60));
  EXPECT_EQ(families_of(options_for("auto"), data.data).size(), window_families().size());
  EXPECT_EQ(families_of(options_for(" gru, lstm,gru"), data.data),
            (std::vector<std::string>{"gru", "lstm"}));
  EXPECT_THROW(families_of(options_for("gur"), data.data), Error);
}

}  // namespace
}  // namespace cupel
