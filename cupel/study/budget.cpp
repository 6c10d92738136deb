#include "cupel/study/budget.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

constexpr double kStandardWork = 5e11;
constexpr int kFewestQuickTrials = 72, kFewestTrials = 120, kMostTrials = 600;
constexpr int kMostNoisyTrials = 400;
constexpr int kMostConfirmed = 40, kMostRepeats = 15;

/// Rounded down, and no integer overflow where a trial is next to no work.
int in_range(double count, int low, int up) {
  return std::clamp(static_cast<int>(std::min(count, 1e9)), low, up);
}

double mean_work(const Recipe& recipe, const RecipeContext& context) {
  constexpr int kSamples = 200;
  const Space space = recipe.space(context);
  Rng rng(1);
  double total = 0;
  for (int k = 0; k < kSamples; ++k) total += recipe.work(context, random_candidate(space, rng));
  return total / kSamples;
}

}  // namespace

Plan plan_budget(const Recipe& recipe, const RecipeContext& context) {
  const DesignOptions& options = *context.options;
  const double budget = options.budget == "quick" ? kStandardWork / 10 : kStandardWork;
  const double one = mean_work(recipe, context);
  Plan plan;
  plan.trials = in_range(0.6 * budget / one, kFewestTrials, kMostTrials);
  if (options.budget == "quick") plan.trials = std::max(plan.trials / 4, kFewestQuickTrials);
  if (options.budget == "published" || options.as_published())
    plan.trials = recipe.published_trials;
  plan.noisy_trials = std::min(plan.trials, kMostNoisyTrials);
  const int parts = recipe.parts ? static_cast<int>(recipe.parts(context).size()) : 0;
  if (parts > 0)  // each is a design of its own
    plan.noisy_trials = plan.trials = std::max(plan.trials, parts * recipe.published_trials);
  if (options.trials > 0) plan.trials = options.trials;
  if (options.trials > 0 || options.budget == "published" || options.as_published())
    plan.noisy_trials = plan.trials;
  if (options.as_published()) return plan;
  // A fifth of the budget goes into scoring the best candidates again, without the luck that
  // brought them to the top.
  const double confirmations = 0.2 * budget / one;
  plan.confirmed = in_range(confirmations, 8, kMostConfirmed);
  plan.confirm_repeats = options.confirm >= 0
                             ? options.confirm
                             : in_range(confirmations / plan.confirmed, 1, kMostRepeats);
  if (plan.confirm_repeats == 0) plan.confirmed = 0;
  plan.refit_starts = std::clamp(plan.confirm_repeats, 1, 10);
  return plan;
}

}  // namespace cupel
