#include "cupel/study/average.hpp"

#include <cassert>
#include <cmath>

namespace cupel {

Vector stacking_weights(ConstMatrixRef predictions, ConstVectorRef measured, double shrink) {
  assert(predictions.rows() == measured.size());
  const Eigen::Index networks = predictions.cols();
  const Vector equal = Vector::Constant(networks, 1.0 / static_cast<double>(networks));
  // With sum 1 the error is E w, E = predictions - measured: minimize wᵀ (EᵀE) w.
  Matrix errors = predictions.colwise() - measured;
  for (Eigen::Index row = 0; row < errors.rows(); ++row)
    if (!errors.row(row).allFinite()) errors.row(row).setZero();
  const Matrix products = errors.transpose() * errors;
  Vector weights = equal;
  // Frank-Wolfe with pairwise steps (Lacoste-Julien & Jaggi 2015): weight moves from the network
  // that hurts most to the one that helps most, as far as is best.
  constexpr int kSteps = 2000;
  for (int step = 0; step < kSteps; ++step) {
    const Vector slope = products * weights;
    Eigen::Index to = 0, from = -1;
    slope.minCoeff(&to);
    for (Eigen::Index k = 0; k < networks; ++k)
      if (weights[k] > 0 && (from < 0 || slope[k] > slope[from])) from = k;
    const double gain = slope[from] - slope[to];
    const double bend = products(to, to) + products(from, from) - 2 * products(to, from);
    if (!(gain > 1e-12 * std::abs(slope[from])) || !(bend > 0)) break;
    const double moved = std::min(weights[from], gain / bend);
    weights[from] = moved == weights[from] ? 0 : weights[from] - moved;
    weights[to] += moved;
  }
  return (1 - shrink) * weights + shrink * equal;
}

}  // namespace cupel
