#include "cupel/study/work_ahead.hpp"

#include <algorithm>

namespace cupel {
namespace {

constexpr double kFrontSize = 6;
/// A network that follows several learns from three times the rows, three times, and longer.
constexpr int kFewestToFollow = 3;
constexpr double kFollowing = 12;
constexpr double kLaterFolds = 3 * 0.6;
/// Simple methods, covariances and the report, as a share of all trainings.
constexpr double kMeasuring = 0.15;

}  // namespace

WorkAhead work_ahead(const DesignRun& run) {
  const StudyData& data = *run.data;
  const Plan& plan = run.result.plan;
  const auto some = [](Eigen::Index rows, int most) {
    return static_cast<double>(std::min<Eigen::Index>(rows, most));
  };
  double search = 0, confirmation = 0;
  for (const FoldData& fold : data.repeats.front()) {
    search += some(fold.train_inputs.rows(), kSearchRows);
    confirmation += some(fold.train_inputs.rows(), kManyRows);
  }
  search = std::max(search, 1.0);
  WorkAhead ahead;
  ahead.confirmation = std::max(confirmation / search, 1e-9);
  ahead.confirmations = ahead.confirmation * plan.confirmed * plan.confirm_repeats;
  const double trainings = plan.refit_starts +
                           (plan.refit_starts < kFewestToFollow ? 0 : kFollowing) +
                           (data.design_inputs.rows() > kManyRows ? 1 : 0);
  ahead.refit = trainings * some(data.design_inputs.rows(), kManyRows) / search;
  if (run.context.options->as_published()) ahead.refit = 1e-9;
  ahead.refits = kFrontSize * ahead.refit;
  if (data.ordered() && !run.context.options->as_published())
    ahead.later = kFrontSize * kLaterFolds * some(data.design_inputs.rows(), kManyRows) / search;
  ahead.measuring =
      kMeasuring * (plan.noisy_trials + ahead.confirmations + ahead.refits + ahead.later);
  return ahead;
}

}  // namespace cupel
