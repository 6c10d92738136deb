#include "cupel/data/dead_times.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cassert>
#include <cmath>

namespace cupel {
namespace {

/// Past values that the filter reads.
constexpr int kFilter = 8;
/// A correlation that chance exceeds in one of about 2000 lags, and the share of the largest one
/// that counts as the response's beginning.
constexpr double kChance = 3.5, kBeginning = 0.25;

/// One run's steps from row to row, without their mean: levels that wander would hide the rest.
std::vector<Vector> steps_of(ConstVectorRef values, const std::vector<int>& starts) {
  std::vector<Vector> runs;
  double sum = 0, count = 0;
  for (std::size_t r = 0; r + 1 < starts.size(); ++r) {
    const Eigen::Index rows = starts[r + 1] - starts[r];
    if (rows <= kFilter + 1) continue;
    const auto run = values.segment(starts[r], rows);
    runs.push_back(run.tail(rows - 1) - run.head(rows - 1));
    sum += runs.back().sum();
    count += static_cast<double>(rows - 1);
  }
  for (Vector& run : runs) run.array() -= sum / count;
  return runs;
}

/// Coefficients of the autoregression that leaves the least of the signal.
Vector autoregression(const std::vector<Vector>& runs) {
  Matrix products = Matrix::Zero(kFilter, kFilter);
  Vector sums = Vector::Zero(kFilter);
  for (const Vector& run : runs) {
    const Eigen::Index rows = run.size() - kFilter;
    Matrix past(rows, kFilter);
    for (int k = 0; k < kFilter; ++k) past.col(k) = run.segment(kFilter - 1 - k, rows);
    products += past.transpose() * past;
    sums += past.transpose() * run.tail(rows);
  }
  products.diagonal().array() += 1e-9 * products.trace() + 1e-300;
  return products.ldlt().solve(sums);
}

std::vector<Vector> filtered(std::vector<Vector> runs, const Vector& coefficients) {
  for (Vector& run : runs) {
    const Eigen::Index rows = run.size() - kFilter;
    Vector rest = run.tail(rows);
    for (int k = 0; k < kFilter; ++k) rest -= coefficients[k] * run.segment(kFilter - 1 - k, rows);
    run = std::move(rest);
  }
  return runs;
}

double total_square(const std::vector<Vector>& runs) {
  double total = 0;
  for (const Vector& run : runs) total += run.squaredNorm();
  return total;
}

DeadTime dead_time(const std::vector<Vector>& input, const std::vector<Vector>& target, int most) {
  const Vector coefficients = autoregression(input);
  const std::vector<Vector> x = filtered(input, coefficients), y = filtered(target, coefficients);
  const double scale = std::sqrt(total_square(x) * total_square(y));
  if (!(scale > 0)) return {};
  double rows = 0;
  for (const Vector& run : x) rows += static_cast<double>(run.size());
  std::vector<double> correlation(static_cast<std::size_t>(most) + 1, 0.0);
  for (int lag = 0; lag <= most; ++lag) {
    double sum = 0;
    for (std::size_t r = 0; r < x.size(); ++r)
      if (const Eigen::Index both = x[r].size() - lag; both > 0)
        sum += x[r].head(both).dot(y[r].tail(both));
    correlation[static_cast<std::size_t>(lag)] = std::abs(sum) / scale;
  }
  const double largest = *std::max_element(correlation.begin(), correlation.end());
  const double chance = kChance / std::sqrt(rows);
  if (largest <= chance) return {.strength = largest};
  const double beginning = std::max(chance, kBeginning * largest);
  const auto first = std::find_if(correlation.begin(), correlation.end(),
                                  [&](double value) { return value >= beginning; });
  return {
      .rows = static_cast<int>(first - correlation.begin()), .strength = largest, .found = true};
}

}  // namespace

std::vector<DeadTime> find_dead_times(ConstMatrixRef inputs, ConstVectorRef target,
                                      std::span<const int> run_starts, int most) {
  assert(inputs.rows() == target.size() && most >= 0);
  std::vector<int> starts(run_starts.begin(), run_starts.end());
  starts.push_back(0);
  starts.push_back(static_cast<int>(target.size()));
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  const std::vector<Vector> y = steps_of(target, starts);
  std::vector<DeadTime> found(static_cast<std::size_t>(inputs.cols()));
  if (y.empty()) return found;
  for (Eigen::Index c = 0; c < inputs.cols(); ++c)
    found[static_cast<std::size_t>(c)] = dead_time(steps_of(inputs.col(c), starts), y, most);
  return found;
}

}  // namespace cupel
