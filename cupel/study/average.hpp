// Whether a weighted average of several networks does better than one, and with which weights:
// stacking (Wolpert 1992; Breiman 1996) on held-out predictions.
#pragma once

#include <span>
#include <vector>

#include "cupel/base/matrix.hpp"

namespace cupel {

/// Weights w >= 0 with sum 1 that make |measured - predictions w|² least, moved half-way towards
/// equal weights (`shrink` = 0.5): few rows tell weights badly, and equal ones are a good guess.
/// predictions [rows x networks]. Rows where anything is not finite are left out.
Vector stacking_weights(ConstMatrixRef predictions, ConstVectorRef measured, double shrink = 0.5);

}  // namespace cupel
