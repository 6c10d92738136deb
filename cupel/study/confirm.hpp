// The best of many noisy scores are partly lucky. Candidates near the front are therefore scored
// again on other folds and from other initial weights, and picked by those scores alone.
#pragma once

#include "cupel/study/design.hpp"

namespace cupel {

/// Search trials worth confirming, by position in `trials`, at most `most`: the best of every size
/// class in turn (classes double: 9-16 weights, 17-32, …). Not the front alone: that holds the
/// luckiest of the small, and hides the large that would do better on other rows. Trials that were
/// stopped early only where they will be `scored_again`.
std::vector<int> worth_confirming(std::span<const Trial> trials, int most, bool scored_again);

/// Front members without networks: the non-dominated of (error, weights) among the candidates,
/// with the errors of their confirmations where there are any.
std::vector<FrontMember> confirmed_front(std::span<const Trial> trials,
                                         const std::vector<int>& candidates,
                                         std::span<const Trial> confirmations);

/// block_errors, or the plain error where a recipe keeps none (as published).
std::vector<double> errors_of(const Trial& trial);

}  // namespace cupel
