// Rows of plain numbers as an encoder's columns and back; see evaluate.hpp for what a row holds.
#pragma once

#include "cupel/model/model.hpp"

namespace cupel {

/// values [rows x columns of the encoder]. Throws Error{runtime} for another number of columns.
std::vector<Column> input_columns(const Encoder& encoder, ConstMatrixRef values);

/// Features of the encoder, [rows x features].
Matrix encode_all(const Encoder& encoder, const std::vector<Column>& columns);

/// The columns of a table in the model's order (model_inputs.hpp) as rows. A word that training
/// never had is taken as missing.
Matrix input_values(const Encoder& encoder, const std::vector<Column>& inputs);

}  // namespace cupel
