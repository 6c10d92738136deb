#include "cupel/training/descent.hpp"

namespace cupel {

DescentResult bfgs(const Objective& objective, Vector start, const DescentOptions& options,
                   const Kernels& kernels) {
  const int n = static_cast<int>(start.size());
  Matrix inverse = Matrix::Identity(n, n);
  Vector product(n);
  bool scaled = false;
  const auto direct = [&](const Vector& gradient, Vector& direction) {
    for (int i = 0; i < n; ++i)  // symmetric: a column is a row
      direction[i] = -kernels.dot(n, inverse.col(i).data(), gradient.data());
    return scaled;
  };
  const auto learn = [&](const Vector& step, const Vector& change) {
    const double sy = kernels.dot(n, step.data(), change.data());
    const double yy = kernels.dot(n, change.data(), change.data());
    if (sy <= 1e-14 * yy) return;
    if (!scaled) inverse.diagonal().setConstant(sy / yy);
    scaled = true;
    for (int i = 0; i < n; ++i) product[i] = kernels.dot(n, inverse.col(i).data(), change.data());
    const double yhy = kernels.dot(n, change.data(), product.data());
    // H += (1 + yᵀHy/sy) s sᵀ/sy - (s (Hy)ᵀ + Hy sᵀ)/sy, column by column.
    const double weight = (1 + yhy / sy) / sy;
    for (int i = 0; i < n; ++i)
      kernels.axpby(n, weight * step[i] - product[i] / sy, step.data(), -step[i] / sy,
                    product.data(), inverse.col(i).data());
  };
  const auto forget = [&] {
    inverse.setIdentity();
    scaled = false;
  };
  return descend(objective, std::move(start), options, kernels, {direct, learn, forget});
}

}  // namespace cupel
