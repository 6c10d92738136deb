#include "cupel/study/compare/paired_tests.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "cupel/study/compare/distributions.hpp"

namespace cupel {

PairedTest corrected_t_test(std::span<const double> a, std::span<const double> b,
                            double test_share) {
  assert(a.size() == b.size());
  std::vector<double> differences;
  for (std::size_t r = 0; r < a.size(); ++r)
    if (!std::isnan(a[r] - b[r])) differences.push_back(a[r] - b[r]);
  PairedTest test;
  const auto splits = static_cast<double>(differences.size());
  if (differences.empty()) return test;
  test.difference = std::accumulate(differences.begin(), differences.end(), 0.0) / splits;
  if (differences.size() < 2) return test;
  double squares = 0;
  for (const double d : differences) squares += (d - test.difference) * (d - test.difference);
  const double variance = squares / (splits - 1);
  // Rounding alone is no spread.
  const bool constant = std::sqrt(variance) <= 1e-12 * std::abs(test.difference);
  if (test.difference == 0) return test;
  if (constant) {
    test.t = std::copysign(std::numeric_limits<double>::infinity(), test.difference);
    test.p = 0;
    return test;
  }
  test.t = test.difference / std::sqrt((1 / splits + test_share) * variance);
  test.p = student_t_two_sided(test.t, splits - 1);
  return test;
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return p[i] < p[j]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const double factor = static_cast<double>(order.size() - k);
    largest = std::max(largest, std::min(1.0, factor * p[order[k]]));
    adjusted[order[k]] = largest;
  }
  return adjusted;
}

}  // namespace cupel
