// Other rules to choose a network from a front, beside the one-standard-error rule of pick.hpp.
// Errors count as the root of the mean squared error over the variance (a share of the target's
// spread), sizes by their logarithm: from 10 to 20 weights is as far as from 100 to 200.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

struct SizedError {
  int parameters = 0;  ///< 1 or more
  double error = 0;    ///< squared error / variance on held-out rows
};

struct Choice {
  std::string_view rule;
  int index = 0;    ///< into the front
  std::string why;  ///< one sentence
};

/// The point farthest below the line through the ends of the front, both axes scaled to [0, 1]
/// (Das 1999).
Choice knee_choice(std::span<const SizedError> front);

/// The least weighted sum of scaled error and scaled size; `error_weight` in [0, 1], the rest is
/// the size's.
Choice weighted_choice(std::span<const SizedError> front, double error_weight);

/// TOPSIS (Hwang & Yoon 1981): the largest d⁻ / (d⁺ + d⁻), with d⁺ and d⁻ the weighted Euclidean
/// distances to the reference points that join the best and the worst values of the front, after
/// dividing each column by its norm.
Choice reference_point_choice(std::span<const SizedError> front, double error_weight);

/// The three above; empty for an empty front.
std::vector<Choice> other_choices(std::span<const SizedError> front, double error_weight);

}  // namespace cupel
