#include "cupel/base/bounded_descent.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cupel::test {
namespace {

double rosenbrock(const Vector& x, Vector& gradient) {
  const double a = 1 - x[0], b = x[1] - x[0] * x[0];
  gradient = (Vector(2) << -2 * a - 400 * b * x[0], 200 * b).finished();
  return a * a + 100 * b * b;
}

Box square(double low, double up) { return {Vector::Constant(2, low), Vector::Constant(2, up)}; }

TEST(BoundedDescent, FindsTheLowestPointInside) {
  const auto found = minimize_within(rosenbrock, square(-5, 5), (Vector(2) << -1.2, 1).finished(),
                                     {.max_iterations = 200});
  EXPECT_NEAR(found.x[0], 1, 1e-4);
  EXPECT_NEAR(found.x[1], 1, 1e-4);
}

TEST(BoundedDescent, FindsTheLowestPointOnTheBound) {
  // On x1 <= 1/2 the lowest point of Rosenbrock's valley is (1/2, 1/4).
  const auto found =
      minimize_within(rosenbrock, square(-5, 0.5), Vector::Zero(2), {.max_iterations = 200});
  EXPECT_DOUBLE_EQ(found.x[0], 0.5);
  EXPECT_NEAR(found.x[1], 0.25, 1e-4);
}

TEST(BoundedDescent, KeepsAwayFromPointsThatAreNotDefined) {
  const auto bowl = [](const Vector& x, Vector& gradient) {
    gradient = 2 * x;
    return x[0] > 0.1 ? x.squaredNorm() : std::nan("");
  };
  const auto found = minimize_within(bowl, square(-1, 1), Vector::Constant(2, 0.9));
  EXPECT_GT(found.x[0], 0.1);
  EXPECT_LT(found.value, 0.9 * 0.9 * 2);
}

}  // namespace
}  // namespace cupel::test
