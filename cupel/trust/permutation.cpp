#include "cupel/trust/permutation.hpp"

#include <cmath>

namespace cupel {

std::vector<double> permutation_effects(const Matrix& features,
                                        const std::vector<std::vector<int>>& groups,
                                        const FeatureError& error, int repeats, Rng& rng) {
  const double plain = error(features);
  std::vector<double> effects;
  Matrix shuffled = features;
  for (const std::vector<int>& group : groups) {
    double total = 0;
    for (int r = 0; r < repeats && !group.empty(); ++r) {
      const std::vector<int> order = rng.permutation(static_cast<int>(features.rows()));
      for (int column : group)
        for (Eigen::Index row = 0; row < features.rows(); ++row)
          shuffled(row, column) = features(order[row], column);
      total += error(shuffled);
    }
    for (int column : group) shuffled.col(column) = features.col(column);
    effects.push_back(group.empty() || !(plain > 0) ? 0 : std::sqrt(total / repeats / plain) - 1);
  }
  return effects;
}

}  // namespace cupel
