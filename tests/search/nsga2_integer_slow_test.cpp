// NSGA-II where variables are whole numbers or mixed: the gear train of Deb & Srinivasan, whose
// front is known by enumeration, and the pressure vessel, whose best design is known (6059.714 at
// 0.8125, 0.4375, 42.0984, 176.637; shells come in multiples of 1/16 inch, radius and length end
// at 200: with lengths up to 240 there are designs for 5850).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "cupel/search/methods/nsga2.hpp"
#include "tests/support/test_problems.hpp"

namespace cupel::test {
namespace {

constexpr int kLeast = 12, kMost = 60;

double gear_error(double a, double b, double c, double d) {
  const double error = 1 / 6.931 - a * b / (c * d);
  return error * error;
}

Score gear_score(const Candidate& x) {
  return {
      .objectives = {gear_error(x[0], x[1], x[2], x[3]), *std::max_element(x.begin(), x.end())}};
}

/// Least error for every largest wheel that is on the front.
std::map<int, double> gear_front() {
  std::map<int, double> best;
  for (int a = kLeast; a <= kMost; ++a)
    for (int b = a; b <= kMost; ++b)
      for (int c = kLeast; c <= kMost; ++c)
        for (int d = c; d <= kMost; ++d) {
          const auto [place, added] = best.insert({std::max(b, d), gear_error(a, b, c, d)});
          if (!added) place->second = std::min(place->second, gear_error(a, b, c, d));
        }
  double least = INFINITY;
  std::erase_if(best, [&](const auto& entry) {
    const bool beaten = entry.second >= least;
    least = std::min(least, entry.second);
    return beaten;
  });
  return best;
}

TEST(Nsga2Integer, GearTrainReachesNearlyAllOfTheExactFrontAndNothingBeyond) {
  const std::map<int, double> exact = gear_front();
  ASSERT_EQ(exact.size(), 28u);
  EXPECT_NEAR(exact.at(49), 2.700857e-12, 1e-18);
  Space space;
  for (const char* name : {"a", "b", "c", "d"})
    space.genes.push_back({.name = name, .kind = GeneKind::integer, .low = kLeast, .up = kMost});
  for (const double jumping : {0.0, 0.3}) {
    const auto last =
        run_nsga2(space, evaluate_with(gear_score),
                  {.population = 100, .generations = 400, .jumping_gene_probability = jumping}, 1);
    std::map<int, double> found;
    for (const Evaluated& one : last) {
      const int teeth = static_cast<int>(one.score.objectives[1]);
      const auto best = std::prev(exact.upper_bound(teeth));
      EXPECT_GE(one.score.objectives[0], best->second * (1 - 1e-6)) << teeth;
      if (best->first == teeth && one.score.objectives[0] <= best->second * (1 + 1e-6))
        found[teeth] = one.score.objectives[0];
    }
    EXPECT_GE(found.size(), 24u) << "of 28, jumping genes " << jumping;
  }
}

Score vessel_score(const Candidate& x) {
  const double shell = 0.0625 * x[0], head = 0.0625 * x[1], r = x[2], length = x[3];
  const double cost = 0.6224 * shell * r * length + 1.7781 * head * r * r +
                      3.1661 * shell * shell * length + 19.84 * shell * shell * r;
  const double volume = std::numbers::pi * r * r * (length + 4.0 / 3 * r);
  const double violation = std::max(0.0, 0.0193 * r / shell - 1) +
                           std::max(0.0, 0.00954 * r / head - 1) +
                           std::max(0.0, 1 - volume / 1296000);
  return {.objectives = {cost}, .violation = violation};
}

TEST(Nsga2Integer, PressureVesselComesNearTheBestKnownDesign) {
  EXPECT_NEAR(vessel_score({13, 7, 42.0984456, 176.6365958}).objectives[0], 6059.714335, 1e-3);
  Space space = real_space({{1, 99}, {1, 99}, {10, 200}, {10, 200}});
  space.genes[0].kind = space.genes[1].kind = GeneKind::integer;
  std::vector<double> best;
  for (int seed = 1; seed <= 11; ++seed) {
    double least = INFINITY;
    for (const Evaluated& one : run_nsga2(space, evaluate_with(vessel_score),
                                          {.population = 100, .generations = 400}, seed))
      if (one.score.violation <= 0) least = std::min(least, one.score.objectives[0]);
    best.push_back(least);
  }
  std::sort(best.begin(), best.end());
  EXPECT_GT(best[0], 6059.7143) << "no design is better";
  EXPECT_LT(best[0], 6059.7143 * 1.01);
  EXPECT_LT(best[5], 6059.7143 * 1.10) << "median of 11 seeds";
}

}  // namespace
}  // namespace cupel::test
