#include "cupel/study/compare/distributions.hpp"

#include <cassert>
#include <cmath>

namespace cupel {
namespace {

constexpr double kPi = 3.14159265358979323846;

/// The continued fraction of the incomplete beta function.
double beta_fraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), value = d;
  for (int m = 1; m <= 500; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    value *= c * d;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    value *= c * d;
    if (std::abs(c * d - 1) < 1e-14) break;
  }
  return value;
}

/// Regularized incomplete beta function I_x(a, b).
double incomplete_beta(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  // The fraction converges fast on this side of the mean only.
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

}  // namespace

double student_t_two_sided(double t, double df) {
  assert(df > 0);
  return incomplete_beta(df / (df + t * t), df / 2, 0.5);
}

double fisher_f_upper(double f, double d1, double d2) {
  assert(d1 > 0 && d2 > 0);
  if (f <= 0) return 1;
  return incomplete_beta(d2 / (d2 + d1 * f), d2 / 2, d1 / 2);
}

double studentized_range_upper(double q, int groups) {
  assert(groups >= 2);
  if (q <= 0) return 1;
  // P(Q < q) = k ∫ φ(z) (Φ(z) - Φ(z - q))^(k-1) dz, z the largest value.
  constexpr int kSteps = 2000;
  constexpr double kLow = -8, kUp = 10;
  const double step = (kUp - kLow) / kSteps;
  double sum = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const double z = kLow + i * step;
    const double weight = i == 0 || i == kSteps ? 1 : i % 2 == 1 ? 4 : 2;
    sum +=
        weight * std::exp(-0.5 * z * z) * std::pow(normal_cdf(z) - normal_cdf(z - q), groups - 1);
  }
  const double below = groups * sum * step / 3 / std::sqrt(2 * kPi);
  return below >= 1 ? 0 : 1 - below;
}

double studentized_range_quantile(double level, int groups) {
  assert(level > 0 && level < 1);
  double low = 0, up = 20;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + up);
    (studentized_range_upper(middle, groups) > level ? low : up) = middle;
  }
  return 0.5 * (low + up);
}

}  // namespace cupel
