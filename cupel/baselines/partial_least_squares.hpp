// Partial least squares (Wold; NIPALS for several targets, Geladi & Kowalski 1986): a linear model
// through a few directions of the inputs along which inputs and targets vary together. The number
// of directions is chosen by five blocked folds of the training rows.
#pragma once

#include <vector>

#include "cupel/base/matrix.hpp"

namespace cupel {

/// As Baseline::predict.
Matrix predict_pls(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                   ConstMatrixRef inputs);

/// Slopes [features x targets] for centered inputs and targets, after each of 1 … `most`
/// components; fewer when nothing is left to explain.
std::vector<Matrix> pls_slopes(const Matrix& inputs, const Matrix& targets, int most);

}  // namespace cupel
