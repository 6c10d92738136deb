// Crowding distance (Deb 2002): how far apart the neighbors of a score are in its front, summed
// over the objectives, each divided by the range of the front. The ends are infinitely far.
#pragma once

#include <span>
#include <vector>

#include "cupel/search/method.hpp"

namespace cupel {

/// Writes the distance of each member of `front` to `distance`, both indexed like `all`.
/// Failed scores get 0. Equal values count in the order of the front.
void crowding_distance(std::span<const Evaluated> all, std::span<const int> front,
                       std::span<double> distance);

}  // namespace cupel
