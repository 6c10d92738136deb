#include "cupel/base/bounded_descent.hpp"

#include <algorithm>
#include <cmath>

namespace cupel {
namespace {

constexpr double kSufficientFall = 1e-4;
constexpr int kHalvings = 30;

/// 0 for variables at a bound that the descent would leave through it, 1 for the others.
Vector free_variables(const Vector& x, const Vector& gradient, const Box& box) {
  Vector free = Vector::Ones(x.size());
  for (Eigen::Index k = 0; k < x.size(); ++k)
    if ((x[k] <= box.low[k] && gradient[k] > 0) || (x[k] >= box.up[k] && gradient[k] < 0))
      free[k] = 0;
  return free;
}

void learn(Matrix& inverse, const Vector& step, const Vector& change, bool first) {
  const double curvature = step.dot(change);
  if (!(curvature > 1e-12 * step.norm() * change.norm())) return;
  if (first) inverse *= curvature / change.squaredNorm();
  const Vector moved = inverse * change;
  const double scale = (1 + change.dot(moved) / curvature) / curvature;
  inverse += scale * step * step.transpose();
  inverse -= (moved * step.transpose() + step * moved.transpose()) / curvature;
}

}  // namespace

BoundedMinimum minimize_within(
    const std::function<double(const Vector& x, Vector& gradient)>& objective, const Box& box,
    Vector start, const BoundedDescentOptions& options) {
  const auto n = start.size();
  const auto inside = [&](const Vector& x) { return x.cwiseMax(box.low).cwiseMin(box.up).eval(); };
  BoundedMinimum best{.x = inside(start)};
  Vector gradient(n), next_gradient(n);
  best.value = objective(best.x, gradient);
  best.evaluations = 1;
  if (!std::isfinite(best.value) || !gradient.allFinite()) return best;
  Matrix inverse = Matrix::Identity(n, n);
  bool fresh = true;
  for (int iteration = 0; iteration < options.max_iterations; ++iteration) {
    const Vector free = free_variables(best.x, gradient, box);
    const Vector slope = gradient.cwiseProduct(free);
    if (n == 0 || slope.lpNorm<Eigen::Infinity>() <= options.gradient_tolerance) break;
    Vector direction = -(inverse * slope).cwiseProduct(free);
    if (!(direction.dot(slope) < 0)) direction = -slope;
    double share = 1;
    const double longest = direction.lpNorm<Eigen::Infinity>();
    const double most = fresh ? std::min(1.0, options.longest_move) : options.longest_move;
    if (longest > most) share = most / longest;
    Vector next;
    double value = 0;
    bool found = false;
    for (int k = 0; k < kHalvings && !found; ++k, share *= 0.5) {
      next = inside(best.x + share * direction);
      value = objective(next, next_gradient);
      ++best.evaluations;
      found = std::isfinite(value) && next_gradient.allFinite() &&
              value <= best.value + kSufficientFall * gradient.dot(next - best.x);
    }
    if (!found) {
      if (fresh) break;
      inverse.setIdentity();
      fresh = true;
      continue;
    }
    learn(inverse, next - best.x, next_gradient - gradient, fresh);
    fresh = false;
    const double fall = best.value - value;
    best.x = next;
    best.value = value;
    gradient = next_gradient;
    if (fall <= options.progress_tolerance * (std::abs(value) + 1e-12)) break;
  }
  return best;
}

}  // namespace cupel
