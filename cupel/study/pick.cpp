#include "cupel/study/pick.hpp"

#include <cmath>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

/// Standard error of the mean difference over the blocks that both have.
double standard_error(const SizedErrors& a, const SizedErrors& b) {
  double sum = 0, squares = 0;
  int count = 0;
  for (std::size_t k = 0; k < a.errors.size(); ++k) {
    const double difference = a.errors[k] - b.errors[k];
    if (std::isnan(difference)) continue;
    sum += difference;
    squares += difference * difference;
    ++count;
  }
  if (count < 2) return 0;
  const double mean = sum / count;
  return std::sqrt(std::max(0.0, squares / count - mean * mean) / (count - 1));
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

Pick one_standard_error(std::span<const SizedErrors> candidates) {
  if (candidates.empty()) throw Error(ErrorKind::runtime, "there is no network to pick from");
  std::vector<double> means;
  for (const SizedErrors& candidate : candidates) means.push_back(mean_error(candidate));
  Pick pick;
  for (int k = 1; k < static_cast<int>(means.size()); ++k)
    if (means[k] < means[pick.best]) pick.best = k;
  pick.index = pick.best;
  for (int k = 0; k < static_cast<int>(means.size()); ++k) {
    const double error = standard_error(candidates[k], candidates[pick.best]);
    if (means[k] - means[pick.best] > error) continue;
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
