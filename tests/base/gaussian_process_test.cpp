#include "cupel/base/gaussian_process.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/file_reader.hpp"
#include "cupel/base/json.hpp"
#include "cupel/base/rng.hpp"
#include "tests/support/paths.hpp"

namespace cupel::test {
namespace {

Vector vector_from(const Json& json) {
  const std::vector<double> numbers = json.as_numbers();
  return Eigen::Map<const Vector>(numbers.data(), static_cast<Eigen::Index>(numbers.size()));
}

Matrix matrix_from(const Json& json) {
  const Json::Array& rows = json.as_array();
  Matrix matrix(rows.size(), rows.front().as_array().size());
  for (std::size_t k = 0; k < rows.size(); ++k)
    matrix.row(static_cast<Eigen::Index>(k)) = vector_from(rows[k]).transpose();
  return matrix;
}

struct Rows {
  Matrix inputs;
  Vector targets;
};

/// sin(4 x1) + x2 / 2 and noise; x3 carries nothing.
Rows wave(int count, double noise) {
  Rng rng(3);
  Rows rows{Matrix(count, 3), Vector(count)};
  for (int k = 0; k < count; ++k) {
    for (int d = 0; d < 3; ++d) rows.inputs(k, d) = rng.uniform(-1, 1);
    rows.targets[k] =
        std::sin(4 * rows.inputs(k, 0)) + 0.5 * rows.inputs(k, 1) + noise * rng.normal();
  }
  return rows;
}

/// tests/golden/gaussian_process.json says which scikit-learn wrote it.
TEST(GaussianProcess, AgreesWithScikitLearn) {
  const Json golden =
      parse_json(read_whole_file(source_path("tests/golden/gaussian_process.json")), "golden");
  ASSERT_EQ(golden.at("cases").as_array().size(), 18u);
  for (const Json& one : golden.at("cases").as_array()) {
    const GaussianProcessForm form{one.at("covariance").as_string() == "matern52"
                                       ? Covariance::matern52
                                       : Covariance::squared_exponential,
                                   PriorMean::zero};
    const HyperParameters parameters{one.at("signal").as_number(),
                                     vector_from(one.at("length_scales")),
                                     one.at("noise").as_number()};
    const Matrix inputs = matrix_from(one.at("inputs"));
    const Vector targets = vector_from(one.at("targets"));
    const LogLikelihood found = log_marginal_likelihood(inputs, targets, parameters, form);
    EXPECT_NEAR(found.value, one.at("value").as_number(), 1e-6);
    EXPECT_LT((found.gradient - vector_from(one.at("gradient"))).lpNorm<Eigen::Infinity>(), 1e-6);
    const ProcessPrediction predicted =
        predict(condition(inputs, targets, parameters, form), matrix_from(one.at("at")));
    EXPECT_LT((predicted.mean - vector_from(one.at("mean"))).lpNorm<Eigen::Infinity>(), 1e-6);
    EXPECT_LT((predicted.variance - vector_from(one.at("variance"))).lpNorm<Eigen::Infinity>(),
              1e-6);
  }
}

TEST(GaussianProcess, GradientMeetsFiniteDifferencesWithAConstantMean) {
  Rows rows = wave(25, 0.1);
  rows.targets.array() += 3;
  const Vector logs = (Vector(5) << 0.2, -0.4, 0.3, 1, -3).finished();
  const auto at = [&](const Vector& x) {
    return log_marginal_likelihood(rows.inputs, rows.targets,
                                   {std::exp(x[0]), x.segment(1, 3).array().exp(), std::exp(x[4])});
  };
  const Vector gradient = at(logs).gradient;
  for (int k = 0; k < 5; ++k) {
    Vector up = logs, down = logs;
    up[k] += 1e-5;
    down[k] -= 1e-5;
    EXPECT_NEAR(gradient[k], (at(up).value - at(down).value) / 2e-5, 1e-5) << k;
  }
}

TEST(GaussianProcess, ConstantMeanMakesAShiftOfTheTargetsIrrelevant) {
  Rows rows = wave(20, 0.1);
  const HyperParameters parameters{1, Vector::Constant(3, 0.7), 0.01};
  const double before = log_marginal_likelihood(rows.inputs, rows.targets, parameters).value;
  rows.targets.array() += 1000;
  EXPECT_NEAR(log_marginal_likelihood(rows.inputs, rows.targets, parameters).value, before, 1e-6);
}

TEST(GaussianProcess, FitFindsNoiseAndTheInputThatCarriesNothing) {
  const Rows rows = wave(120, 0.2);
  const GaussianProcess process = fit_gaussian_process(rows.inputs, rows.targets);
  const HyperParameters& found = process.parameters;
  EXPECT_NEAR(std::sqrt(found.noise_variance), 0.2, 0.05);
  EXPECT_GT(found.length_scales[2], 5 * found.length_scales[0]);
  const Rows fresh = wave(200, 0);
  const Vector off = predict(process, fresh.inputs).mean - fresh.targets;
  EXPECT_LT(std::sqrt(off.squaredNorm() / 200), 0.15);
}

TEST(GaussianProcess, FitIsNoWorseThanItsStart) {
  const Rows rows = wave(40, 0.1);
  const HyperParameters start{1, Vector::Constant(3, 0.5), 0.01};
  const GaussianProcess process =
      fit_gaussian_process(rows.inputs, rows.targets, {.starts = 1, .first = start});
  EXPECT_GE(process.log_likelihood,
            log_marginal_likelihood(rows.inputs, rows.targets, start).value);
}

TEST(GaussianProcess, SameSeedGivesTheSameBits) {
  const Rows rows = wave(40, 0.1);
  const GaussianProcess one = fit_gaussian_process(rows.inputs, rows.targets, {.seed = 5});
  const GaussianProcess two = fit_gaussian_process(rows.inputs, rows.targets, {.seed = 5});
  EXPECT_EQ(one.parameters.length_scales, two.parameters.length_scales);
  EXPECT_EQ(one.weights, two.weights);
}

TEST(GaussianProcess, KnowsItsRowsAndDoubtsWhatIsFarAway) {
  const Rows rows = wave(30, 0);
  const GaussianProcess process =
      condition(rows.inputs, rows.targets, {1, Vector::Constant(3, 0.5), 1e-8}, {});
  const ProcessPrediction known = predict(process, rows.inputs);
  EXPECT_LT((known.mean - rows.targets).lpNorm<Eigen::Infinity>(), 1e-4);
  EXPECT_LT(known.variance.maxCoeff(), 1e-6);
  const ProcessPrediction far = predict(process, Matrix::Constant(1, 3, 50));
  EXPECT_NEAR(far.mean[0], process.mean, 1e-9);
  EXPECT_NEAR(far.variance[0], 1, 1e-9);
}

TEST(GaussianProcess, FitStaysWithinItsRanges) {
  const Rows rows = wave(30, 0);
  const GaussianProcess process = fit_gaussian_process(
      rows.inputs, rows.targets, {.length_scale = {0.9, 1.1}, .noise_variance = {0.01, 0.02}});
  EXPECT_GE(process.parameters.length_scales.minCoeff(), 0.9 * (1 - 1e-12));
  EXPECT_LE(process.parameters.length_scales.maxCoeff(), 1.1 * (1 + 1e-12));
  EXPECT_GE(process.parameters.noise_variance, 0.01 * (1 - 1e-12));
}

}  // namespace
}  // namespace cupel::test
