// The columns of a table that a model needs, in the model's order.
#pragma once

#include <vector>

#include "cupel/data/csv.hpp"
#include "cupel/model/model.hpp"

namespace cupel {

/// One entry a column of the encoder: whether a member uses a feature of it.
std::vector<bool> used_columns(const Model& model);

/// How a file of rows for the model is to be read: the columns that it takes as numbers are
/// numbers, even if many of their cells are not.
ReadOptions reading_options(const Model& model);

/// Throws Error{bad_data} for a missing or unsuitable column, as predict() states. An unused
/// column that is missing comes as a constant.
std::vector<Column> model_inputs(const Model& model, const std::vector<bool>& used,
                                 const Table& table);

}  // namespace cupel
