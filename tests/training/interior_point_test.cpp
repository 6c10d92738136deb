#include "cupel/training/interior_point.hpp"

#include <gtest/gtest.h>

#include "tests/support/box_problems.hpp"

namespace cupel {
namespace {

TEST(InteriorPoint, EndsInTheBoxWhereTheOptimalityConditionsHold) {
  int at_bounds = 0;
  for (const std::uint64_t number : {4, 17, 25, 27}) {
    const test::BoxProblem box(number);
    const DescentResult result =
        interior_point(box.problem, box.start, {.max_iterations = 500, .tolerance = 1e-9});
    EXPECT_LT(test::optimality_residual(box.problem, result.x), 1e-5) << number;
    EXPECT_NEAR(result.value, penalized_sse(box.problem, result.x), 1e-12 * result.value);
    for (int k = 0; k < result.x.size(); ++k) {
      EXPECT_LE(std::abs(result.x[k]), box.problem.bound);
      at_bounds += std::abs(result.x[k]) > box.problem.bound - 1e-6;
      if (!box.mask[static_cast<std::size_t>(k)]) {
        EXPECT_EQ(result.x[k], 0);
      }
    }
  }
  EXPECT_GT(at_bounds, 0) << "no bound was active: the test says little";
}

TEST(InteriorPoint, FindsTheSameMinimumWithBothCurvatures) {
  const test::BoxProblem box(25);
  const DescentResult newton = interior_point(box.problem, box.start, {}),
                      limited = interior_point(
                          box.problem, box.start,
                          {.max_iterations = 1000, .curvature = Curvature::limited_memory});
  EXPECT_NEAR(newton.value, limited.value, 1e-6 * newton.value);
}

}  // namespace
}  // namespace cupel
