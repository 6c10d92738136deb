#include "cupel/simulators/styrene.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

// I0, T, t, then x, Mn, Mw: computed by an independent program at a tolerance of 1e-10.
constexpr double kTable[][6] = {
    {10, 60, 600, 0.300549, 137080, 212931},   {10, 60, 2000, 0.889065, 171680, 424985},
    {25, 60, 1200, 0.890105, 97326.4, 252773}, {55, 60, 1000, 0.893519, 51647.6, 164458},
    {10, 70, 600, 0.898371, 156924, 335624},   {25, 70, 500, 0.916551, 73880.8, 179481},
    {55, 70, 400, 0.920148, 39123.5, 112029},  {25, 80, 300, 0.942503, 56053.9, 138212},
    {10, 90, 2000, 0.850845, 107517, 649097},  {55, 90, 120, 0.966858, 25023.4, 61806.8},
};

TEST(Styrene, AgreesWithTheTable) {
  for (const auto& row : kTable) {
    const StyreneResult result = simulate_styrene({row[0], row[1], row[2]});
    EXPECT_NEAR(result.conversion, row[3], 1e-4 * row[3]);
    EXPECT_NEAR(result.mn_g_mol, row[4], 1e-4 * row[4]);
    EXPECT_NEAR(result.mw_g_mol, row[5], 1e-4 * row[5]);
  }
}

TEST(Styrene, StartsAtTheLimits) {
  const StyreneResult cold = simulate_styrene({10, 60, 0}), hot = simulate_styrene({55, 90, 0});
  EXPECT_EQ(cold.conversion, 0);
  EXPECT_NEAR(cold.mn_g_mol, 116953.5, 0.1);
  EXPECT_NEAR(cold.mw_g_mol, 178407.9, 0.1);
  EXPECT_NEAR(hot.mn_g_mol, 16177.78, 0.01);
  EXPECT_NEAR(hot.mw_g_mol, 24278.75, 0.01);
}

TEST(Styrene, KeepsItsMass) {
  for (const auto& row : kTable)
    EXPECT_NEAR(simulate_styrene({row[0], row[1], row[2]}).closure, 0, 1e-8);
}

TEST(Styrene, FollowsTheClosedFormWithoutGelGlassHeatAndTransfer) {
  const StyreneOptions plain{
      .gel = false, .glass = false, .thermal = false, .transfer = false, .contraction = false};
  const StyreneResult start = simulate_styrene({10, 60, 0}, plain);
  EXPECT_NEAR(start.mw_g_mol / start.mn_g_mol, 1.5, 1e-3);
  const double t = 333.15, kd = 1.58e15 * std::exp(-30800 / (1.987 * t));
  const double kp = 1.051e7 * std::exp(-7067.8 / (1.987 * t));
  const double kt = 1.255e9 * std::exp(-1680 / (1.987 * t));
  const double logarithm =
      -2 * kp / std::sqrt(kt) * std::sqrt(2 * 0.6 * 0.01 / kd) * (1 - std::exp(-kd * 36000 / 2));
  EXPECT_NEAR(simulate_styrene({10, 60, 600}, plain).conversion, 1 - std::exp(logarithm), 5e-4);
}

TEST(Styrene, GivesTheSameAtOneTimeAsInABatch) {
  const double times[] = {0, 100, 300, 500};
  const auto batch = simulate_batch({25, 70}, times);
  ASSERT_EQ(batch.size(), 4u);
  for (int k = 1; k < 4; ++k) EXPECT_GT(batch[k].conversion, batch[k - 1].conversion);
  EXPECT_NEAR(batch[2].conversion, simulate_styrene({25, 70, 300}).conversion, 1e-7);
}

TEST(Styrene, RefusesImpossibleBatches) {
  EXPECT_THROW(simulate_styrene({-1, 60, 100}), Error);
  EXPECT_THROW(simulate_styrene({10, 60, -1}), Error);
}

}  // namespace
}  // namespace cupel
