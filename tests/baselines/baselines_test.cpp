#include "cupel/baselines/baselines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <numeric>
#include <string>
#include <vector>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/baselines/partial_least_squares.hpp"

namespace cupel {
namespace {

const Baseline& baseline(std::string_view name) {
  for (const Baseline& one : baselines())
    if (one.name == name) return one;
  throw Error(ErrorKind::usage, "no such baseline");
}

Matrix random_matrix(int rows, int columns, std::uint64_t seed) {
  Rng rng(seed);
  Matrix values(rows, columns);
  for (int c = 0; c < columns; ++c)
    for (int r = 0; r < rows; ++r) values(r, c) = rng.uniform(-1, 1);
  return values;
}

/// Sorts all training rows by distance, then row.
Matrix naive_nearest(const Matrix& train_inputs, const Matrix& train_targets,
                     const Matrix& inputs) {
  Matrix predictions(inputs.rows(), train_targets.cols());
  for (int s = 0; s < inputs.rows(); ++s) {
    std::vector<int> order(static_cast<std::size_t>(train_inputs.rows()));
    std::iota(order.begin(), order.end(), 0);
    const Vector distance = (train_inputs.rowwise() - inputs.row(s)).rowwise().squaredNorm();
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return distance[a] < distance[b]; });
    order.resize(std::min<std::size_t>(order.size(), 5));
    predictions.row(s) = train_targets(order, Eigen::all).colwise().mean();
  }
  return predictions;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

TEST(Baselines, AreListedFromTheSimplestOnEachWithASentence) {
  std::vector<std::string> names;
  for (const Baseline& one : baselines()) {
    names.emplace_back(one.name);
    EXPECT_EQ(one.explanation.back(), '.');
  }
  std::vector<std::string> expected = {"mean", "linear", "PLS", "5 nearest rows",
                                       "Gaussian process"};
  if (names.size() > expected.size()) expected.emplace_back("gradient boosting");  // optional
  EXPECT_EQ(names, expected);
}

/// sin(3 a) + b², with a third feature that says nothing.
Matrix curved(const Matrix& x) {
  return (3 * x.col(0)).array().sin().matrix() + x.col(1).cwiseAbs2();
}

TEST(Baselines, AllGiveTheSameBitsTwice) {
  const Matrix train = random_matrix(80, 3, 21), unseen = random_matrix(20, 3, 22);
  for (const Baseline& one : baselines())
    EXPECT_EQ(one.predict(train, curved(train), unseen), one.predict(train, curved(train), unseen))
        << one.name;
}

TEST(Baselines, CurvedOnesFollowACurve) {
  const Matrix train = random_matrix(300, 3, 23), unseen = random_matrix(100, 3, 24);
  const auto error = [&](std::string_view name) {
    return (baseline(name).predict(train, curved(train), unseen) - curved(unseen)).norm();
  };
  EXPECT_LT(error("Gaussian process"), 0.05 * error("linear"));
  if (baselines().back().name != "gradient boosting")
    GTEST_SKIP() << "built without XGBoost: boosted trees not tested";
  EXPECT_LT(error("gradient boosting"), 0.5 * error("linear"));
}

TEST(Baselines, ProcessOfManyRowsStillLearnsFromThemAll) {
  // More rows than it takes for its likelihood and its predictions.
  const Matrix train = random_matrix(1500, 2, 25), unseen = random_matrix(50, 2, 26);
  const Matrix predicted = baseline("Gaussian process").predict(train, curved(train), unseen);
  EXPECT_LT((predicted - curved(unseen)).cwiseAbs().maxCoeff(), 0.02);
}

TEST(Baselines, PlsWithAllDirectionsIsTheLinearModel) {
  const Matrix train = random_matrix(60, 4, 27), targets = random_matrix(60, 2, 28);
  const Matrix x = train.rowwise() - train.colwise().mean();
  const Matrix y = targets.rowwise() - targets.colwise().mean();
  const Matrix slopes = pls_slopes(x, y, 4).back();
  const Matrix normal = x.transpose() * (y - x * slopes);
  EXPECT_LT(normal.cwiseAbs().maxCoeff(), 1e-9);
}

TEST(Baselines, PlsFirstDirectionIsThatOfTheCovariance) {
  const Matrix train = random_matrix(60, 4, 29), targets = random_matrix(60, 1, 30);
  const Matrix x = train.rowwise() - train.colwise().mean();
  const Matrix y = targets.rowwise() - targets.colwise().mean();
  const Vector w = (x.transpose() * y).normalized();
  const Vector t = x * w;
  const Vector expected = w * (t.dot(Vector(y)) / t.squaredNorm());
  EXPECT_LT((pls_slopes(x, y, 1).front() - expected).norm(), 1e-12);
}

TEST(Baselines, PlsWithstandsMoreFeaturesThanRows) {
  // Forty readings of two things that vary, as instruments give them.
  const Matrix mix = random_matrix(2, 40, 31);
  const Matrix hidden = random_matrix(20, 2, 32), unseen = random_matrix(10, 2, 33);
  const auto readings = [&](const Matrix& x, std::uint64_t seed) -> Matrix {
    return x * mix + 0.05 * random_matrix(static_cast<int>(x.rows()), 40, seed);
  };
  const Matrix target = hidden.rowwise().sum(), wanted = unseen.rowwise().sum();
  const Matrix predicted =
      baseline("PLS").predict(readings(hidden, 34), target, readings(unseen, 35));
  EXPECT_LT((predicted - wanted).norm(), 0.1 * wanted.norm());
}

TEST(Baselines, MeanPredictsTheTrainingAverageOfEachTarget) {
  const Matrix targets{{1, 10}, {2, 20}, {6, 60}};
  const Matrix predicted =
      baseline("mean").predict(Matrix::Zero(3, 2), targets, Matrix::Ones(4, 2));
  ASSERT_EQ(predicted.rows(), 4);
  for (int s = 0; s < 4; ++s) {
    EXPECT_DOUBLE_EQ(predicted(s, 0), 3);
    EXPECT_DOUBLE_EQ(predicted(s, 1), 30);
  }
}

TEST(Baselines, LinearRecoversAnExactPlaneWithItsIntercept) {
  const Matrix train = random_matrix(50, 3, 1), unseen = random_matrix(20, 3, 2);
  const Matrix slopes = random_matrix(3, 2, 3);
  const auto plane = [&](const Matrix& x) -> Matrix { return ((x * slopes).array() + 7).matrix(); };
  const Matrix predicted = baseline("linear").predict(train, plane(train), unseen);
  EXPECT_LT((predicted - plane(unseen)).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(Baselines, LinearResidualsAreOrthogonalToEveryFeatureAndSumToZero) {
  const Matrix train = random_matrix(200, 4, 4), targets = random_matrix(200, 1, 5);
  const Matrix residuals = targets - baseline("linear").predict(train, targets, train);
  EXPECT_LT((train.transpose() * residuals).cwiseAbs().maxCoeff(), 1e-11);
  EXPECT_LT(std::abs(residuals.sum()), 1e-11);
}

TEST(Baselines, LinearSurvivesCollinearConstantAndHugeFeatures) {
  const Matrix plain = random_matrix(60, 2, 6), plain_unseen = random_matrix(15, 2, 7);
  const Matrix targets = random_matrix(60, 1, 8);
  const auto widen = [](const Matrix& x) {
    Matrix wide(x.rows(), 6);
    wide << x, x.col(0) * 1e9, x.rowwise().sum(), Matrix::Constant(x.rows(), 1, 0.1),
        Matrix::Zero(x.rows(), 1);
    return wide;
  };
  const Matrix expected = baseline("linear").predict(plain, targets, plain_unseen);
  const Matrix predicted = baseline("linear").predict(widen(plain), targets, widen(plain_unseen));
  EXPECT_LT((predicted - expected).cwiseAbs().maxCoeff(), 1e-9);
}

TEST(Baselines, LinearWorksWithFewerRowsThanFeaturesAndWithNone) {
  const Matrix train = random_matrix(3, 8, 9), targets = random_matrix(3, 1, 10);
  const Matrix predicted = baseline("linear").predict(train, targets, train);
  EXPECT_LT((predicted - targets).cwiseAbs().maxCoeff(), 1e-10);
  const Matrix constant = baseline("linear").predict(Matrix(3, 0), targets, Matrix(2, 0));
  EXPECT_DOUBLE_EQ(constant(1, 0), targets.mean());
}

TEST(Baselines, NearestMatchesAFullSortWhateverTheNumberOfRows) {
  for (const int rows : {1, 2, 4, 5, 6, 255, 256, 257, 700}) {
    const Matrix train = random_matrix(rows, 3, 11), targets = random_matrix(rows, 2, 12);
    const Matrix unseen = random_matrix(30, 3, 13);
    const Matrix predicted = baseline("5 nearest rows").predict(train, targets, unseen);
    EXPECT_LT((predicted - naive_nearest(train, targets, unseen)).cwiseAbs().maxCoeff(), 1e-14)
        << rows << " rows";
  }
}

TEST(Baselines, NearestBreaksTiesByTheEarlierRow) {
  Matrix train = Matrix::Zero(600, 1), targets(600, 1);
  for (int r = 0; r < 600; ++r) targets(r, 0) = r;
  const Matrix predicted = baseline("5 nearest rows").predict(train, targets, Matrix::Ones(1, 1));
  EXPECT_DOUBLE_EQ(predicted(0, 0), (0 + 1 + 2 + 3 + 4) / 5.0);
  train(599, 0) = 1;
  const Matrix closer = baseline("5 nearest rows").predict(train, targets, Matrix::Ones(1, 1));
  EXPECT_DOUBLE_EQ(closer(0, 0), (599 + 0 + 1 + 2 + 3) / 5.0);
}

TEST(Baselines, NearestAnswers9000QueriesOn27500RowsInUnderTwoSeconds) {
  const Matrix train = random_matrix(27500, 10, 14), targets = random_matrix(27500, 1, 15);
  const Matrix unseen = random_matrix(9000, 10, 16);
  const double start = cpu_seconds();
  const Matrix predicted = baseline("5 nearest rows").predict(train, targets, unseen);
  const double seconds = cpu_seconds() - start;
  EXPECT_TRUE(predicted.allFinite());
#ifdef NDEBUG
  EXPECT_LT(seconds, 2);
#endif
  RecordProperty("seconds", std::to_string(seconds));
}

TEST(Baselines, RefuseToLearnFromNoRows) {
  for (const Baseline& one : baselines())
    EXPECT_THROW(one.predict(Matrix(0, 2), Matrix(0, 1), Matrix::Zero(1, 2)), Error) << one.name;
}

}  // namespace
}  // namespace cupel
