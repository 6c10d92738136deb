#include "cupel/trust/covariance.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>

#include "cupel/base/rng.hpp"
#include "cupel/training/train.hpp"
#include "tests/support/network_cases.hpp"

namespace cupel {
namespace {

Matrix normal_matrix(int rows, int columns, std::uint64_t seed) {
  Rng rng(seed);
  return Matrix::NullaryExpr(rows, columns, [&] { return rng.normal(); });
}

Mlp some_network(const Topology& topology, std::uint64_t seed) {
  return {topology, normal_matrix(parameter_count(topology), 1, seed) * 0.6, {}};
}

const Topology kTwoLayers = {3, {{4, Activation::tanh}, {2, Activation::linear}}};

TEST(Covariance, JacobianMeetsFiniteDifferences) {
  Mlp network = some_network({3, {{4, Activation::tanh}, {3, Activation::logistic}, {2, {}}}}, 1);
  network.mask.assign(static_cast<std::size_t>(network.parameters.size()), 1);
  for (const int removed : {2, 7, 20}) {
    network.mask[static_cast<std::size_t>(removed)] = 0;
    network.parameters[removed] = 0;
  }
  const Matrix inputs = test::random_values(600, 3, 2);
  for (int output = 0; output < 2; ++output) {
    const Matrix jacobian = parameter_jacobian(network, inputs, output);
    ASSERT_EQ(jacobian.cols(), network.parameters.size() - 3);
    int column = 0;
    for (int k = 0; k < network.parameters.size(); ++k) {
      if (!network.mask[static_cast<std::size_t>(k)]) continue;
      Mlp up = network, down = network;
      up.parameters[k] += 1e-5;
      down.parameters[k] -= 1e-5;
      const Vector slope = (predict(up, inputs) - predict(down, inputs)).col(output) / 2e-5;
      EXPECT_LT((jacobian.col(column++) - slope).cwiseAbs().maxCoeff(), 1e-8) << k;
    }
  }
}

/// The definitions, with whole Jacobians and a general inverse.
TEST(Covariance, IsWhatTheDefinitionsSay) {
  Mlp network = some_network(kTwoLayers, 3);
  network.mask.assign(static_cast<std::size_t>(network.parameters.size()), 1);
  network.mask[1] = 0;
  network.parameters[1] = 0;
  const Matrix inputs = test::random_values(700, 3, 4);
  Matrix targets = predict(network, inputs);
  targets.col(0) += 0.1 * normal_matrix(700, 1, 5);
  targets.col(1) += 0.5 * normal_matrix(700, 1, 6);
  const Vector ridge = ridge_diagonal(kTwoLayers, 0.5, 0.01);
  const Covariance found = parameter_covariance(network, inputs, targets, ridge);
  ASSERT_TRUE(found.usable()) << found.problem;
  const Matrix lambda = Vector(ridge(found.parameters)).asDiagonal();
  const Matrix j0 = parameter_jacobian(network, inputs, 0),
               j1 = parameter_jacobian(network, inputs, 1);
  const Matrix g0 = j0.transpose() * j0, g1 = j1.transpose() * j1;
  const Matrix m = (g0 + g1 + lambda).inverse();
  EXPECT_LT((found.inverse - m).cwiseAbs().maxCoeff(), 1e-9 * m.cwiseAbs().maxCoeff());
  const Vector h0 = (j0 * m).cwiseProduct(j0).rowwise().sum();
  EXPECT_LT((found.leverages.col(0) - h0).cwiseAbs().maxCoeff(), 1e-9);
  EXPECT_NEAR(found.effective[0], h0.sum(), 1e-8);
  const double s0 = (targets - predict(network, inputs)).col(0).squaredNorm() / (700 - h0.sum());
  EXPECT_NEAR(found.noise[0], s0, 1e-9);
  EXPECT_GT(found.noise[1], 20 * found.noise[0]);
  const Matrix covariance =
      m * (found.noise[0] * g0 + found.noise[1] * g1 + found.noise.mean() * lambda) * m;
  EXPECT_LT((found.covariance - covariance).cwiseAbs().maxCoeff(),
            1e-8 * covariance.cwiseAbs().maxCoeff());
}

TEST(Covariance, OfALinearModelIsTheTextbookOne) {
  const Topology topology = {2, {{1, Activation::linear}}};
  const Matrix inputs = normal_matrix(50, 2, 7);
  Mlp network{topology, Vector::Zero(3), {}};
  Matrix design(50, 3);
  design << inputs, Vector::Ones(50);
  const Vector measured = design * Vector::LinSpaced(3, 1, 3) + 0.3 * normal_matrix(50, 1, 8);
  const Matrix inverse = (design.transpose() * design).inverse();
  network.parameters = inverse * design.transpose() * measured;
  const Covariance found = parameter_covariance(network, inputs, measured, Vector::Zero(3));
  ASSERT_TRUE(found.usable());
  EXPECT_NEAR(found.effective[0], 3, 1e-9);
  const double noise = (measured - design * network.parameters).squaredNorm() / 47;
  EXPECT_LT((found.covariance - noise * inverse).cwiseAbs().maxCoeff(), 1e-12);
}

TrainOptions fit_options(const Vector& first) {
  TrainOptions options;
  options.optimizer = Optimizer::levenberg_marquardt;
  options.ridge = 0.02;
  options.bias_ridge = 0.001;
  options.first = {first};
  options.max_iterations = 200;
  options.progress_tolerance = 1e-10;
  return options;
}

/// Refits on data drawn from the network itself: the spread of predictions is what the covariance
/// says, row by row, for outputs of different noise.
TEST(Covariance, AgreesWithAParametricBootstrap) {
  const int rows = 400, draws = 400;
  const Topology topology = {2, {{3, Activation::tanh}, {2, Activation::linear}}};
  Mlp truth{topology, normal_matrix(parameter_count(topology), 1, 9), {}};
  const Matrix inputs = 1.5 * test::random_values(rows, 2, 10);
  const Matrix clean = predict(truth, inputs), places = test::random_values(20, 2, 11);
  Rng rng(12);
  const auto noisy = [&] {
    Matrix targets = clean;
    for (int r = 0; r < rows; ++r) {
      targets(r, 0) += 0.05 * rng.normal();
      targets(r, 1) += 0.2 * rng.normal();
    }
    return targets;
  };
  const Vector ridge = ridge_diagonal(topology, 0.02, 0.001);
  Matrix sum = Matrix::Zero(20, 2), squares = Matrix::Zero(20, 2);
  Matrix said = Matrix::Zero(20, 2);
  for (int draw = 0; draw < draws; ++draw) {
    const Matrix targets = noisy();
    const Mlp fitted =
        train(topology, PackedSamples(inputs, targets), nullptr, fit_options(truth.parameters), 1)
            .network;
    const Matrix outputs = predict(fitted, places);
    sum += outputs;
    squares += outputs.cwiseAbs2();
    if (draw >= 40) continue;
    const Covariance found = parameter_covariance(fitted, inputs, targets, ridge);
    ASSERT_TRUE(found.usable());
    for (int k = 0; k < 2; ++k) {
      const Matrix jacobian = parameter_jacobian(fitted, places, k);
      said.col(k) += (jacobian * found.covariance).cwiseProduct(jacobian).rowwise().sum() / 40;
    }
  }
  const Matrix spread = squares / draws - (sum / draws).cwiseAbs2();
  for (int k = 0; k < 2; ++k) {
    const Vector ratio = said.col(k).cwiseQuotient(spread.col(k)).cwiseSqrt();
    EXPECT_NEAR(ratio.mean(), 1, 0.05) << "output " << k;
    EXPECT_GT(ratio.minCoeff(), 0.8) << "output " << k;
    EXPECT_LT(ratio.maxCoeff(), 1.25) << "output " << k;
  }
}

TEST(Covariance, OfACopiedInputIsAMessageAndNeverANumber) {
  const Topology topology = {3, {{3, Activation::tanh}, {1, Activation::linear}}};
  Matrix inputs = normal_matrix(200, 3, 13);
  inputs.col(2) = 2 * inputs.col(0).array() + 1;
  const Mlp network = some_network(topology, 14);
  const Matrix targets = predict(network, inputs) + 0.1 * normal_matrix(200, 1, 15);
  const Covariance bare =
      parameter_covariance(network, inputs, targets, Vector::Zero(network.parameters.size()));
  EXPECT_FALSE(bare.usable());
  EXPECT_EQ(bare.problem, "the data determine only 13 of the network's 16 parameters");
  EXPECT_EQ(bare.inverse.size() + bare.covariance.size() + bare.noise.size(), 0);
  EXPECT_EQ(dependent_columns(inputs), (std::vector<int>{0, 2}));
  const Covariance ridged =
      parameter_covariance(network, inputs, targets, ridge_diagonal(topology, 1, 1e-3));
  EXPECT_TRUE(ridged.usable()) << "a ridge determines what the data do not";
}

TEST(Covariance, OfAllDummiesOfAGroupIsAMessage) {
  Matrix inputs = Matrix::Zero(120, 4);
  Rng rng(16);
  for (int r = 0; r < 120; ++r) {
    inputs(r, rng.below(3)) = 1;
    inputs(r, 3) = rng.normal();
  }
  const Topology topology = {4, {{2, Activation::tanh}, {1, Activation::linear}}};
  const Mlp network = some_network(topology, 17);
  const Matrix targets = predict(network, inputs) + 0.1 * normal_matrix(120, 1, 18);
  EXPECT_FALSE(parameter_covariance(network, inputs, targets, Vector::Zero(13)).usable());
  EXPECT_EQ(dependent_columns(inputs), (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(dependent_columns(normal_matrix(50, 4, 19)).empty());
}

TEST(Covariance, NeedsMoreRowsThanParameters) {
  const Mlp network = some_network(kTwoLayers, 20);
  const Matrix inputs = normal_matrix(12, 3, 21), targets = normal_matrix(12, 2, 22);
  const Covariance found =
      parameter_covariance(network, inputs, targets, ridge_diagonal(kTwoLayers, 1e-9, 1e-9));
  EXPECT_FALSE(found.usable());
  EXPECT_EQ(found.covariance.size(), 0);
}

TEST(Covariance, OfALargeNetworkIsAMessageAtOnce) {
  const Topology topology = {
      10, {{40, Activation::tanh}, {30, Activation::tanh}, {1, Activation::linear}}};
  const Mlp network = some_network(topology, 26);
  const Covariance found =
      parameter_covariance(network, normal_matrix(5000, 10, 27), normal_matrix(5000, 1, 28),
                           ridge_diagonal(topology, 1, 1));
  EXPECT_EQ(found.problem, "the network has 1701 parameters, and it is worked out for up to 1500");
}

TEST(Covariance, OfARemovedNeuronsParametersIsAMessage) {
  Mlp network = some_network({2, {{2, Activation::tanh}, {1, Activation::linear}}}, 23);
  network.parameters[6] = 0;  // the first neuron's outgoing weight: its inputs do nothing
  const Matrix inputs = normal_matrix(80, 2, 24), targets = normal_matrix(80, 1, 25);
  const Covariance found = parameter_covariance(network, inputs, targets, Vector::Zero(9));
  EXPECT_EQ(found.problem,
            "the data determine only 6 of the network's 9 parameters (3 have no effect on any "
            "row)");
}

}  // namespace
}  // namespace cupel
