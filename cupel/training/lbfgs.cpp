#include <algorithm>
#include <cmath>
#include <vector>

#include "cupel/training/descent.hpp"

namespace cupel {
namespace {

/// The last pairs (s, y) of steps and gradient changes, in a ring.
struct Pairs {
  Pairs(int n, int memory) : s(n, memory), y(n, memory), rho(memory), alpha(memory) {}
  Matrix s, y;
  std::vector<double> rho, alpha;
  int count = 0, next = 0;

  int capacity() const { return static_cast<int>(rho.size()); }
  /// k-th most recent.
  int at(int k) const { return (next - 1 - k + 2 * capacity()) % capacity(); }
};

/// direction = -H gradient by the two-loop recursion.
void two_loops(Pairs& pairs, const Vector& gradient, Vector& direction, const Kernels& kernels) {
  const int n = static_cast<int>(gradient.size());
  direction = -gradient;
  for (int k = 0; k < pairs.count; ++k) {
    const int i = pairs.at(k);
    pairs.alpha[i] = pairs.rho[i] * kernels.dot(n, pairs.s.col(i).data(), direction.data());
    kernels.axpy(n, -pairs.alpha[i], pairs.y.col(i).data(), direction.data());
  }
  if (pairs.count > 0) {
    const int i = pairs.at(0);
    const double* y = pairs.y.col(i).data();
    direction *= 1 / (pairs.rho[i] * kernels.dot(n, y, y));
  }
  for (int k = pairs.count - 1; k >= 0; --k) {
    const int i = pairs.at(k);
    const double beta = pairs.rho[i] * kernels.dot(n, pairs.y.col(i).data(), direction.data());
    kernels.axpy(n, pairs.alpha[i] - beta, pairs.s.col(i).data(), direction.data());
  }
}

}  // namespace

DescentResult lbfgs(const Objective& objective, Vector start, const DescentOptions& options,
                    const Kernels& kernels) {
  const int n = static_cast<int>(start.size());
  Pairs pairs(n, std::clamp(options.memory, 1, 100));
  const auto direct = [&](const Vector& gradient, Vector& direction) {
    two_loops(pairs, gradient, direction, kernels);
    return pairs.count > 0;
  };
  const auto learn = [&](const Vector& step, const Vector& change) {
    const double curvature = kernels.dot(n, step.data(), change.data());
    if (curvature <= 1e-14 * kernels.dot(n, change.data(), change.data())) return;
    pairs.s.col(pairs.next) = step;
    pairs.y.col(pairs.next) = change;
    pairs.rho[pairs.next] = 1 / curvature;
    pairs.next = (pairs.next + 1) % pairs.capacity();
    pairs.count = std::min(pairs.count + 1, pairs.capacity());
  };
  const auto forget = [&] { pairs.count = 0; };
  return descend(objective, std::move(start), options, kernels, {direct, learn, forget});
}

}  // namespace cupel
