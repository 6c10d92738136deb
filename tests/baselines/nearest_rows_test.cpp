#include "cupel/baselines/nearest_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

Matrix drawn(int rows, int columns, std::uint64_t seed, double step = 0) {
  Rng rng(seed);
  Matrix values(rows, columns);
  for (double& value : values.reshaped()) {
    value = rng.uniform(-1, 1);
    if (step > 0) value = std::round(value / step) * step;
  }
  return values;
}

/// Compares the sample with every row.
Neighbors by_looking_at_all(const Matrix& rows, const Vector& sample) {
  std::vector<Neighbor> all;
  for (int row = 0; row < static_cast<int>(rows.rows()); ++row) {
    double distance = 0;
    for (Eigen::Index f = 0; f < rows.cols(); ++f)
      distance += (rows(row, f) - sample[f]) * (rows(row, f) - sample[f]);
    all.push_back({distance, row});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Neighbor& a, const Neighbor& b) { return a.distance < b.distance; });
  Neighbors nearest;
  for (std::size_t k = 0; k < std::min(all.size(), nearest.size()); ++k) nearest[k] = all[k];
  return nearest;
}

void expect_the_same(const Matrix& rows, const Matrix& samples) {
  const NearestRows tree(rows);
  for (Eigen::Index s = 0; s < samples.rows(); ++s) {
    const Vector sample = samples.row(s);
    const Neighbors found = tree.find(sample), expected = by_looking_at_all(rows, sample);
    for (std::size_t k = 0; k < found.size(); ++k) {
      EXPECT_EQ(found[k].row, expected[k].row) << "sample " << s << ", neighbor " << k;
      EXPECT_EQ(found[k].distance, expected[k].distance);
    }
  }
}

TEST(NearestRows, AreThoseOfAComparisonWithEveryRow) {
  for (const int columns : {1, 2, 5, 12})
    expect_the_same(drawn(3000, columns, 1), drawn(60, columns, 2));
}

TEST(NearestRows, OfEquallyNearOnesAreTheFirst) {
  expect_the_same(drawn(3000, 3, 3, 0.5), drawn(60, 3, 4, 0.25));
  expect_the_same(Matrix::Zero(1000, 2), Matrix::Zero(2, 2));
}

TEST(NearestRows, AreFewerWhereThereAreFewer) {
  expect_the_same(drawn(3, 2, 5), drawn(4, 2, 6));
  const NearestRows tree(drawn(3, 2, 5));
  EXPECT_EQ(tree.find(Vector::Zero(2))[3].row, -1);
}

TEST(NearestRows, OfManyRowsThatRepeatOneAnotherAreFoundAtOnce) {
  const auto seconds_of = [](const Matrix& rows) {
    const auto begin = std::chrono::steady_clock::now();
    const NearestRows tree(rows);
    for (int k = 0; k < 20000; ++k) tree.find(rows.row(k % rows.rows()).transpose());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  EXPECT_LT(seconds_of(drawn(200000, 2, 7, 0.5)), 10);
  EXPECT_LT(seconds_of(drawn(200000, 3, 8)), 10);
}

}  // namespace
}  // namespace cupel
