#include "cupel/trust/drift.hpp"

#include <cmath>
#include <vector>

namespace cupel {
namespace {

constexpr Eigen::Index kBatches = 10;
constexpr Eigen::Index kFewestRows = 20;
/// Student's t with about 18 degrees of freedom exceeds 5 once in 10,000 stationary inputs.
constexpr double kCertain = 5, kMatters = 0.3;

Vector known(ConstVectorRef values) {
  std::vector<double> kept;
  for (const double value : values)
    if (!std::isnan(value)) kept.push_back(value);
  return Eigen::Map<const Vector>(kept.data(), static_cast<Eigen::Index>(kept.size()));
}

/// Variance of the mean of all values.
double variance_of_mean(const Vector& values) {
  Vector means(kBatches);
  for (Eigen::Index b = 0; b < kBatches; ++b) {
    const Eigen::Index first = b * values.size() / kBatches,
                       next = (b + 1) * values.size() / kBatches;
    means[b] = values.segment(first, next - first).mean();
  }
  return (means.array() - means.mean()).square().sum() /
         static_cast<double>((kBatches - 1) * kBatches);
}

double ratio(double difference, double error) {
  if (error > 0) return difference / error;
  return difference == 0 ? 0 : std::copysign(1e6, difference);
}

}  // namespace

bool MeanShift::found() const {
  return std::abs(effect) > kMatters && std::abs(evidence) > kCertain;
}

MeanShift mean_shift(ConstVectorRef before, ConstVectorRef after) {
  const Vector a = known(before), b = known(after);
  if (a.size() < kFewestRows || b.size() < kFewestRows) return {};
  MeanShift shift{.before = a.mean(), .after = b.mean()};
  const double difference = shift.after - shift.before;
  shift.effect = ratio(difference, std::sqrt((a.array() - shift.before).square().mean()));
  shift.evidence = ratio(difference, std::sqrt(variance_of_mean(a) + variance_of_mean(b)));
  return shift;
}

ShareShift share_shift(ConstVectorRef hits, double expected) {
  ShareShift shift{.expected = expected, .share = expected};
  if (hits.size() < kFewestRows) return shift;
  shift.share = hits.mean();
  // Batches that are all alike, as when nothing is hit, still leave the chance of single rows.
  const double single = expected * (1 - expected) / static_cast<double>(hits.size());
  shift.evidence =
      ratio(shift.share - expected, std::sqrt(std::max(variance_of_mean(hits), single)));
  return shift;
}

}  // namespace cupel
