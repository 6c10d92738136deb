// How many trials a run gets. Counted in work, from the data and the options alone, never from
// the clock: the same command does the same work on every machine.
#pragma once

#include "cupel/study/recipe.hpp"

namespace cupel {

struct Plan {
  int trials = 0;  ///< of the search
  /// Of the search when the data are noisy: there, more trials find more luck, not better
  /// networks (docs/decisions/0004-score-the-best-again.md).
  int noisy_trials = 0;
  int confirmed = 0;        ///< candidates scored again, at most
  int confirm_repeats = 0;  ///< times each
  int refit_starts = 1;
};

/// A unit of work is one weight at one row in one evaluation of loss and gradient: about 1e-10 s
/// on one core with AVX-512, half of that speed with AVX2.
Plan plan_budget(const Recipe& recipe, const RecipeContext& context);

}  // namespace cupel
