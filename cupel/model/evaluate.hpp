// Numbers in, numbers out: the fast way to use a model, for optimisation and for every other caller
// that has no text table. A row holds one value an input column of the encoder, in the column's own
// unit; for words, the index into EncodedColumn::levels; NaN where a cell is missing (it is filled
// as in training). All functions only read the model: threads may share it.
// input_values.hpp makes such rows from a table.
#pragma once

#include "cupel/model/model.hpp"

namespace cupel {

struct EvaluateOptions {
  double confidence = 0.9;  ///< of the prediction interval, 0 < c < 1
  bool intervals = true;    ///< also lower and upper
  bool distance = true;     ///< also distance
};

struct Evaluation {
  Matrix outputs;       ///< [rows x targets], own units
  Matrix lower, upper;  ///< prediction interval; empty: the model has none, or not asked for
  Vector distance;      ///< of each row from the training data; valid up to 1; empty: not asked for
};

/// values [rows x columns of the encoder]. An interval end is infinite where there are too few
/// held-out rows for the confidence. Throws Error{runtime} for another number of columns.
Evaluation evaluate(const Model& model, ConstMatrixRef values, const EvaluateOptions& options = {});

/// Derivatives at one row, by each input column in its own unit; 0 for words.
struct EvaluationGradient {
  Matrix outputs;       ///< [targets x columns]: dy/dx, the local sensitivities
  Matrix lower, upper;  ///< [targets x columns]; empty as in Evaluation
  Vector distance;      ///< [columns]
};
EvaluationGradient evaluate_gradient(const Model& model, ConstVectorRef value,
                                     const EvaluateOptions& options = {});

/// 'Parameter uncertainty' of each output: the root of the variance that the uncertain parameters
/// give it, [rows x targets] in own units. Empty when a network's covariance is unknown. The parts
/// of several networks add up as if they erred together, which is the most they can.
Matrix parameter_uncertainty(const Model& model, ConstMatrixRef values);

}  // namespace cupel
