#include "cupel/data/fill_values.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace cupel {
namespace {

using Fills = std::vector<double>;

/// `rows` different values from low to high, and `fill` so often.
std::vector<double> filled(double low, double high, double fill, int often = 6) {
  std::vector<double> values;
  for (int k = 0; k < 200; ++k) values.push_back(low + (high - low) * (k * 37 % 200) / 199.0);
  for (int k = 0; k < often; ++k) values[static_cast<std::size_t>(k * 31 % 200)] = fill;
  return values;
}

TEST(FillValues, AreFoundOfEitherSignAndAnySize) {
  for (const double fill : {-200.0, -9999.0, 9999.0, 999.9, -99.0, 1e20, -1e30, 65535.0, 32767.0,
                            -999.25, 99999.0, 3.4028235e38})
    EXPECT_EQ(find_fills(filled(0.1, 11.9, fill)), Fills{fill}) << fill;
  EXPECT_EQ(find_fills(filled(2, 1479, -200)), Fills{-200});
  EXPECT_EQ(find_fills(filled(-1.9, 44.6, -200)), Fills{-200});
}

TEST(FillValues, MayBeSeveral) {
  std::vector<double> values = filled(80, 120, 9999);
  values[1] = values[3] = -999;
  EXPECT_EQ(find_fills(values), (Fills{-999, 9999}));
}

TEST(FillValues, AreNoMeasurements) {
  EXPECT_EQ(find_fills(filled(50, 100, 0, 60)), Fills{}) << "none of it was added";
  EXPECT_EQ(find_fills(filled(0, 80, 100)), Fills{}) << "a valve that is open";
  EXPECT_EQ(find_fills(filled(20, 85, 99)), Fills{}) << "humid air";
  EXPECT_EQ(find_fills(filled(900, 1100, 999)), Fills{}) << "among the others";
  EXPECT_EQ(find_fills(filled(-500, 500, -523.7)), Fills{});
  EXPECT_EQ(find_fills(filled(0, 0.02, 60)), Fills{}) << "a flare";
  EXPECT_EQ(find_fills({10, 20, 30, 100, 10, 20, 30, 100, 10, 20, 30, 100}), Fills{}) << "settings";
}

TEST(FillValues, OfOtherColumnsNeedLessEvidence) {
  std::vector<double> values = filled(-190, 1000, -200, 2);
  EXPECT_EQ(find_fills(values), Fills{});
  EXPECT_EQ(find_fills(values, {-200}), Fills{-200});
}

}  // namespace
}  // namespace cupel
