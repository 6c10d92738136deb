#include "cupel/trust/drift.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

/// x_k = memory x_{k-1} + noise, deviation 1.
Vector series(int rows, double memory, std::uint64_t seed) {
  Rng rng(seed);
  Vector values(rows);
  double x = rng.normal();
  for (double& value : values) {
    x = memory * x + std::sqrt(1 - memory * memory) * rng.normal();
    value = x;
  }
  return values;
}

TEST(Drift, FindsNothingInStationarySeries) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed)
    for (const double memory : {0.0, 0.9, 0.98}) {
      const Vector all = series(2000, memory, seed);
      found += mean_shift(all.head(1500), all.tail(500)).found(5);
    }
  EXPECT_LE(found, 6) << "of 1200, some of them with a memory of twice a batch";
}

TEST(Drift, FindsAStepOfHalfADeviation) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Vector all = series(4000, 0.5, seed);
    all.tail(1000).array() += 0.6;
    const MeanShift shift = mean_shift(all.head(3000), all.tail(1000));
    EXPECT_TRUE(shift.found(5)) << shift.effect << ' ' << shift.evidence;
    EXPECT_NEAR(shift.effect, 0.6, 0.25);
  }
}

TEST(Drift, PassesOverWhatDoesNotMatter) {
  Vector all = series(40000, 0, 3);
  all.tail(20000).array() += 0.1;
  const MeanShift shift = mean_shift(all.head(20000), all.tail(20000));
  EXPECT_GT(shift.evidence, 5) << "certain";
  EXPECT_FALSE(shift.found(5)) << "but small";
}

TEST(Drift, PassesOverMissingValuesAndFewRows) {
  Vector before = series(100, 0, 4), after = series(100, 0, 5).array() + 5;
  before[3] = after[7] = std::nan("");
  EXPECT_TRUE(mean_shift(before, after).found(5));
  EXPECT_FALSE(mean_shift(before, after.head(15)).found(5));
}

TEST(Drift, OfAConstantThatChangesIsFound) {
  EXPECT_TRUE(mean_shift(Vector::Constant(50, 1), Vector::Constant(50, 2)).found(5));
  EXPECT_FALSE(mean_shift(Vector::Constant(50, 1), Vector::Constant(50, 1)).found(5));
}

TEST(Drift, WeighsAShareByItsBatches) {
  Vector hits = Vector::Ones(1000);
  for (int k = 0; k < 1000; k += 10) hits[k] = 0;
  EXPECT_LT(std::abs(share_shift(hits, 0.9).evidence), 1);
  hits.tail(100).setZero();  // one bad stretch is no proof
  EXPECT_GT(share_shift(hits, 0.9).evidence, -2);
  for (int k = 0; k < 1000; k += 3) hits[k] = 0;  // misses all over are
  EXPECT_LT(share_shift(hits, 0.9).evidence, -3);
  EXPECT_LT(share_shift(Vector::Zero(1000), 0.9).evidence, -50);
}

}  // namespace
}  // namespace cupel
