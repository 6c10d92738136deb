#include "cupel/trust/drift.hpp"

#include <cmath>
#include <vector>

namespace cupel {
namespace {

constexpr Eigen::Index kBatches = 10, kShareBatches = 20;
constexpr Eigen::Index kFewestRows = 20;
constexpr double kMatters = 0.3;

Vector known(ConstVectorRef values) {
  std::vector<double> kept;
  for (const double value : values)
    if (!std::isnan(value)) kept.push_back(value);
  return Eigen::Map<const Vector>(kept.data(), static_cast<Eigen::Index>(kept.size()));
}

/// Variance of the mean of all values.
double variance_of_mean(const Vector& values, Eigen::Index batches) {
  Vector means(batches);
  for (Eigen::Index b = 0; b < batches; ++b) {
    const Eigen::Index first = b * values.size() / batches,
                       next = (b + 1) * values.size() / batches;
    means[b] = values.segment(first, next - first).mean();
  }
  return (means.array() - means.mean()).square().sum() /
         static_cast<double>((batches - 1) * batches);
}

double ratio(double difference, double error) {
  if (error > 0) return difference / error;
  return difference == 0 ? 0 : std::copysign(1e6, difference);
}

}  // namespace

bool MeanShift::found(double certain) const {
  return std::abs(effect) > kMatters && std::abs(evidence) > certain;
}

MeanShift mean_shift(ConstVectorRef before, ConstVectorRef after) {
  const Vector a = known(before), b = known(after);
  if (a.size() < kFewestRows || b.size() < kFewestRows) return {};
  MeanShift shift{.before = a.mean(), .after = b.mean()};
  const double difference = shift.after - shift.before;
  shift.effect = ratio(difference, std::sqrt((a.array() - shift.before).square().mean()));
  shift.evidence =
      ratio(difference, std::sqrt(variance_of_mean(a, kBatches) + variance_of_mean(b, kBatches)));
  return shift;
}

ShareShift share_shift(ConstVectorRef hits, double expected) {
  ShareShift shift{.expected = expected, .share = expected};
  if (hits.size() < kFewestRows) return shift;
  shift.share = hits.mean();
  // Batches that are all alike, as when nothing is hit, still leave the chance of single rows.
  const double single = expected * (1 - expected) / static_cast<double>(hits.size());
  shift.evidence = ratio(shift.share - expected,
                         std::sqrt(std::max(variance_of_mean(hits, kShareBatches), single)));
  return shift;
}

}  // namespace cupel
