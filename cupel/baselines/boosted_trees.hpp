// Gradient-boosted trees (XGBoost; Chen & Guestrin 2016) as a yardstick: 400 trees of depth 4,
// learning rate 0.05, half of rows and 70 % of features a tree. Fixed choices, one thread, same
// bits every time.
#pragma once

#include "cupel/base/matrix.hpp"

namespace cupel {

/// As Baseline::predict. One model a target.
Matrix predict_boosted(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                       ConstMatrixRef inputs);

}  // namespace cupel
