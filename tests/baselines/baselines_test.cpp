#include "cupel/baselines/baselines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <numeric>
#include <vector>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"

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

TEST(Baselines, ListsMeanLinearAndNearestInThatOrderEachWithASentence) {
  ASSERT_EQ(baselines().size(), 3u);
  EXPECT_EQ(baselines()[0].name, "mean");
  EXPECT_EQ(baselines()[1].name, "linear");
  EXPECT_EQ(baselines()[2].name, "5 nearest rows");
  for (const Baseline& one : baselines()) EXPECT_EQ(one.explanation.back(), '.');
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
