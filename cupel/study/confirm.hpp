// The best of many noisy scores are partly lucky. Candidates near the front are therefore scored
// again on other folds and from other initial weights, and picked by those scores alone.
#pragma once

#include "cupel/study/design.hpp"

namespace cupel {

/// Search trials worth confirming: the first three fronts of (error, weights), the first front
/// first, at most `most`; by position in `trials`.
std::vector<int> worth_confirming(std::span<const Trial> trials, int most);

/// Front members without networks: the non-dominated of (error, weights) among the candidates,
/// with the errors of their confirmations where there are any.
std::vector<FrontMember> confirmed_front(const RecipeContext& context, const Recipe& recipe,
                                         std::span<const Trial> trials,
                                         const std::vector<int>& candidates,
                                         std::span<const Trial> confirmations);

/// block_errors, or the plain error where a recipe keeps none (as published).
std::vector<double> errors_of(const Trial& trial);

}  // namespace cupel
