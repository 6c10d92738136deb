// The way that most recipes take: a search method explores the candidates, the best are scored
// again on other folds, the front of those is trained on all design rows, and the one-standard-
// error rule picks.
#pragma once

#include "cupel/study/design.hpp"

namespace cupel {

void search_and_confirm(DesignRun& run);

/// What the user says of the search in place of the recipe's settings.
MethodOptions with_given(MethodOptions recipe, const DesignOptions& given);

/// After which a search starts no further trial; none without a time limit.
std::optional<Clock::time_point> search_deadline(const DesignRun& run);

/// After which the best are not scored further; none without a time limit.
std::optional<Clock::time_point> confirm_deadline(const DesignRun& run);

/// What comes after the search, for recipes that search in their own way: result.trials holds the
/// search trials, without networks.
void confirm_and_pick(DesignRun& run);

}  // namespace cupel
