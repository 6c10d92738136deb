#include "cupel/simulators/experiment.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cupel {
namespace {

TEST(Experiment, HasOnePointInEachSliceOfEverySetting) {
  const Plant& plant = find_plant("ethane-cracker");
  const auto ranges = usual_ranges(plant);
  Rng rng(3);
  const int rows = 20;
  const Matrix settings = latin_hypercube(plant, ranges, rows, rng);
  for (int c = 0; c < settings.cols(); ++c) {
    std::vector<int> hits(rows + 1);
    for (int r = 0; r < rows; ++r)
      ++hits[static_cast<int>((settings(r, c) - ranges[c].low) / (ranges[c].up - ranges[c].low) *
                              rows)];
    for (int slice = 0; slice < rows; ++slice) EXPECT_EQ(hits[slice], 1) << "setting " << c;
  }
}

TEST(Experiment, GridsHaveAllCombinationsAndKeepWhatIsFixed) {
  const Plant& plant = find_plant("styrene");
  std::vector<SettingRange> ranges = usual_ranges(plant);
  ranges[1] = {70, 70};
  const Matrix grid = full_grid(plant, ranges, 3);
  ASSERT_EQ(grid.rows(), 9);
  EXPECT_EQ(grid(0, 0), 10);
  EXPECT_EQ(grid(8, 0), 55);
  EXPECT_EQ(grid(1, 2), 1000) << "the last setting changes fastest";
  EXPECT_TRUE((grid.col(1).array() == 70).all());
}

TEST(Experiment, NoiseIsRelative) {
  Matrix results = Matrix::Constant(4000, 1, 50);
  Rng rng(1);
  add_noise(results, 0.01, rng);
  const double mean = results.mean();
  EXPECT_NEAR(mean, 50, 0.05);
  EXPECT_NEAR(std::sqrt((results.array() - mean).square().mean()), 0.5, 0.03);
}

}  // namespace
}  // namespace cupel
