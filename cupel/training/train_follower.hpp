// One network that stands for many: several networks are trained from different starts, and one
// of the same topology is trained to follow the mean of their predictions, on the training rows
// and on points between them (distillation; Bucila, Caruana & Niculescu-Mizil 2006). The mean of
// networks errs less than each of them, and most of that is kept at the size of one.
#pragma once

#include "cupel/training/train.hpp"

namespace cupel {

/// inputs [rows x features], targets [rows x outputs], scaled. `options.starts` networks are
/// trained, from options.first where given; with fewer than three that did not fail, the one of
/// the lowest objective is returned as it is. Masks are kept. Deterministic.
TrainResult train_follower(const Topology& topology, const Matrix& inputs, const Matrix& targets,
                           const TrainOptions& options, std::uint64_t seed);

}  // namespace cupel
