#include "cupel/study/pick.hpp"

#include <cmath>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

/// Sum of products of deviations `lag` blocks apart, where both are scored.
double lagged_products(const std::vector<double>& deviations, std::size_t lag) {
  double sum = 0;
  for (std::size_t k = lag; k < deviations.size(); ++k) {
    const double product = deviations[k] * deviations[k - lag];
    if (!std::isnan(product)) sum += product;
  }
  return sum;
}

/// Standard error of the mean difference over the blocks that both have.
double standard_error(const SizedErrors& a, const SizedErrors& b, Blocks blocks) {
  SizedErrors differences{0, a.errors};
  int count = 0;
  for (std::size_t k = 0; k < a.errors.size(); ++k) {
    differences.errors[k] -= b.errors[k];
    if (!std::isnan(differences.errors[k])) ++count;
  }
  if (count < 2) return 0;
  const double mean = mean_error(differences);
  for (double& difference : differences.errors) difference -= mean;
  double sum = lagged_products(differences.errors, 0);
  const int lags =
      blocks == Blocks::in_time ? static_cast<int>(4 * std::pow(count / 100.0, 2.0 / 9)) : 0;
  for (int lag = 1; lag <= lags; ++lag)
    sum += 2 * (1 - lag / (lags + 1.0)) *
           lagged_products(differences.errors, static_cast<std::size_t>(lag));
  return std::sqrt(std::max(0.0, sum) / (static_cast<double>(count) * (count - 1)));
}

/// Share of the best squared error that is no reason for a larger network, however certain: half a
/// percent of the RMSE.
constexpr double kNegligible = 0.01;

/// Standard errors by which a network has to be better than a plane: 5 % for the best of eight.
constexpr double kCertain = 2.5;

/// The plane of the lowest error; -1 when there is none.
int best_plane(std::span<const SizedErrors> candidates, const std::vector<double>& means) {
  int best = -1;
  for (int k = 0; k < static_cast<int>(means.size()); ++k)
    if (candidates[k].plane && (best < 0 || means[k] < means[best])) best = k;
  return best;
}

}  // namespace

double mean_error(const SizedErrors& candidate) {
  double sum = 0;
  int count = 0;
  for (double error : candidate.errors) {
    if (std::isnan(error)) continue;
    sum += error;
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::infinity();
}

Pick one_standard_error(std::span<const SizedErrors> candidates, Blocks blocks) {
  if (candidates.empty()) throw Error(ErrorKind::runtime, "there is no network to pick from");
  std::vector<double> means;
  for (const SizedErrors& candidate : candidates) means.push_back(mean_error(candidate));
  Pick pick;
  for (int k = 1; k < static_cast<int>(means.size()); ++k)
    if (means[k] < means[pick.best]) pick.best = k;
  pick.index = pick.best;
  if (const int plane = best_plane(candidates, means); plane >= 0 && !candidates[pick.best].plane) {
    const double error = standard_error(candidates[plane], candidates[pick.best], blocks);
    if (means[plane] - means[pick.best] <= kCertain * error) {
      pick.index = plane;
      pick.standard_error = error;
      pick.error = means[plane];
      pick.best_error = means[pick.best];
      return pick;
    }
  }
  for (int k = 0; k < static_cast<int>(means.size()); ++k) {
    const double error = standard_error(candidates[k], candidates[pick.best], blocks);
    if (means[k] - means[pick.best] > std::max(error, kNegligible * means[pick.best])) continue;
    const int size = candidates[k].parameters, picked = candidates[pick.index].parameters;
    if (size < picked || (size == picked && means[k] < means[pick.index])) {
      pick.index = k;
      pick.standard_error = error;
    }
  }
  pick.error = means[pick.index];
  pick.best_error = means[pick.best];
  return pick;
}

}  // namespace cupel
