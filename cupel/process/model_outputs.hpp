// A model's outputs for rows of numbers, with their intervals and their distance to the data.
#pragma once

#include "cupel/process/problem.hpp"

namespace cupel {

struct ModelOutputs {
  Matrix outputs, lower,
      upper;         ///< [rows x targets]; the interval is the output itself without one
  Matrix deviation;  ///< of the plant's true value, one standard deviation; empty: not known
  Vector distance;   ///< of each row from the training data; valid up to 1
};

/// values [rows x columns of the encoder], own units. Each end of an interval holds with the
/// confidence: it is the two-sided interval of 2c - 1; confidence 0: no interval. An interval is
/// infinite where the model has too few held-out rows.
/// An interval of the plant's true value is what uncertain parameters give: ± z times their
/// standard deviation. Throws Error{usage} when the model does not have the interval asked for.
ModelOutputs model_outputs(const Model& model, const Matrix& values, double confidence,
                           IntervalOf what = IntervalOf::reading);

}  // namespace cupel
