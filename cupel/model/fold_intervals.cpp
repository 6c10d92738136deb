#include "cupel/model/fold_intervals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cupel/model/input_values.hpp"

namespace cupel {

Matrix fold_outputs(const FoldModel& fold, const std::vector<Column>& columns) {
  const Matrix features = encode_all(fold.encoder, columns);
  return decode_targets(
      fold.encoder,
      predict_scaled(fold.members, static_cast<int>(fold.encoder.targets.size()), features));
}

IntervalEnd interval_end(const std::vector<FoldModel>& folds, const std::vector<double>& predicted,
                         int target, double confidence, double sign) {
  struct Candidate {
    double value, weight;
    int fold;
  };
  std::vector<Candidate> candidates;
  double count = 0;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    const auto& residuals = folds[k].residuals[static_cast<std::size_t>(target)];
    count += folds[k].rows;
    const double weight = folds[k].rows / static_cast<double>(residuals.size());
    for (const double residual : residuals)
      candidates.push_back({sign * predicted[k] + residual, weight, static_cast<int>(k)});
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.value < b.value; });
  const double rank = std::ceil((count + 1) * confidence - 1e-9);
  double below = 0;
  for (const Candidate& candidate : candidates) {
    below += candidate.weight;
    if (below >= rank - 1e-6) return {sign * candidate.value, candidate.fold};
  }
  return {sign * std::numeric_limits<double>::infinity(), -1};
}

}  // namespace cupel
