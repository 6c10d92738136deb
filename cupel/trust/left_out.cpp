#include "cupel/trust/left_out.hpp"

#include "cupel/data/together.hpp"

namespace cupel {

Vector left_out_residuals(ConstVectorRef residuals, ConstVectorRef leverages,
                          std::span<const int> together) {
  if (together.empty()) return residuals.array() / (1 - leverages.array());
  Vector sum = Vector::Zero(count_numbers(together)), count = sum;
  for (std::size_t k = 0; k < together.size(); ++k) {
    sum[together[k]] += residuals[static_cast<Eigen::Index>(k)];
    count[together[k]] += 1;
  }
  Vector result = residuals;
  for (std::size_t k = 0; k < together.size(); ++k) {
    const double leverage = leverages[static_cast<Eigen::Index>(k)];
    result[static_cast<Eigen::Index>(k)] +=
        leverage * sum[together[k]] / (1 - count[together[k]] * leverage);
  }
  return result;
}

}  // namespace cupel
