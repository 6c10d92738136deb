#include <gtest/gtest.h>

#include <array>

#include "cupel/study/held_out.hpp"
#include "cupel/training/train.hpp"
#include "tests/study/support.hpp"

namespace cupel {
namespace {

/// 6 inputs and 5 targets, as the published electrodeposition data.
Table wide_table(int rows) {
  Rng rng(3);
  Table table;
  table.source = "wide.csv";
  table.rows = rows;
  for (int c = 0; c < 11; ++c) {
    std::vector<double> values;
    for (int row = 0; row < rows; ++row) values.push_back(rng.normal());
    table.columns.push_back(
        test::number_column((c < 6 ? "x" : "y") + std::to_string(c), std::move(values)));
  }
  return table;
}

DesignOptions published(std::vector<std::string> targets) {
  DesignOptions options;
  options.roles.targets = std::move(targets);
  options.protocol = "as-published";
  return options;
}

class Published : public testing::Test {
 protected:
  DesignOptions options_ = published({"y6", "y7", "y8", "y9", "y10"});
  StudyData data_ = test::study_data(options_, wide_table(60));
  RecipeContext context_{&data_, &options_, {}};
  const Recipe& qnn_ = find_recipe("qnn");
};

TEST_F(Published, CountsWeightsAsTheSourceDoes) {
  const auto weights = [&](double layers, double first, double second) {
    return parameter_count(qnn_.plan(context_, {layers, first, second, 0, 0, 0}).topology);
  };
  EXPECT_EQ(weights(1, 1, 9), 17);
  EXPECT_EQ(weights(1, 2, 9), 29);
  EXPECT_EQ(weights(1, 15, 9), 185);
  EXPECT_EQ(weights(2, 12, 17), 395);
}

TEST_F(Published, SearchesTheSourcesSpaceAndNothingElse) {
  const Space space = qnn_.space(context_);
  ASSERT_EQ(space.size(), 6);
  const std::array<std::tuple<const char*, double, double>, 3> counts = {
      {{"hidden_layers", 1, 2}, {"neurons_1", 1, 20}, {"neurons_2", 1, 20}}};
  for (const auto& [name, low, up] : counts) {
    const int at = space.find(name);
    ASSERT_GE(at, 0) << name;
    EXPECT_EQ(space.genes[at].kind, GeneKind::integer);
    EXPECT_EQ(space.genes[at].low, low);
    EXPECT_EQ(space.genes[at].up, up);
  }
  using Labels = std::vector<std::string>;
  EXPECT_EQ(space.genes[space.find("activation_1")].labels, (Labels{"tanh", "logistic"}));
  EXPECT_EQ(space.genes[space.find("activation_2")].labels, (Labels{"tanh", "logistic"}));
  EXPECT_EQ(space.genes[space.find("output_activation")].labels,
            (Labels{"linear", "tanh", "logistic"}));
  EXPECT_EQ(space.find("log10_ridge"), -1);
}

TEST_F(Published, SearchesWithTheSourcesOperators) {
  const MethodOptions search = qnn_.search_options(context_);
  EXPECT_EQ(search.population, 20);
  EXPECT_EQ(search.generations, 10);
  EXPECT_TRUE(search.thesis_operators);
  EXPECT_EQ(search.crossover_probability, 0.8);
  EXPECT_EQ(search.mutation_probability, 0.17);
  EXPECT_EQ(search.jumping_gene_probability, 0);
  EXPECT_TRUE(search.first.empty());
  EXPECT_EQ(plan_budget(qnn_, context_).trials, 200);
}

TEST_F(Published, ScalesLikeTheSource) {
  EXPECT_NEAR(data_.design_inputs.minCoeff(), -0.9, 1e-12);
  EXPECT_NEAR(data_.design_inputs.maxCoeff(), 0.9, 1e-12);
  EXPECT_NEAR(data_.design_targets.minCoeff(), -0.9, 1e-12);
  EXPECT_NEAR(data_.design_targets.maxCoeff(), 0.9, 1e-12);
}

TrainOptions source_settings() {
  TrainOptions options;
  options.optimizer = Optimizer::bfgs;
  options.starts = 10;
  options.max_iterations = 200;
  options.max_step = 10;
  options.gradient_tolerance = 1e-3;
  options.initial_range = 0.5;
  return options;
}

Trial run(const Recipe& recipe, const RecipeContext& context, Candidate candidate) {
  Trial trial{.number = 0, .seed = 77, .candidate = std::move(candidate)};
  recipe.run(context, 0, trial);
  return trial;
}

TEST_F(Published, TrainsWithTheSourcesSettings) {
  const Trial trial = run(qnn_, context_, {2, 3, 2, 0, 1, 1});
  ASSERT_EQ(trial.state, TrialState::complete);
  const Topology topology = qnn_.plan(context_, trial.candidate).topology;
  const TrainResult own = train(topology, PackedSamples(data_.design_inputs, data_.design_targets),
                                nullptr, source_settings(), trial.seed);
  EXPECT_EQ(trial.networks.at(0).parameters, own.network.parameters);
}

TEST_F(Published, KeepsALogisticOutputAsTheTanhThatPredictsTheSame) {
  const Trial trial = run(qnn_, context_, {1, 4, 1, 0, 0, 2});
  ASSERT_EQ(trial.state, TrialState::complete);
  const Mlp& kept = trial.networks.at(0);
  EXPECT_EQ(kept.topology.layers.back().activation, Activation::tanh);
  Topology logistic = kept.topology;
  logistic.layers.back().activation = Activation::logistic;
  const Matrix shifted = 0.5 + 0.5 * data_.design_targets.array();  // in [0.05, 0.95]
  EXPECT_NEAR(shifted.minCoeff(), 0.05, 1e-12);
  const TrainResult own = train(logistic, PackedSamples(data_.design_inputs, shifted), nullptr,
                                source_settings(), trial.seed);
  const Matrix expected = 2 * predict(own.network, data_.design_inputs).array() - 1;
  EXPECT_LT((predict(kept, data_.design_inputs) - expected).cwiseAbs().maxCoeff(), 1e-12);
  const double mse =
      (expected - data_.design_targets).squaredNorm() / static_cast<double>(expected.size());
  EXPECT_NEAR(trial.measures.at("train_mse").as_number(), mse, 1e-12);
}

TEST_F(Published, ScoresTrainingErrorAndTestRows) {
  const Trial trial = run(qnn_, context_, {1, 2, 1, 1, 0, 0});
  const Mlp& network = trial.networks.at(0);
  const double mse = (predict(network, data_.design_inputs) - data_.design_targets).squaredNorm() /
                     static_cast<double>(data_.design_targets.size());
  const Matrix predicted = decode_targets(data_.encoder, predict(network, data_.test_inputs));
  double index = 0;
  for (int t = 0; t < 5; ++t) {
    const Vector measured = data_.test_values.col(t), own = predicted.col(t);
    const Vector m = measured.array() - measured.mean(), p = own.array() - own.mean();
    const double nmse = (own - measured).squaredNorm() / m.squaredNorm();
    index += (m.dot(p) / (m.norm() * p.norm()) - (mse + nmse)) / 5;
  }
  EXPECT_NEAR(trial.score.objectives.at(0), 1 - index, 1e-12);
  EXPECT_EQ(trial.score.objectives.at(1), 29);
}

TEST(PerfIndex, GivesThePublishedFigures) {
  EXPECT_NEAR(perf_index(0.71685, 0.32106, 0.37992), 0.01587, 5e-6);
  EXPECT_NEAR(perf_index(0.99757, 0.00134, 0.00397), 0.99226, 5e-6);
  EXPECT_NEAR(perf_index(0.789, 0.109, 0.044), 0.636, 5e-4);
  EXPECT_NEAR(perf_index(0.956, 0.016, 0.012), 0.928, 5e-4);
}

TEST(PerfIndex, AveragesOverTargetsAndCountsAConstantTargetAsUnexplained) {
  Encoder encoder;
  encoder.targets = {{.factor = 2}, {.factor = 1}};
  Matrix measured(3, 2), predicted(3, 2);
  measured << 1, 5, 2, 5, 3, 5;
  predicted << 1, 5, 2, 6, 3, 5;
  // First target: perfect. Second: r = 0, MSE 1/3, NMSE 1.
  EXPECT_NEAR(performance_index(encoder, measured, predicted, std::nullopt),
              (1 + (0 - (1.0 / 3 + 1))) / 2, 1e-12);
  EXPECT_NEAR(performance_index(encoder, measured, predicted, 0.25),
              ((1 - 0.25) + (0 - (0.25 + 1))) / 2, 1e-12);
}

class Honest : public testing::Test {
 protected:
  DesignOptions options_ = test::quick_options({"zeta", "alpha"});
  StudyData data_ = test::study_data(options_);
  RecipeContext context_{&data_, &options_, {}};
  const Recipe& qnn_ = find_recipe("qnn");
};

TEST_F(Honest, AddsARidgeTheLengthOfTrainingAndAFlagForEachInput) {
  options_.iterations = 0;
  options_.max_neurons = 0;
  const Space space = qnn_.space(context_);
  EXPECT_EQ(space.size(), 6 + 2 + 3);
  const Gene& ridge = space.genes[space.find("log10_ridge")];
  EXPECT_EQ(ridge.kind, GeneKind::real);
  EXPECT_EQ(ridge.low, -3);
  EXPECT_EQ(ridge.up, 2);
  for (const char* input : {"x1", "x2", "x3"})
    EXPECT_GE(space.find(std::string("use ") + input), 0);
  EXPECT_EQ(space.genes[space.find("output_activation")].labels,
            std::vector<std::string>{"linear"});
  EXPECT_EQ(space.genes[space.find("neurons_1")].up, 20);
  const std::vector<double> lengths = space.genes[space.find("iterations")].values;
  ASSERT_EQ(lengths.size(), 2u);  // a short training and a long one
  EXPECT_GE(lengths[1], 3 * lengths[0]);
}

TEST_F(Honest, FollowsTheUsersLimits) {
  options_.hidden_layers = 1;
  const Space space = qnn_.space(context_);
  EXPECT_EQ(space.genes[space.find("neurons_2")].up, 5);
  EXPECT_EQ(space.genes[space.find("hidden_layers")].up, 1);
  EXPECT_EQ(space.genes[space.find("iterations")].values, std::vector<double>{25});
}

TEST_F(Honest, OpensWithCandidatesOfItsSpaceHalfOfThemWithAllInputs) {
  const Space space = qnn_.space(context_);
  int full = 0;
  const auto first = qnn_.search_options(context_).first;
  for (Candidate candidate : first) {
    ASSERT_EQ(static_cast<int>(candidate.size()), space.size());
    const Candidate before = candidate;
    repair(space, candidate);
    EXPECT_EQ(candidate, before);
    full += before[8] + before[9] + before[10] == 3;
  }
  EXPECT_GE(full * 2, static_cast<int>(first.size()));
}

TEST_F(Honest, ANetworkReadsOnlyTheInputsThatTheCandidateUses) {
  Candidate candidate = test::honest_candidate(3);
  candidate[9] = 0;
  const NetworkPlan plan = qnn_.plan(context_, candidate);
  EXPECT_EQ(plan.features, (std::vector{0, 2}));
  EXPECT_EQ(plan.topology.inputs, 2);
  EXPECT_EQ(plan.ridge, 1);
  EXPECT_EQ(plan.iterations, 25);
}

TEST_F(Honest, ANetworkWithoutInputsIsAFailedTrialWithItsReason) {
  Candidate candidate = test::honest_candidate(3);
  candidate[8] = candidate[9] = candidate[10] = 0;
  const Trial trial = run(qnn_, context_, candidate);
  EXPECT_EQ(trial.state, TrialState::failed);
  EXPECT_EQ(trial.reason, "a network without inputs");
  EXPECT_TRUE(trial.score.failed);
}

TEST_F(Honest, ScoresEveryDesignRowOnceByTheFoldThatDidNotTrainOnIt) {
  const Trial trial = run(qnn_, context_, test::honest_candidate(3));
  ASSERT_EQ(trial.state, TrialState::complete);
  ASSERT_EQ(trial.networks.size(), 3u);
  const auto rows = data_.design_values.rows();
  Matrix predicted(rows, 2);
  std::vector<int> seen(static_cast<std::size_t>(rows));
  for (std::size_t k = 0; k < 3; ++k) {
    const FoldData& fold = data_.repeats[0][k];
    const Matrix own =
        decode_targets(fold.encoder, predict(trial.networks[k], fold.validation_inputs));
    for (std::size_t i = 0; i < fold.validation_rows.size(); ++i) {
      predicted.row(fold.validation_rows[i]) = own.row(static_cast<int>(i));
      ++seen[fold.validation_rows[i]];
    }
  }
  EXPECT_EQ(seen, std::vector<int>(seen.size(), 1));
  for (int t = 0; t < 2; ++t) {
    const Vector off = predicted.col(t) - data_.design_values.col(t);
    const Json& figures = trial.measures.at("validation").at(data_.data.targets[t].name);
    EXPECT_NEAR(figures.at("rmse").as_number(),
                std::sqrt(off.squaredNorm() / static_cast<double>(rows)), 1e-12);
  }
  double mean = 0;
  for (double error : trial.measures.at("block_errors").as_numbers())
    mean += error / static_cast<double>(rows);  // fewer rows than blocks: one row each
  EXPECT_NEAR(mean, trial.measures.at("nmse").as_number(), 1e-12);
}

TEST_F(Honest, TheSameSeedGivesTheSameNetworks) {
  const Trial one = run(qnn_, context_, test::honest_candidate(4));
  const Trial two = run(qnn_, context_, test::honest_candidate(4));
  for (std::size_t k = 0; k < 3; ++k)
    EXPECT_EQ(one.networks.at(k).parameters, two.networks.at(k).parameters);
}

TEST(Recipes, AnUnknownNameIsRefusedWithTheList) {
  try {
    find_recipe("qnnn");
    FAIL();
  } catch (const std::exception& error) {
    EXPECT_NE(std::string(error.what()).find("qnnn"), std::string::npos);
  }
}

TEST(RowsOfRepeat, AreThinnedEvenlyInTheSearchOfLargeDataAlone) {
  Matrix rows(3 * kSearchRows, 1);
  for (Eigen::Index k = 0; k < rows.rows(); ++k) rows(k, 0) = static_cast<double>(k);
  const Matrix searched = rows_of_repeat(rows, 0);
  ASSERT_EQ(searched.rows(), kSearchRows);
  for (Eigen::Index k = 0; k < searched.rows(); ++k) ASSERT_EQ(searched(k, 0), 3.0 * k);
  EXPECT_EQ(rows_of_repeat(rows, 1), rows);
  EXPECT_EQ(rows_of_repeat(rows.topRows(kSearchRows), 0), rows.topRows(kSearchRows));
}

}  // namespace
}  // namespace cupel
