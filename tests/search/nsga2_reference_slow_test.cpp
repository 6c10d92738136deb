// Hypervolumes of an independent NSGA-II implementation (population 100, 250 generations, 11
// seeds: median and standard deviation) and, where there is a closed form, of the exact front.
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

#include "cupel/search/methods/nsga2.hpp"
#include "tests/support/test_problems.hpp"

namespace cupel::test {
namespace {

struct Published {
  const char* problem;
  double median, deviation, exact;
};

void PrintTo(const Published& expected, std::ostream* out) { *out << expected.problem; }

constexpr Published published[] = {
    {"ZDT1", 0.86939, 0.00027, 0.876667}, {"ZDT2", 0.53602, 0.00044, 0.543333},
    {"ZDT3", 1.3273, 0.00033, 1.331762},  {"ZDT4", 0.86533, 0.0030, 0.876667},
    {"ZDT6", 0.49529, 0.0011, 0.507878},  {"BNH", 5248.2, 0.79, 5285.33},
    {"SRN", 30446, 13, 30816.3},          {"TNK", 0.42831, 0.00042, 0.433395},
    {"OSY", 16493, 2300, 16796},
};

Problem problem_named(const std::string& name) {
  for (Problem& problem : test_problems())
    if (problem.name == name) return problem;
  return {};
}

/// Sorted, of 11 seeds.
std::vector<double> hypervolumes(const Problem& problem, bool reject_duplicates) {
  const MethodOptions options{
      .population = 100, .generations = 250, .reject_duplicates = reject_duplicates};
  std::vector<double> volumes;
  for (int seed = 1; seed <= 11; ++seed) {
    const auto population = run_nsga2(problem.space, evaluate_with(problem.score), options, seed);
    volumes.push_back(hypervolume(feasible_points(population), problem.reference));
  }
  std::sort(volumes.begin(), volumes.end());
  return volumes;
}

class Nsga2Reference : public testing::TestWithParam<Published> {};

// The published runs kept duplicates.
TEST_P(Nsga2Reference, MedianHypervolumeIsWithinThreeDeviations) {
  const Published& expected = GetParam();
  const auto volumes = hypervolumes(problem_named(expected.problem), false);
  EXPECT_NEAR(volumes[5], expected.median, 3 * expected.deviation);
  EXPECT_LT(volumes.back(), expected.exact) << "no front is better than the exact one";
}

TEST_P(Nsga2Reference, RejectingDuplicatesIsNotWorse) {
  const Published& expected = GetParam();
  const auto volumes = hypervolumes(problem_named(expected.problem), true);
  EXPECT_GT(volumes[5], expected.median - expected.deviation);
  EXPECT_LT(volumes.back(), expected.exact) << "no front is better than the exact one";
}

/// NSGA-II-RJG: the published runs have no jumping genes, and these must not lose by them.
TEST_P(Nsga2Reference, JumpingGenesAreNotFarBehind) {
  const Published& expected = GetParam();
  const Problem problem = problem_named(expected.problem);
  std::vector<double> volumes;
  for (int seed = 1; seed <= 3; ++seed) {
    const auto population =
        run_nsga2(problem.space, evaluate_with(problem.score),
                  {.population = 100, .generations = 250, .jumping_gene_probability = 0.1}, seed);
    volumes.push_back(hypervolume(feasible_points(population), problem.reference));
  }
  std::sort(volumes.begin(), volumes.end());
  EXPECT_GT(volumes[1], std::min(0.99 * expected.median, expected.median - expected.deviation));
  EXPECT_LT(volumes.back(), expected.exact) << "no front is better than the exact one";
}

INSTANTIATE_TEST_SUITE_P(Published, Nsga2Reference, testing::ValuesIn(published),
                         [](const auto& test) { return std::string(test.param.problem); });

}  // namespace
}  // namespace cupel::test
