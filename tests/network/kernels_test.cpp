#include "cupel/network/mlp/kernels.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "cupel/base/error.hpp"
#include "tests/support/naive_mlp.hpp"
#include "tests/support/network_cases.hpp"

namespace cupel {
namespace {

using namespace test;

double largest_difference(const Matrix& a, const Matrix& b) {
  return a.size() == 0 ? 0 : (a - b).cwiseAbs().maxCoeff();
}

bool same_bits(const double* a, const double* b, std::int64_t count) {
  return std::memcmp(a, b, static_cast<std::size_t>(count) * sizeof(double)) == 0;
}

/// Rows `first` ... of one output's Jacobian as [rows x parameters], with what lies beyond them.
Matrix jacobian_of(MlpEvaluator& evaluator, const CaseData& data, int output, int rows) {
  AlignedBuffer block(std::int64_t{evaluator.parameters()} * kJacobianRows);
  evaluator.jacobian(data.parameters, data.samples, output, 0, rows, block);
  return Eigen::Map<Matrix>(block.data(), kJacobianRows, evaluator.parameters());
}

class EveryKernelSet : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    try {
      kernels_ = &select_kernels(GetParam());
    } catch (const Error& error) {
      GTEST_SKIP() << error.message();
    }
  }
  const Kernels* kernels_ = nullptr;
};

INSTANTIATE_TEST_SUITE_P(Kernels, EveryKernelSet, testing::Values("portable", "v3", "v4"),
                         [](const auto& one) { return std::string(one.param); });

TEST_P(EveryKernelSet, LossAndGradientMatchTheNaiveTwin) {
  std::uint64_t seed = 0;
  for (const NetworkCase& one : network_cases()) {
    SCOPED_TRACE(one.text());
    const CaseData data = case_data(one, ++seed);
    MlpEvaluator evaluator(one.topology, *kernels_);
    Vector gradient(data.parameters.size());
    const double loss = evaluator.loss_gradient(data.parameters, data.samples, one.loss, gradient);
    const auto naive =
        naive_loss_gradient(one.topology, data.parameters, data.inputs, data.targets, one.loss);
    EXPECT_NEAR(loss, naive.loss, 1e-14);
    EXPECT_LT(largest_difference(gradient, naive.gradient), 2e-14);
    EXPECT_NEAR(evaluator.loss(data.parameters, data.samples, one.loss), naive.loss, 1e-14);
  }
}

TEST_P(EveryKernelSet, PredictionsMatchTheNaiveTwin) {
  std::uint64_t seed = 100;
  for (const NetworkCase& one : network_cases()) {
    SCOPED_TRACE(one.text());
    const CaseData data = case_data(one, ++seed);
    MlpEvaluator evaluator(one.topology, *kernels_);
    const Matrix outputs = evaluator.predict(data.parameters, data.samples);
    EXPECT_LT(
        largest_difference(outputs, naive_predict(one.topology, data.parameters, data.inputs)),
        2e-14);
  }
}

TEST_P(EveryKernelSet, JacobianMatchesTheNaiveTwinAndIsZeroBeyondTheLastRow) {
  std::uint64_t seed = 200;
  for (const NetworkCase& one : network_cases()) {
    SCOPED_TRACE(one.text());
    const CaseData data = case_data(one, ++seed);
    MlpEvaluator evaluator(one.topology, *kernels_);
    for (int output = 0; output < one.topology.outputs(); ++output) {
      const Matrix block = jacobian_of(evaluator, data, output, one.rows);
      const Matrix naive = naive_jacobian(one.topology, data.parameters, data.inputs, output);
      EXPECT_LT(largest_difference(block.topRows(one.rows), naive), 2e-14);
      EXPECT_TRUE(block.bottomRows(kJacobianRows - one.rows).isZero(0));
    }
  }
}

TEST_P(EveryKernelSet, GramIsTheSumOfOuterProducts) {
  for (const int n : {1, 2, 3, 4, 5, 7, 8, 26, 41})
    for (const int count : {1, 8, 9, 64, 200, kJacobianRows}) {
      Matrix block = random_values(kJacobianRows, n, static_cast<std::uint64_t>(n * 1000 + count));
      block.bottomRows(kJacobianRows - count).setZero();
      Matrix gram = random_values(n, n, 7);
      gram = (gram + gram.transpose()).eval();
      const Matrix expected = gram + block.transpose() * block;
      kernels_->add_gram(n, block.data(), count, gram.data());
      EXPECT_LT(largest_difference(gram, expected), 1e-12) << n << " x " << count;
      EXPECT_EQ(gram, gram.transpose().eval());
    }
}

TEST_P(EveryKernelSet, VectorOperationsMatchPlainLoops) {
  for (int n = 0; n < 140; ++n) {
    const Vector a = random_values(n, 1, 11), b = random_values(n, 1, 12);
    const Vector c = random_values(n, 1, 13);
    EXPECT_NEAR(kernels_->dot(n, a.data(), b.data()), a.dot(b), 1e-14);
    Vector y = c;
    kernels_->axpy(n, 0.7, a.data(), y.data());
    EXPECT_LT(largest_difference(y, c + 0.7 * a), 1e-15);
    y = c;
    kernels_->axpby(n, 0.7, a.data(), -1.3, b.data(), y.data());
    EXPECT_LT(largest_difference(y, c + 0.7 * a - 1.3 * b), 1e-15);
  }
}

/// Values of f on a fine grid and at odd places.
Matrix probe_points() {
  std::vector<double> points = {0.0, -0.0,  5e-324, 1e-300, 1e-17, 1e-8, 19.99,
                                20,  20.01, 300,    350,    709,   1e300};
  for (int k = 0; k <= 40000; ++k) points.push_back(k * 0.0007);
  Rng rng(3);
  for (int k = 0; k < 10000; ++k) points.push_back(std::exp(rng.uniform(-40, 7)));
  Matrix values(2 * std::ssize(points), 1);
  for (int k = 0; k < std::ssize(points); ++k)
    values(2 * k, 0) = points[k], values(2 * k + 1, 0) = -points[k];
  return values;
}

TEST_P(EveryKernelSet, TanhIsWithin4e16OfTheTrueValue) {
  const Matrix points = probe_points();
  MlpEvaluator evaluator({1, {{1, Activation::tanh}}}, *kernels_);
  const Matrix values =
      evaluator.predict(Vector{{1, 0}}, PackedSamples(points, Matrix::Zero(points.rows(), 1)));
  long double worst = 0;
  for (int k = 0; k < points.rows(); ++k)
    worst =
        std::max(worst, std::abs(values(k, 0) - std::tanh(static_cast<long double>(points(k, 0)))));
  EXPECT_LE(worst, 4e-16L);
  RecordProperty("worst", std::to_string(static_cast<double>(worst * 1e16L)) + "e-16");
}

TEST_P(EveryKernelSet, LogCoshIsWithin4e16OfTheTrueValueRelativeAboveOne) {
  // Up to where the square, which the mixed loss also takes, stays finite.
  const Matrix points = probe_points().cwiseMin(1e150).cwiseMax(-1e150);
  const PackedSamples samples(points, Matrix::Zero(points.rows(), 1));
  const KernelLayer layer{1, 1, 0, 1, Activation::linear};
  const KernelNetwork network{&layer, 1, 2};
  AlignedBuffer values(kChunk), delta(kChunk), back(kChunk), accumulators(2 * kLanes);
  const double parameters[] = {1, 0};
  Vector found(points.rows());
  kernels_->loss(network, parameters, samples.view(), {LossKind::alpha_mix, 0, 1}, found.data(),
                 {values.data(), {delta.data(), back.data()}, accumulators.data()});
  for (int k = 0; k < points.rows(); ++k) {
    const long double e = std::abs(static_cast<long double>(points(k, 0)));
    const long double truth = e + std::log1p(std::exp(-2 * e)) - std::log(2.0L);
    ASSERT_LE(std::abs(found[k] - truth), 4e-16L * std::max(1.0L, truth)) << points(k, 0);
  }
}

TEST_P(EveryKernelSet, RowLossesAddUpToTheSum) {
  const NetworkCase one{{6, {{12, Activation::tanh}, {5, Activation::linear}}}, {}, 131};
  const CaseData data = case_data(one, 5);
  MlpEvaluator evaluator(one.topology, *kernels_);
  const Matrix error = evaluator.predict(data.parameters, data.samples) - data.targets;
  EXPECT_NEAR(evaluator.loss(data.parameters, data.samples, {}), error.array().square().mean(),
              1e-14);
}

TEST_P(EveryKernelSet, ANaNInInputsTargetsOrParametersReachesTheLoss) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const NetworkCase& one : network_cases()) {
    SCOPED_TRACE(one.text());
    const CaseData good = case_data(one, 6);
    MlpEvaluator evaluator(one.topology, *kernels_);
    Matrix inputs = good.inputs, targets = good.targets;
    Vector parameters = good.parameters;
    inputs(one.rows - 1, 0) = nan;
    EXPECT_TRUE(std::isnan(evaluator.loss(parameters, PackedSamples(inputs, targets), one.loss)));
    targets(one.rows / 2, 0) = nan;
    EXPECT_TRUE(
        std::isnan(evaluator.loss(parameters, PackedSamples(good.inputs, targets), one.loss)));
    parameters[0] = nan;
    EXPECT_TRUE(std::isnan(evaluator.loss(parameters, good.samples, one.loss)));
  }
}

TEST(Kernels, AllSetsGiveTheSameBits) {
  const auto sets = runnable_kernels();
  if (sets.size() < 2) GTEST_SKIP() << "this processor runs the portable kernels only";
  std::uint64_t seed = 300;
  for (const NetworkCase& one : network_cases()) {
    SCOPED_TRACE(one.text());
    const CaseData data = case_data(one, ++seed);
    MlpEvaluator reference(one.topology, *sets[0]);
    const int n = reference.parameters();
    Vector expected(n), gradient(n);
    const double expected_loss =
        reference.loss_gradient(data.parameters, data.samples, one.loss, expected);
    const Matrix outputs = reference.predict(data.parameters, data.samples);
    const Matrix jacobian = jacobian_of(reference, data, one.topology.outputs() - 1, one.rows);
    Matrix expected_gram = Matrix::Zero(n, n);
    sets[0]->add_gram(n, jacobian.data(), one.rows, expected_gram.data());
    for (std::size_t k = 1; k < sets.size(); ++k) {
      SCOPED_TRACE(sets[k]->name);
      MlpEvaluator evaluator(one.topology, *sets[k]);
      const double loss =
          evaluator.loss_gradient(data.parameters, data.samples, one.loss, gradient);
      EXPECT_TRUE(same_bits(&loss, &expected_loss, 1));
      EXPECT_TRUE(same_bits(gradient.data(), expected.data(), n));
      EXPECT_EQ(evaluator.loss(data.parameters, data.samples, one.loss),
                reference.loss(data.parameters, data.samples, one.loss));
      EXPECT_TRUE(same_bits(evaluator.predict(data.parameters, data.samples).data(), outputs.data(),
                            outputs.size()));
      EXPECT_TRUE(
          same_bits(jacobian_of(evaluator, data, one.topology.outputs() - 1, one.rows).data(),
                    jacobian.data(), jacobian.size()));
      Matrix gram = Matrix::Zero(n, n);
      sets[k]->add_gram(n, jacobian.data(), one.rows, gram.data());
      EXPECT_TRUE(same_bits(gram.data(), expected_gram.data(), gram.size()));
    }
  }
}

TEST(Kernels, VectorOperationsGiveTheSameBitsInAllSets) {
  const auto sets = runnable_kernels();
  if (sets.size() < 2) GTEST_SKIP() << "this processor runs the portable kernels only";
  for (int n = 0; n < 140; ++n) {
    const Vector a = random_values(n, 1, 21), b = random_values(n, 1, 22);
    Vector expected = b;
    sets[0]->axpby(n, 0.3, a.data(), 1.7, b.data(), expected.data());
    sets[0]->axpy(n, 0.1, a.data(), expected.data());
    for (const Kernels* set : sets) {
      EXPECT_EQ(set->dot(n, a.data(), b.data()), sets[0]->dot(n, a.data(), b.data()));
      Vector y = b;
      set->axpby(n, 0.3, a.data(), 1.7, b.data(), y.data());
      set->axpy(n, 0.1, a.data(), y.data());
      EXPECT_EQ(y, expected) << set->name << ' ' << n;
    }
  }
}

TEST(Kernels, AnUnknownSetIsRefusedWithTheNamesThatExist) {
  try {
    select_kernels("v5");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(error.hint().find("portable"), std::string::npos);
  }
}

TEST(Kernels, AutoTakesTheBestSetThatRuns) {
  EXPECT_EQ(select_kernels("auto").name, runnable_kernels().back()->name);
}

}  // namespace
}  // namespace cupel
