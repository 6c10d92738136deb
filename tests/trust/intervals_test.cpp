#include "cupel/trust/intervals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Intervals whose residuals are 1, 2, … n.
ResidualIntervals counted(int n) {
  const Matrix measured = Vector::LinSpaced(n, n, 1);
  return fit_intervals(measured, Matrix::Zero(n, 1));
}

TEST(Intervals, HalfWidthIsTheResidualOfTheConformalRank) {
  EXPECT_EQ(half_width(counted(99), 0, 0.9), 90);   // (99 + 1) 0.9
  EXPECT_EQ(half_width(counted(100), 0, 0.9), 91);  // ceil(90.9)
  EXPECT_EQ(half_width(counted(99), 0, 0.07), 7);   // 7.000000000000001 by rounding
  EXPECT_EQ(half_width(counted(99), 0, 0.001), 1);
  EXPECT_EQ(half_width(counted(19), 0, 0.95), 19);
}

TEST(Intervals, AreInfiniteWithTooFewResiduals) {
  EXPECT_EQ(half_width(counted(9), 0, 0.9), 9);
  EXPECT_EQ(half_width(counted(8), 0, 0.9), kInfinity);
  EXPECT_EQ(half_width(counted(98), 0, 0.99), kInfinity);
  EXPECT_EQ(half_width(fit_intervals(Matrix(0, 1), Matrix(0, 1)), 0, 0.5), kInfinity);
}

TEST(Intervals, LeaveOutRowsWithoutMeasurementButNotFailedPredictions) {
  Matrix measured = Vector::LinSpaced(12, 1, 12), predicted = Matrix::Zero(12, 1);
  measured(3, 0) = std::nan("");
  predicted(5, 0) = std::nan("");
  const ResidualIntervals intervals = fit_intervals(measured, predicted);
  ASSERT_EQ(intervals.residuals.at(0).size(), 11u);
  EXPECT_EQ(intervals.residuals[0].back(), kInfinity);
  EXPECT_EQ(intervals.residuals[0][9], 12);
}

TEST(Intervals, ThinningNeverNarrowsAndHardlyWidens) {
  for (const int n : {2000, 2001, 2500, 3999, 4001, 36000}) {
    const ResidualIntervals intervals = counted(n);
    EXPECT_EQ(intervals.residuals[0].size(), 2000u);
    for (const double confidence : {0.01, 0.5, 0.9, 0.95, 0.99, 0.999}) {
      const double exact = std::ceil((n + 1) * confidence - 1e-9);
      const double width = half_width(intervals, 0, confidence);
      EXPECT_GE(width, exact) << n << " rows at " << confidence;
      EXPECT_LE(width, exact + n / 1000.0 + 1) << n << " rows at " << confidence;
    }
  }
}

TEST(Intervals, WiderIsNeverNarrowerThanEither) {
  Rng rng(4);
  for (const auto& [n, m] : {std::pair(50, 50), std::pair(200, 37), std::pair(9, 3000)}) {
    const auto drawn = [&](int rows, double scale) {
      Matrix measured(rows, 1);
      for (double& value : measured.reshaped()) value = scale * rng.normal();
      return fit_intervals(measured, Matrix::Zero(rows, 1));
    };
    const ResidualIntervals a = drawn(n, 1), b = drawn(m, 1.2), both = wider(a, b);
    for (double confidence = 0.01; confidence < 0.995; confidence += 0.01) {
      const double most = std::max(half_width(a, 0, confidence), half_width(b, 0, confidence));
      EXPECT_GE(half_width(both, 0, confidence), most) << n << ' ' << m << ' ' << confidence;
    }
  }
  EXPECT_EQ(wider(counted(40), counted(40)).residuals, counted(40).residuals);
  EXPECT_EQ(half_width(wider(counted(99), counted(9)), 0, 0.9), 90);
}

TEST(Intervals, ComeBackFromJsonWithTheSameBits) {
  Matrix measured(30, 2);
  Rng rng(3);
  measured = measured.unaryExpr([&](double) { return rng.normal(); });
  Matrix predicted = Matrix::Zero(30, 2);
  predicted(4, 1) = kInfinity;
  const ResidualIntervals intervals = fit_intervals(measured, predicted);
  const ResidualIntervals back =
      intervals_from_json(parse_json(dump_json(to_json(intervals)), "test"));
  EXPECT_EQ(back.residuals, intervals.residuals);
}

TEST(Intervals, RefuseResidualsOutOfOrder) {
  EXPECT_THROW(intervals_from_json(parse_json(R"({"residuals": [[2, 1]]})", "t")), Error);
  EXPECT_THROW(intervals_from_json(parse_json(R"({"residuals": [[-1, 1]]})", "t")), Error);
  EXPECT_THROW(intervals_from_json(parse_json(R"({"residuals": [[null, 1]]})", "t")), Error);
}

/// Skewed residuals, as plants have them.
double skewed(Rng& rng) { return std::exp(rng.normal()) - 1; }

/// Fits on n exchangeable residuals, counts how many of 20 new ones are covered; repeated.
double coverage(int n, double confidence, int repeats, std::uint64_t seed) {
  Rng rng(seed);
  int covered = 0;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    Matrix measured = Matrix::NullaryExpr(n, 1, [&] { return skewed(rng); });
    const double width = half_width(fit_intervals(measured, Matrix::Zero(n, 1)), 0, confidence);
    for (int k = 0; k < 20; ++k) covered += std::abs(skewed(rng)) <= width;
  }
  return covered / (20.0 * repeats);
}

TEST(Intervals, CoverWhatTheyPromiseOnExchangeableRows) {
  // The expected coverage is ceil((n+1) c) / (n+1). Rows of one repeat share their interval, so
  // the bound is that of as many independent draws as there are repeats: 4 standard deviations.
  const int repeats = 4000;
  for (const int n : {9, 40, 99, 500})
    for (const double confidence : {0.5, 0.9}) {
      const double expected = std::ceil((n + 1) * confidence - 1e-9) / (n + 1);
      const double bound = 4 * std::sqrt(expected * (1 - expected) / repeats);
      EXPECT_NEAR(coverage(n, confidence, repeats, 11), expected, bound)
          << n << " rows at " << confidence;
    }
}

}  // namespace
}  // namespace cupel
