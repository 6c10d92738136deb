#include "cupel/simulators/experiment.hpp"

#include <cmath>

namespace cupel {
namespace {

double rounded(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale;
}

}  // namespace

std::vector<SettingRange> usual_ranges(const Plant& plant) {
  std::vector<SettingRange> ranges;
  for (const PlantVariable& setting : plant.settings) ranges.push_back({setting.low, setting.up});
  return ranges;
}

Matrix latin_hypercube(const Plant& plant, std::span<const SettingRange> ranges, int rows,
                       Rng& rng) {
  Matrix settings(rows, std::ssize(ranges));
  for (int c = 0; c < std::ssize(ranges); ++c) {
    const std::vector<int> slices = rng.permutation(rows);
    for (int r = 0; r < rows; ++r) {
      const double share = (slices[r] + rng.uniform()) / rows;
      settings(r, c) = rounded(ranges[c].low + share * (ranges[c].up - ranges[c].low),
                               plant.settings[c].decimals);
    }
  }
  return settings;
}

Matrix full_grid(const Plant& plant, std::span<const SettingRange> ranges, int levels) {
  const auto count = [&](int c) { return ranges[c].low == ranges[c].up ? 1 : levels; };
  int rows = 1;
  for (int c = 0; c < std::ssize(ranges); ++c) rows *= count(c);
  Matrix settings(rows, std::ssize(ranges));
  for (int r = 0; r < rows; ++r) {
    int rest = r;
    for (int c = static_cast<int>(ranges.size()) - 1; c >= 0; --c) {
      const int level = rest % count(c);
      rest /= count(c);
      const double share = count(c) == 1 ? 0 : static_cast<double>(level) / (count(c) - 1);
      settings(r, c) = rounded(ranges[c].low + share * (ranges[c].up - ranges[c].low),
                               plant.settings[c].decimals);
    }
  }
  return settings;
}

void add_noise(Matrix& results, double share, Rng& rng) {
  for (Eigen::Index r = 0; r < results.rows(); ++r)
    for (Eigen::Index c = 0; c < results.cols(); ++c) results(r, c) *= 1 + share * rng.normal();
}

}  // namespace cupel
