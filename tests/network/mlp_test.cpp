#include "cupel/network/mlp/mlp.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/error.hpp"
#include "tests/support/naive_mlp.hpp"
#include "tests/support/network_cases.hpp"

namespace cupel {
namespace {

using namespace test;

Mlp sample_network() {
  Mlp network{{2, {{3, Activation::tanh}, {1, Activation::linear}}}, {}, {}};
  network.parameters = random_values(13, 1, 1);
  network.mask.assign(13, 1);
  network.mask[4] = 0;
  network.parameters[4] = 0;
  return network;
}

bool smooth(const NetworkCase& one) {
  for (const Layer& layer : one.topology.layers)
    if (layer.activation == Activation::clipped_symmetric ||
        layer.activation == Activation::clipped_unit)
      return false;
  return true;
}

TEST(Mlp, GradientMatchesFiniteDifferences) {
  const double h = 1e-5;
  std::uint64_t seed = 0;
  for (const NetworkCase& one : network_cases()) {
    if (!smooth(one)) continue;  // the naive twin checks the kinks
    SCOPED_TRACE(one.text());
    const CaseData data = case_data(one, ++seed);
    MlpEvaluator evaluator(one.topology);
    Vector gradient(data.parameters.size()), at = data.parameters;
    evaluator.loss_gradient(at, data.samples, one.loss, gradient);
    for (int k = 0; k < at.size(); ++k) {
      const double middle = at[k];
      at[k] = middle + h;
      const double above = evaluator.loss(at, data.samples, one.loss);
      at[k] = middle - h;
      const double below = evaluator.loss(at, data.samples, one.loss);
      at[k] = middle;
      // Huber's second derivative jumps, so that its differences are of first order there.
      const double tolerance = one.loss.kind == LossKind::huber ? 2e-5 : 1e-8;
      EXPECT_NEAR(gradient[k], (above - below) / (2 * h), tolerance) << "parameter " << k;
    }
  }
}

TEST(Mlp, InputGradientMatchesFiniteDifferences) {
  const double h = 1e-6;
  std::uint64_t seed = 50;
  for (const NetworkCase& one : network_cases()) {
    SCOPED_TRACE(one.text());
    const CaseData data = case_data(one, ++seed);
    const Mlp network{one.topology, data.parameters, {}};
    const Matrix gradient = input_gradient(network, data.inputs.row(0).transpose());
    ASSERT_EQ(gradient.rows(), one.topology.outputs());
    ASSERT_EQ(gradient.cols(), one.topology.inputs);
    for (int i = 0; i < one.topology.inputs; ++i) {
      Matrix around = data.inputs.row(0).replicate(2, 1);
      around(0, i) += h;
      around(1, i) -= h;
      const Matrix outputs = predict(network, around);
      for (int o = 0; o < one.topology.outputs(); ++o)
        EXPECT_NEAR(gradient(o, i), (outputs(0, o) - outputs(1, o)) / (2 * h), 1e-8);
    }
  }
}

TEST(Mlp, PredictDoesNotDependOnTheOtherRows) {
  const Mlp network = sample_network();
  const Matrix inputs = random_values(150, 2, 2);
  const Matrix together = predict(network, inputs);
  for (int r : {0, 7, 63, 64, 149})
    EXPECT_EQ(predict(network, inputs.row(r))(0, 0), together(r, 0)) << "row " << r;
}

TEST(Mlp, PredictAnswersNoRowsWithNoRows) {
  EXPECT_EQ(predict(sample_network(), Matrix(0, 2)).rows(), 0);
}

TEST(Mlp, WrongNumbersOfInputsAreRefused) {
  EXPECT_THROW(predict(sample_network(), Matrix::Zero(4, 3)), Error);
  EXPECT_THROW(input_gradient(sample_network(), Vector::Zero(3)), Error);
}

TEST(Mlp, ConnectionCountLeavesRemovedOnesOut) {
  Mlp network = sample_network();
  EXPECT_EQ(connection_count(network), 12);
  network.mask.clear();
  EXPECT_EQ(connection_count(network), 13);
}

TEST(Mlp, JsonKeepsEveryBit) {
  Mlp network = sample_network();
  network.parameters[0] = 0.1 + 0.2;
  network.parameters[1] = 5e-324;
  network.parameters[2] = -1.7976931348623157e308;
  network.parameters[3] = -0.0;
  const Mlp back = mlp_from_json(parse_json(dump_json(to_json(network)), "test"));
  EXPECT_EQ(back.topology, network.topology);
  EXPECT_EQ(back.mask, network.mask);
  for (int k = 0; k < network.parameters.size(); ++k) {
    EXPECT_EQ(back.parameters[k], network.parameters[k]);
    EXPECT_EQ(std::signbit(back.parameters[k]), std::signbit(network.parameters[k]));
  }
}

TEST(Mlp, HostileJsonIsRefused) {
  const std::string layers = R"([{"units":1,"activation":"linear"}])";
  const std::vector<std::string> hostile = {
      R"({})",
      R"([])",
      R"({"inputs":1,"layers":[],"parameters":[]})",
      R"({"inputs":0,"layers":)" + layers + R"(,"parameters":[0]})",
      R"({"inputs":-1,"layers":)" + layers + R"(,"parameters":[]})",
      R"({"inputs":1.5,"layers":)" + layers + R"(,"parameters":[1,2]})",
      R"({"inputs":"1","layers":)" + layers + R"(,"parameters":[1,2]})",
      R"({"inputs":1,"layers":)" + layers + R"(,"parameters":[1]})",
      R"({"inputs":1,"layers":)" + layers + R"(,"parameters":[1,2,3]})",
      R"({"inputs":1,"layers":)" + layers + R"(,"parameters":[1,null]})",
      R"({"inputs":1,"layers":)" + layers + R"(,"parameters":[1,"2"]})",
      R"({"inputs":1,"layers":)" + layers + R"(,"parameters":[1,2],"mask":[1]})",
      R"({"inputs":1,"layers":)" + layers + R"(,"parameters":[1,2],"mask":[1,2]})",
      R"({"inputs":1,"layers":)" + layers + R"(,"parameters":[1,2],"mask":[1,0]})",
      R"({"inputs":1,"layers":)" + layers + R"(,"parameters":[1,2],"mask":null})",
      R"({"inputs":1,"layers":[{"units":1,"activation":"relu6"}],"parameters":[1,2]})",
      R"({"inputs":1,"layers":[{"units":4294967297,"activation":"linear"}],"parameters":[1,2]})",
      R"({"inputs":100000,"layers":[{"units":100000,"activation":"linear"}],"parameters":[]})",
  };
  for (const std::string& text : hostile)
    EXPECT_THROW(mlp_from_json(parse_json(text, "test")), Error) << text;
}

TEST(PackedSamples, PackAndUnpackAreInverse) {
  for (const int rows : {1, 8, 63, 64, 65, 200}) {
    const Matrix values = random_values(rows, 5, 3);
    EXPECT_EQ(unpack(pack(values).data(), rows, 5), values);
  }
}

TEST(PackedSamples, AssignTakesTheRowsAskedForAndNothingOfEarlierOnes) {
  const Topology topology{3, {{4, Activation::tanh}, {2, Activation::linear}}};
  const Matrix inputs = random_values(150, 3, 4), targets = random_values(150, 2, 5);
  const Vector parameters = random_values(parameter_count(topology), 1, 6);
  const PackedSamples all(inputs, targets);
  PackedSamples batch = all.with_capacity(70);
  MlpEvaluator evaluator(topology);
  for (const std::vector<int>& rows :
       {std::vector<int>{149, 0, 64, 63, 5, 5}, std::vector<int>(70, 3), std::vector<int>{100}}) {
    batch.assign(all, rows);
    const Matrix some_inputs = inputs(rows, Eigen::all), some_targets = targets(rows, Eigen::all);
    const PackedSamples some(some_inputs, some_targets);
    EXPECT_EQ(batch.rows(), std::ssize(rows));
    Vector a(parameters.size()), b(parameters.size());
    EXPECT_EQ(evaluator.loss_gradient(parameters, batch, {}, a),
              evaluator.loss_gradient(parameters, some, {}, b));
    EXPECT_EQ(a, b);
  }
}

}  // namespace
}  // namespace cupel
