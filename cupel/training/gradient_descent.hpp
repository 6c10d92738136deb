// First-order training: Adam on mini-batches, and back-propagation with momentum on the whole
// batch with rates of their own for hidden and output layers (the six-step method's).
#pragma once

#include "cupel/base/rng.hpp"
#include "cupel/training/penalized_loss.hpp"

namespace cupel {

/// One epoch is one pass over all rows in a new order; the last batch may be smaller.
/// Kingma & Ba (2015), β1 0.9, β2 0.999, ε 1e-8.
DescentResult adam(PenalizedLoss& objective, const PackedSamples& samples, Vector start,
                   const TrainOptions& options, const Observer& observer, Rng& rng);

/// Δθ = -rate ∂E/∂θ + momentum Δθ(previous), E the mean loss.
DescentResult momentum(PenalizedLoss& objective, const Topology& topology, Vector start,
                       const TrainOptions& options, const Observer& observer);

}  // namespace cupel
