// How much a network leans on each input: the growth of its error on held-out rows when that
// input's values are shuffled among them (Breiman 2001).
#pragma once

#include <functional>
#include <vector>

#include "cupel/base/matrix.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {

/// Mean squared error of a matrix of features.
using FeatureError = std::function<double(const Matrix& features)>;

/// For each group of feature columns (those of one input): sqrt(shuffled / plain) - 1, the mean
/// of `repeats` shuffles of whole rows of the group; 0 for an empty group.
std::vector<double> permutation_effects(const Matrix& features,
                                        const std::vector<std::vector<int>>& groups,
                                        const FeatureError& error, int repeats, Rng& rng);

}  // namespace cupel
