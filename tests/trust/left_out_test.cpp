#include "cupel/trust/left_out.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <Eigen/QR>
#include <vector>

#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

/// A plane through 12 rows, four settings three times each.
struct Plane {
  Matrix x{12, 3};
  Vector y{12};
  std::vector<int> setting;

  Plane() {
    Rng rng(3);
    for (int row = 0; row < 12; ++row) {
      setting.push_back(row % 4);
      x.row(row) << 1, row < 4 ? rng.normal() : x(row % 4, 1),
          row < 4 ? rng.normal() : x(row % 4, 2);
      y[row] = rng.normal();
    }
  }
  Vector fitted(const Matrix& inputs, const Vector& values) const {
    return inputs.colPivHouseholderQr().solve(values);
  }
};

TEST(LeftOutResiduals, AreThoseOfAFitWithoutTheSetting) {
  const Plane plane;
  const Matrix hat = plane.x * (plane.x.transpose() * plane.x).inverse() * plane.x.transpose();
  const Vector residuals = plane.y - plane.x * plane.fitted(plane.x, plane.y);
  const Vector found = left_out_residuals(residuals, hat.diagonal(), plane.setting);
  for (int s = 0; s < 4; ++s) {
    std::vector<int> others;
    for (int row = 0; row < 12; ++row)
      if (plane.setting[static_cast<std::size_t>(row)] != s) others.push_back(row);
    const Vector weights = plane.fitted(plane.x(others, Eigen::all), plane.y(others));
    for (int row = s; row < 12; row += 4)
      EXPECT_NEAR(found[row], plane.y[row] - plane.x.row(row) * weights, 1e-9);
  }
}

TEST(LeftOutResiduals, OfRowsAloneAreThoseOfAFitWithoutTheRow) {
  const Plane plane;
  const Matrix hat = plane.x * (plane.x.transpose() * plane.x).inverse() * plane.x.transpose();
  const Vector residuals = plane.y - plane.x * plane.fitted(plane.x, plane.y);
  const Vector found = left_out_residuals(residuals, hat.diagonal(), {});
  for (int row = 0; row < 12; ++row) {
    std::vector<int> others;
    for (int other = 0; other < 12; ++other)
      if (other != row) others.push_back(other);
    const Vector weights = plane.fitted(plane.x(others, Eigen::all), plane.y(others));
    EXPECT_NEAR(found[row], plane.y[row] - plane.x.row(row) * weights, 1e-9);
  }
}

}  // namespace
}  // namespace cupel
