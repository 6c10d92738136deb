// Gaussian-process regression as a yardstick: Matérn 5/2, one length scale an input, one process a
// target. Its work grows with the cube of the rows, so it learns from kMostProcessRows of them at
// most, evenly spaced, and its length scales from kMostLikelihoodRows.
#pragma once

#include "cupel/base/matrix.hpp"

namespace cupel {

constexpr int kMostProcessRows = 1000, kMostLikelihoodRows = 300;

/// As Baseline::predict.
Matrix predict_process(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                       ConstMatrixRef inputs);

}  // namespace cupel
