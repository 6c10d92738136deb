#include "cupel/network/recurrent/window_layer.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "tests/support/network_cases.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

using namespace test;

const std::vector<NetworkCase>& window_cases() {
  static const std::vector<NetworkCase> cases = [] {
    std::vector<NetworkCase> all;
    int k = 0;
    const std::vector<int> rows = {1, 7, 64, 71, 130};
    for (const WindowKind kind : {WindowKind::lstm, WindowKind::gru, WindowKind::bi_lstm,
                                  WindowKind::am_lstm, WindowKind::am_gru, WindowKind::cnn})
      for (const auto& [steps, features, units] :
           {std::array{1, 2, 3}, std::array{5, 3, 2}, std::array{4, 1, 5}}) {
        Topology topology{steps * features, {{2, Activation::tanh}, {2, Activation::linear}}};
        if (k % 2 == 0) topology.layers = {{1, Activation::linear}};
        topology.window = WindowLayer{kind, steps, units};
        const Loss loss{k % 3 == 0 ? LossKind::mse : LossKind::alpha_mix, 0.3, 1};
        all.push_back({topology, loss, rows[static_cast<std::size_t>(k++) % rows.size()]});
      }
    return all;
  }();
  return cases;
}

TEST(WindowLayer, GradientsMatchFiniteDifferences) {
  constexpr double kStep = 1e-6;
  std::uint64_t seed = 500;
  for (const NetworkCase& one : window_cases()) {
    SCOPED_TRACE(one.text());
    CaseData data = case_data(one, ++seed);
    MlpEvaluator evaluator(one.topology);
    Vector gradient(data.parameters.size());
    const double loss = evaluator.loss_gradient(data.parameters, data.samples, one.loss, gradient);
    EXPECT_NEAR(loss, evaluator.loss(data.parameters, data.samples, one.loss), 1e-15);
    for (Eigen::Index p = 0; p < gradient.size(); ++p) {
      Vector up = data.parameters, down = data.parameters;
      up[p] += kStep;
      down[p] -= kStep;
      const double slope = (evaluator.loss(up, data.samples, one.loss) -
                            evaluator.loss(down, data.samples, one.loss)) /
                           (2 * kStep);
      ASSERT_NEAR(gradient[p], slope, 2e-9) << "parameter " << p;
    }
  }
}

TEST(WindowLayer, JacobianSumsToTheGradientOfEachOutput) {
  std::uint64_t seed = 600;
  for (const NetworkCase& one : window_cases()) {
    SCOPED_TRACE(one.text());
    CaseData data = case_data(one, ++seed);
    MlpEvaluator evaluator(one.topology);
    const Matrix outputs = evaluator.predict(data.parameters, data.samples);
    Vector expected = Vector::Zero(data.parameters.size());
    AlignedBuffer block(std::int64_t{evaluator.parameters()} * kJacobianRows);
    for (int k = 0; k < one.topology.outputs(); ++k) {
      evaluator.jacobian(data.parameters, data.samples, k, 0, one.rows, block);
      const Eigen::Map<Matrix> rows(block.data(), kJacobianRows, evaluator.parameters());
      expected += rows.topRows(one.rows).transpose() * 2 * (outputs - data.targets).col(k);
      EXPECT_TRUE(rows.bottomRows(kJacobianRows - one.rows).isZero(0));
    }
    expected /= static_cast<double>(one.rows * one.topology.outputs());
    Vector gradient(expected.size());
    evaluator.loss_gradient(data.parameters, data.samples, {}, gradient);
    EXPECT_LT((gradient - expected).cwiseAbs().maxCoeff(), 1e-13);
  }
}

TEST(WindowLayer, InputGradientsMatchFiniteDifferences) {
  constexpr double kStep = 1e-6;
  std::uint64_t seed = 700;
  for (const NetworkCase& one : window_cases()) {
    SCOPED_TRACE(one.text());
    const CaseData data = case_data(one, ++seed);
    const Mlp network{one.topology, data.parameters, {}};
    const Vector row = data.inputs.row(0).transpose();
    const Matrix gradient = input_gradient(network, row);
    for (Eigen::Index i = 0; i < row.size(); ++i) {
      Matrix two = row.transpose().replicate(2, 1);
      two(0, i) += kStep;
      two(1, i) -= kStep;
      const Matrix moved = predict(network, two);
      for (int k = 0; k < one.topology.outputs(); ++k)
        ASSERT_NEAR(gradient(k, i), (moved(0, k) - moved(1, k)) / (2 * kStep), 2e-9);
    }
  }
}

TEST(WindowLayer, EveryKernelSetGivesTheSameBits) {
  std::uint64_t seed = 800;
  for (const NetworkCase& one : window_cases()) {
    SCOPED_TRACE(one.text());
    const CaseData data = case_data(one, ++seed);
    Vector first;
    for (const Kernels* kernels : runnable_kernels()) {
      MlpEvaluator evaluator(one.topology, *kernels);
      Vector gradient(data.parameters.size() + 1);
      Vector slopes(data.parameters.size());
      const double loss = evaluator.loss_gradient(data.parameters, data.samples, one.loss, slopes);
      gradient << loss, slopes;
      if (first.size() == 0) first = gradient;
      EXPECT_EQ(0, std::memcmp(first.data(), gradient.data(),
                               static_cast<std::size_t>(first.size()) * sizeof(double)))
          << kernels->name;
    }
  }
}

/// tests/golden/window_layers.json says which PyTorch wrote it.
TEST(WindowLayer, OutputsAndGradientsAreThoseOfPyTorch) {
  const Json golden =
      parse_json(read_whole_file(source_path("tests/golden/window_layers.json")), "golden");
  ASSERT_EQ(golden.at("cases").as_array().size(), 6u);
  for (const Json& one : golden.at("cases").as_array()) {
    SCOPED_TRACE(one.at("family").as_string());
    const auto number = [&](const char* name) {
      return static_cast<int>(one.at(name).as_integer());
    };
    Topology topology{number("steps") * number("features"), {{1, Activation::linear}}};
    topology.window = WindowLayer{window_kind_from_name(one.at("family").as_string()),
                                  number("steps"), number("units")};
    const Vector parameters = one.at("parameters").as_vector();
    ASSERT_EQ(parameters.size(), parameter_count(topology));
    const Vector targets = one.at("targets").as_vector();
    Matrix inputs(targets.size(), topology.inputs);
    for (Eigen::Index r = 0; r < inputs.rows(); ++r)
      inputs.row(r) = one.at("inputs").as_array()[static_cast<std::size_t>(r)].as_vector();
    const PackedSamples samples(inputs, targets);
    MlpEvaluator evaluator(topology);
    EXPECT_LT((evaluator.predict(parameters, samples) - one.at("outputs").as_vector())
                  .cwiseAbs()
                  .maxCoeff(),
              1e-12);
    Vector gradient(parameters.size());
    EXPECT_NEAR(evaluator.loss_gradient(parameters, samples, {}, gradient),
                one.at("loss").as_number(), 1e-12);
    EXPECT_LT((gradient - one.at("gradient").as_vector()).cwiseAbs().maxCoeff(), 1e-12);
  }
}

TEST(WindowLayer, TopologyComesBackFromJson) {
  for (const NetworkCase& one : window_cases())
    EXPECT_EQ(topology_from_json(to_json(one.topology)), one.topology);
  Json damaged = to_json(window_cases().front().topology);
  damaged["window"]["steps"] = 7;
  EXPECT_THROW(topology_from_json(damaged), Error);
}

}  // namespace
}  // namespace cupel
