// A model's outputs for rows of numbers, with their intervals and their distance to the data.
#pragma once

#include "cupel/model/model.hpp"

namespace cupel {

struct ModelOutputs {
  Matrix outputs, lower,
      upper;        ///< [rows x targets]; the interval is the output itself without one
  Vector distance;  ///< of each row from the training data; valid up to 1
};

/// values [rows x columns of the encoder], own units; confidence 0: no interval. A missing interval
/// is infinite where the model has too few held-out rows.
ModelOutputs model_outputs(const Model& model, const Matrix& values, double confidence);

}  // namespace cupel
