#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/study/recipes/published_structure.hpp"
#include "cupel/trust/covariance.hpp"
#include "tests/study/support.hpp"

namespace cupel {
namespace {

constexpr int kInputs = 3, kNeurons = 3;
constexpr double kAllowed = 0.3;

DesignOptions paper_options() {
  DesignOptions options;
  options.recipe = "oa-ann";
  options.mode = "paper";
  options.roles.targets = {"zeta"};
  options.roles.ignore = {"alpha"};
  options.folds = 2;
  options.max_neurons = kNeurons;
  options.training_rmse = kAllowed;
  options.population = 10;
  options.generations = 4;
  options.jobs = 1;
  return options;
}

/// The binaries of a trial: its candidate without target and fold.
PublishedStructure structure_of(const Trial& trial) {
  return structure_from(std::span(trial.candidate).subspan(2), kInputs, kNeurons);
}

int count(const std::vector<std::uint8_t>& binaries) {
  return std::accumulate(binaries.begin(), binaries.end(), 0);
}

/// Every constraint of the source on binaries.
void expect_constraints(const PublishedStructure& structure) {
  const std::size_t inputs = structure.inputs.size(), neurons = structure.neurons.size();
  for (std::size_t j = 0; j < neurons; ++j) {
    EXPECT_LE(structure.outward[j], structure.neurons[j]);
    for (std::size_t i = 0; i < inputs; ++i) {
      EXPECT_LE(structure.inward[j * inputs + i], structure.inputs[i]);
      EXPECT_LE(structure.inward[j * inputs + i], structure.neurons[j]);
    }
  }
  for (std::size_t i = 0; i < inputs; ++i) {
    int leaving = 0;
    for (std::size_t j = 0; j < neurons; ++j) leaving += structure.inward[j * inputs + i];
    EXPECT_EQ(structure.inputs[i] == 0, leaving == 0) << "input " << i;
  }
}

TEST(PublishedStructure, IsBroughtIntoItsConstraintsWithoutChangingTheNetwork) {
  Rng rng(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> genes(static_cast<std::size_t>(published_genes(4, 5)));
    for (double& gene : genes) gene = rng.below(2);
    const PublishedStructure structure = constrained(structure_from(genes, 4, 5));
    expect_constraints(structure);
    EXPECT_EQ(genes_of(constrained(structure)), genes_of(structure));
    // Connections that the binaries as drawn let through: A_j P_j and B_ji U_i, of neurons that
    // are reached and reach the output.
    const PublishedStructure drawn = structure_from(genes, 4, 5);
    int expected = 0;
    for (std::size_t j = 0; j < 5; ++j)
      for (std::size_t i = 0; i < 4; ++i)
        expected +=
            drawn.inward[j * 4 + i] && drawn.inputs[i] && drawn.neurons[j] && drawn.outward[j];
    EXPECT_EQ(count(structure.inward), expected);
    if (count(structure.neurons) > 0) {
      // Weights that exist, and biases of neurons and output.
      EXPECT_EQ(connection_count(network_of(structure)),
                expected + 2 * count(structure.neurons) + 1);
    }
  }
}

struct Inner {
  Matrix inputs = Matrix(60, 2), target = Matrix(60, 1);
  Inner() {
    Rng rng(4);
    for (int row = 0; row < 60; ++row) {
      inputs(row, 0) = rng.uniform(-1, 1);
      inputs(row, 1) = rng.uniform(-1, 1);
      target(row, 0) =
          0.5 + 0.3 * std::tanh(inputs(row, 0) - 0.5 * inputs(row, 1)) + 0.02 * rng.normal();
    }
  }
  static Mlp one_neuron() { return network_of({{1, 1}, {1}, {1}, {1, 1}}); }
};

TEST(PublishedInner, IsTheSameByIpoptAndByOurSolver) {
  const Inner data;
  const auto solve = [&](bool ipopt) {
    return solve_inner(Inner::one_neuron(), data.inputs, data.target, {.ipopt = ipopt}, 5);
  };
  EXPECT_NEAR(solve(true).sse, solve(false).sse, 1e-6 * solve(false).sse);
}

TEST(PublishedInner, HasTheVarianceOfTheInverseInformation) {
  const Inner data;
  const InnerSolution solution =
      solve_inner(Inner::one_neuron(), data.inputs, data.target, {.starts = 3}, 5);
  ASSERT_TRUE(solution.identifiable);
  const Matrix jacobian = parameter_jacobian(solution.network, data.inputs, 0);
  const Matrix covariance =
      (jacobian.transpose() * jacobian).llt().solve(Matrix::Identity(5, 5)) * solution.sse / 60;
  EXPECT_NEAR(solution.trace, covariance.trace(), 1e-6 * covariance.trace());
  const Vector variance = (jacobian * covariance).cwiseProduct(jacobian).rowwise().sum();
  EXPECT_NEAR(solution.mean_uncertainty, variance.cwiseSqrt().mean(), 1e-8);
  EXPECT_LT(std::sqrt(solution.sse / 60), 0.03);
}

TEST(PublishedInner, NeverInvertsASingularDesign) {
  Inner data;
  data.inputs.col(1) = data.inputs.col(0);  // a copied column
  const InnerSolution solution = solve_inner(Inner::one_neuron(), data.inputs, data.target, {}, 5);
  EXPECT_FALSE(solution.identifiable);
  EXPECT_EQ(solution.trace, 0);
}

TEST(OaAnnPaper, KeepsEveryPublishedConstraint) {
  const test::DesignRun run(paper_options(), test::plant(80));
  const std::vector<Trial> trials = run.study.trials(true);
  int trained = 0;
  for (const Trial& trial : trials) {
    const PublishedStructure structure = structure_of(trial);
    expect_constraints(structure);
    EXPECT_LE(count(structure.neurons), kNeurons);
    if (trial.state == TrialState::failed) continue;
    ++trained;
    EXPECT_GE(count(structure.neurons), 1);
    const Mlp& network = trial.networks.front();
    EXPECT_EQ(network.topology.layers.front().units, count(structure.neurons));
    EXPECT_EQ(network.topology.layers.back().activation, Activation::tanh);
    EXPECT_LE(network.parameters.cwiseAbs().maxCoeff(), 4);
    for (int k = 0; k < network.parameters.size(); ++k) {
      if (!network.mask[static_cast<std::size_t>(k)]) {
        EXPECT_EQ(network.parameters[k], 0);
      }
    }
  }
  EXPECT_GT(trained, 10);
  // The pick: of those that train to γ′ the one of least Σ diag(cov_p).
  const double factor = run.data.encoder.targets.front().factor;
  double least = std::numeric_limits<double>::infinity();
  int best = -1;
  for (const Trial& trial : trials) {
    if (trial.state == TrialState::failed || trial.candidate[1] >= 0) continue;
    if (trial.measures.at("train_rmse").as_number() > kAllowed * factor) continue;
    if (trial.measures.at("cov_trace").as_number() < least) {
      least = trial.measures.at("cov_trace").as_number();
      best = trial.number;
    }
  }
  EXPECT_EQ(picked_member(run.result).trial, best);
  EXPECT_EQ(run.result.folds.size(), 2);
}

TEST(OaAnnPaper, IsTheSameForTwoThreadsAndAfterAnInterruption) {
  DesignOptions options = paper_options();
  const test::DesignRun one(options);
  options.jobs = 2;
  const std::vector<Trial> trials = one.study.trials(true);
  const test::DesignRun again(options, test::plant(90), std::span(trials).first(17));
  EXPECT_EQ(canonical_export(again.study), canonical_export(one.study));
  EXPECT_EQ(again.result.why, one.result.why);
}

TEST(OaAnnPaper, StopsWhenTheParameterVarianceFallsNoMore) {
  DesignOptions options = paper_options();
  options.inner = "own";
  options.generations = 100;
  options.max_neurons = 1;  // few structures: the best is soon there
  options.training_rmse = 0.5;
  const test::DesignRun run(options);
  // Ten generations without a fall of 1 % end it; repeated structures cost nothing.
  EXPECT_LE(run.result.trials.size(), 8);
  EXPECT_NE(run.result.why.find("generations"), std::string::npos);
  EXPECT_EQ(run.result.why.find("in 100 generations"), std::string::npos) << run.result.why;
}

TEST(OaAnnPaper, SaysSoWhenNoStructureTrainsToTheErrorAskedFor) {
  DesignOptions options = paper_options();
  options.training_rmse = 1e-9;
  options.inner = "own";
  options.generations = 2;
  try {
    const test::DesignRun run(options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::infeasible);
    EXPECT_NE(error.hint().find("--training-rmse"), std::string::npos);
  }
}

TEST(OaAnnPaper, RefusesOptionsOfTheElimination) {
  for (const auto change :
       {+[](DesignOptions& o) { o.ridge = 1; }, +[](DesignOptions& o) { o.average = 2; },
        +[](DesignOptions& o) { o.max_connections = 20; },
        +[](DesignOptions& o) { o.choose = "compact"; }}) {
    DesignOptions options = paper_options();
    EXPECT_NO_THROW(check_options(options));
    change(options);
    EXPECT_THROW(check_options(options), Error);
  }
}

}  // namespace
}  // namespace cupel
