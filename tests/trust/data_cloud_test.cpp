#include "cupel/trust/data_cloud.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

/// A plant of four inputs: temperature; pressure that follows it; a flow that is large only when
/// the valve is small; and the valve.
Matrix plant_rows(int rows, std::uint64_t seed) {
  Rng rng(seed);
  Matrix values(rows, 4);
  for (int r = 0; r < rows; ++r) {
    const double t = rng.uniform(-1, 1), valve = rng.uniform(-1, 1);
    values(r, 0) = t;
    values(r, 1) = 0.9 * t * t * t + 0.1 * rng.uniform(-1, 1);
    values(r, 3) = valve;
    values(r, 2) = -1 + (1 - valve) * rng.uniform();  // flow <= -valve: a triangle
  }
  return values;
}

DataCloud plant_cloud(int rows) { return fit_cloud(plant_rows(rows, 1), {0, 1, 2, 3}, {}); }

double flagged(const DataCloud& cloud, const Matrix& rows) {
  return (cloud_ratios(cloud, rows).array() > 1).cast<double>().mean();
}

TEST(DataCloud, LetsRowsOfTheSamePlantIn) {
  for (const int rows : {60, 250, 500, 3000, 20000})
    EXPECT_LT(flagged(plant_cloud(rows), plant_rows(4000, 2)), 0.05) << rows;
}

TEST(DataCloud, FlagsAnEmptyCornerOfTheBox) {
  Matrix corner = plant_rows(2000, 3);
  Rng rng(4);
  for (int r = 0; r < 2000; ++r) {  // large flow and large valve: never seen together
    corner(r, 2) = rng.uniform(0.75, 1);
    corner(r, 3) = rng.uniform(0.75, 1);
  }
  for (const int rows : {250, 3000, 20000})
    EXPECT_GT(flagged(plant_cloud(rows), corner), 0.95) << rows;
}

TEST(DataCloud, FlagsInputsThatDoNotGoTogether) {
  Matrix rows = plant_rows(2000, 5);
  rows.col(1) = -rows.col(1);
  int wrong = 0, seen = 0;
  const Vector ratios = cloud_ratios(plant_cloud(3000), rows);
  for (int r = 0; r < 2000; ++r)
    if (std::abs(rows(r, 1)) > 0.45) {  // elsewhere the sign changes nothing that matters
      ++seen;
      wrong += ratios[r] > 1;
    }
  EXPECT_GT(seen, 200);
  EXPECT_GT(wrong, 0.95 * seen);
}

TEST(DataCloud, FlagsAShiftByThreeRanges) {
  for (int column = 0; column < 4; ++column) {
    Matrix rows = plant_rows(500, 6);
    rows.col(column).array() += 6;
    EXPECT_EQ(flagged(plant_cloud(500), rows), 1) << column;
  }
}

TEST(DataCloud, TakesACopiedInputAndFlagsItsBreach) {
  Matrix rows = plant_rows(400, 7);
  rows.col(1) = rows.col(0);
  const DataCloud cloud = fit_cloud(rows, {0, 1, 2, 3}, {});
  Matrix fresh = plant_rows(400, 8);
  fresh.col(1) = fresh.col(0);
  EXPECT_LT(flagged(cloud, fresh), 0.05);
  fresh.col(1).array() += 0.3;
  EXPECT_EQ(flagged(cloud, fresh), 1);
}

TEST(DataCloud, LetsNewRowsOfAGridIn) {
  Matrix grid(240, 2);
  for (int r = 0; r < 240; ++r) grid.row(r) << r % 4, r / 4 % 3;
  EXPECT_EQ(flagged(fit_cloud(grid, {0, 1}, {}), grid), 0);
}

/// 40 heats of five samples: the inputs are measured once a heat.
Matrix repeated_rows(const Matrix& heats, int repeats) {
  Matrix rows(heats.rows() * repeats, heats.cols());
  for (Eigen::Index r = 0; r < rows.rows(); ++r) rows.row(r) = heats.row(r / repeats);
  return rows;
}

TEST(DataCloud, LeavesRepeatsOutTogether) {
  const Matrix heats = plant_rows(40, 21), fresh = plant_rows(400, 22);
  const double once = flagged(fit_cloud(heats, {0, 1, 2, 3}, {}), fresh);
  const double repeated = flagged(fit_cloud(repeated_rows(heats, 5), {0, 1, 2, 3}, {}), fresh);
  EXPECT_LT(repeated, once + 0.1) << "five samples a heat say no more of where heats lie";
  EXPECT_LT(repeated, 0.25);
}

TEST(DataCloud, LeavesGroupsOutTogether) {
  // Samples of a heat differ a little: only their group says that they belong together.
  Matrix rows = repeated_rows(plant_rows(40, 23), 5);
  Rng rng(24);
  for (double& value : rows.reshaped()) value += 1e-4 * rng.normal();
  std::vector<int> groups;
  for (int r = 0; r < rows.rows(); ++r) groups.push_back(r / 5);
  const Matrix fresh = plant_rows(400, 25);
  EXPECT_LT(flagged(fit_cloud(rows, {0, 1, 2, 3}, {.groups = groups}), fresh), 0.25);
  EXPECT_GT(flagged(fit_cloud(rows, {0, 1, 2, 3}, {}), fresh), 0.5);
}

TEST(DataCloud, TakesAStateThatNearlyAllRowsShare) {
  Matrix rows = Matrix::Zero(120, 1);
  for (int r = 116; r < 120; ++r) rows(r, 0) = r - 115;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    const DataCloud cloud = fit_cloud(rows, {0}, {.seed = seed});
    ASSERT_TRUE(cloud.known());
    EXPECT_TRUE(std::isfinite(cloud.row_limit) && cloud.row_limit > 0);
    EXPECT_EQ(flagged(cloud, Matrix::Zero(3, 1)), 0) << seed;
    std::vector<int> one_group(120, 7);
    EXPECT_TRUE(fit_cloud(rows, {0}, {.seed = seed, .groups = one_group}).known());
  }
}

TEST(DataCloud, LeavesOutTogetherWhatGroupsAndRepeatsJoin) {
  // Every second row repeats one of another group, so that groups hang together in pairs.
  Matrix heats = plant_rows(60, 26), rows(240, 4);
  std::vector<int> groups;
  for (int r = 0; r < 240; ++r) {
    rows.row(r) = heats.row(r % 60);
    groups.push_back(r / 2 % 60);
  }
  EXPECT_LT(flagged(fit_cloud(rows, {0, 1, 2, 3}, {.groups = groups}), plant_rows(400, 27)), 0.25);
}

TEST(DataCloud, OfASlowSeriesExpectsItsOwnWandering) {
  Rng rng(9);
  Matrix walk(1500, 2);
  double x = 0, y = 0;
  for (int r = 0; r < 1500; ++r) {
    x = 0.99 * x + 0.14 * rng.normal();
    y = 0.99 * y + 0.14 * rng.normal();
    walk.row(r) << x, y;
  }
  const Matrix design = walk.topRows(1000), test = walk.bottomRows(500);
  EXPECT_LT(flagged(fit_cloud(design, {0, 1}, {.ordered = true}), test), 0.08);
}

TEST(DataCloud, KeepsFewRowsAndTheSameBits) {
  const DataCloud cloud = plant_cloud(20000);
  EXPECT_EQ(cloud.rows.rows(), DataCloud::kKept);
  const std::string text = dump_json(to_json(cloud));
  EXPECT_LT(text.size(), 12000u);
  const DataCloud back = cloud_from_json(parse_json(text, "cloud"), 4);
  const Matrix rows = plant_rows(100, 10);
  EXPECT_EQ(cloud_ratios(back, rows), cloud_ratios(cloud, rows));
  EXPECT_EQ(dump_json(to_json(plant_cloud(20000))), text) << "the same every time";
}

TEST(DataCloud, PassesOverConstantAndUnusedInputs) {
  Matrix rows = plant_rows(100, 11);
  rows.col(2).setConstant(0.5);
  const DataCloud cloud = fit_cloud(rows, {0, 2, 3}, {});
  EXPECT_EQ(cloud.features, (std::vector<int>{0, 3}));
  EXPECT_FALSE(fit_cloud(rows.topRows(9), {0, 3}, {}).known());
  EXPECT_FALSE(fit_cloud(rows, {2}, {}).known());
}

TEST(DataCloud, GradientMeetsFiniteDifferences) {
  const DataCloud cloud = plant_cloud(300);
  for (const Vector& place : {Vector{{0.2, 0.1, -0.3, 0.4}}, Vector{{2, -1, 0.3, 0.9}}}) {
    const CloudDistance at = cloud_distance(cloud, place);
    EXPECT_NEAR(at.shares.sum(), 1, 1e-9);
    EXPECT_NEAR(std::max(at.mean_ratio, at.row_ratio), cloud_ratios(cloud, place.transpose())[0],
                1e-12);
    for (int k = 0; k < 4; ++k) {
      Matrix rows = place.transpose().replicate(2, 1);
      rows(0, k) -= 1e-6;
      rows(1, k) += 1e-6;
      const Vector ratios = cloud_ratios(cloud, rows);
      EXPECT_NEAR(at.gradient[k], (ratios[1] - ratios[0]) / 2e-6, 1e-6) << k;
    }
  }
}

TEST(DataCloud, RefusesWhatDoesNotFit) {
  const Json good = to_json(plant_cloud(50));
  EXPECT_NO_THROW(cloud_from_json(good, 4));
  EXPECT_THROW(cloud_from_json(good, 3), Error);
  for (const char* key : {"mean_limit", "row_limit", "row_count", "mean", "rows", "whitening"}) {
    Json bad = good;
    bad[key] = Json();
    EXPECT_THROW(cloud_from_json(bad, 4), Error) << key;
  }
  Json bad = good;
  bad["rows"] = "AAAA";
  EXPECT_THROW(cloud_from_json(bad, 4), Error);
}

}  // namespace
}  // namespace cupel
