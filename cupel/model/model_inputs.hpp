// The columns of a table that a model needs, in the model's order.
#pragma once

#include <vector>

#include "cupel/data/csv.hpp"
#include "cupel/model/model.hpp"

namespace cupel {

/// One entry a column of the encoder: whether a member uses a feature of it.
std::vector<bool> used_columns(const Model& model);

/// Whether a member uses a column of a file, or of its past.
bool reads(const Model& model, const std::string& name);

/// What a file of rows is read for: predictions need the inputs only, an analysis all columns.
enum class ReadFor { prediction, analysis };

/// How a file of rows for the model is to be read: as its own was.
ReadOptions reading_options(const Model& model, ReadFor purpose);

/// Of the reading of the file that a model is made from, what the model keeps: its columns, and
/// `time`, the column that orders them (may be empty).
Reading kept_reading(const Model& model, const Reading& file, const std::string& time);

/// Throws Error{bad_data} for a missing or unsuitable column, as predict() states. An unused
/// column that is missing or unsuitable comes as a constant.
std::vector<Column> model_inputs(const Model& model, const std::vector<bool>& used,
                                 const Table& table);

}  // namespace cupel
