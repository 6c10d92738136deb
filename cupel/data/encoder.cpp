#include "cupel/data/encoder.hpp"

#include <fmt/format.h>

#include <cmath>
#include <unordered_map>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

double transformed(double value, double log_scale) {
  if (log_scale <= 0) return value;
  return std::copysign(std::log1p(std::abs(value) / log_scale), value);
}

[[noreturn]] void refuse_column(const Column& column, const char* found, const char* wanted) {
  throw Error(ErrorKind::bad_data,
              fmt::format("column '{}' holds {} where {} are expected", column.name, found, wanted),
              "compare the file with the one the model was made from");
}

void check_columns(const Encoder& encoder, const std::vector<Column>& inputs) {
  if (inputs.size() != encoder.columns.size())
    throw Error(ErrorKind::bad_data, fmt::format("{} input columns where {} are expected",
                                                 inputs.size(), encoder.columns.size()));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].kind == ColumnKind::time) refuse_column(inputs[i], "time stamps", "numbers");
    if (!encoder.columns[i].text && inputs[i].kind == ColumnKind::text)
      refuse_column(inputs[i], "words", "numbers");
  }
}

/// Level of each given row; missing and unseen words become level 0 and are counted.
std::vector<int> levels_of(const EncodedColumn& encoded, const Column& column,
                           std::span<const int> rows, EncodingNotes& notes) {
  std::unordered_map<std::string, int> level;
  for (const std::string& word : encoded.levels)
    level.emplace(word, static_cast<int>(level.size()));
  std::vector<int> level_of_word;
  for (const std::string& word : column.words) {
    const auto found = level.find(word);
    level_of_word.push_back(found == level.end() ? -1 : found->second);
  }
  std::vector<int> result;
  result.reserve(rows.size());
  for (const int row : rows) {
    const double value = column.values[static_cast<std::size_t>(row)];
    const bool missing = std::isnan(value);
    const int found = missing ? 0
                      : column.kind == ColumnKind::text
                          ? level_of_word[static_cast<std::size_t>(value)]
                          : -1;
    notes.filled += missing;
    notes.unseen_levels += found < 0;
    result.push_back(std::max(found, 0));
  }
  return result;
}

void encode_number(const EncodedColumn& encoded, const Feature& feature, const Column& column,
                   std::span<const int> rows, double* out) {
  const double* values = column.values.data();
  const double filled =
      feature.offset + feature.factor * transformed(encoded.fill, encoded.log_scale);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double value = values[rows[i]];
    out[i] = std::isnan(value)
                 ? filled
                 : feature.offset + feature.factor * transformed(value, encoded.log_scale);
  }
}

int count_missing(const Column& column, std::span<const int> rows) {
  int missing = 0;
  for (const int row : rows) missing += std::isnan(column.values[static_cast<std::size_t>(row)]);
  return missing;
}

}  // namespace

Matrix encode_inputs(const Encoder& encoder, const std::vector<Column>& inputs,
                     std::span<const int> rows, EncodingNotes* notes) {
  check_columns(encoder, inputs);
  EncodingNotes met;
  Matrix out(static_cast<Eigen::Index>(rows.size()), encoder.inputs());
  std::vector<std::vector<int>> levels(encoder.columns.size());
  for (std::size_t c = 0; c < encoder.columns.size(); ++c) {
    if (encoder.columns[c].text)
      levels[c] = levels_of(encoder.columns[c], inputs[c], rows, met);
    else
      met.filled += count_missing(inputs[c], rows);
  }
  for (Eigen::Index f = 0; f < out.cols(); ++f) {
    const Feature& feature = encoder.features[static_cast<std::size_t>(f)];
    const auto c = static_cast<std::size_t>(feature.column);
    double* column = out.col(f).data();
    if (feature.level < 0)
      encode_number(encoder.columns[c], feature, inputs[c], rows, column);
    else
      for (std::size_t i = 0; i < rows.size(); ++i)
        column[i] = feature.offset + (levels[c][i] == feature.level ? feature.factor : 0.0);
  }
  if (notes != nullptr) {
    notes->filled += met.filled;
    notes->unseen_levels += met.unseen_levels;
  }
  return out;
}

double target_slope(const TargetScale& target, double value) {
  return (target.log ? value : 1) / target.factor;
}

Matrix encode_targets(const Encoder& encoder, const Dataset& data, std::span<const int> rows) {
  Matrix out = comparable_values(encoder, target_values(data, rows));
  for (Eigen::Index t = 0; t < out.cols(); ++t) {
    const TargetScale& scale = encoder.targets.at(static_cast<std::size_t>(t));
    out.col(t) = scale.offset + scale.factor * out.col(t).array();
  }
  return out;
}

Matrix comparable_values(const Encoder& encoder, Matrix values) {
  for (Eigen::Index t = 0; t < values.cols(); ++t)
    if (encoder.targets.at(static_cast<std::size_t>(t)).log)
      values.col(t) = values.col(t).array().log();
  return values;
}

Matrix target_values(const Dataset& data, std::span<const int> rows) {
  Matrix out(static_cast<Eigen::Index>(rows.size()),
             static_cast<Eigen::Index>(data.targets.size()));
  for (Eigen::Index t = 0; t < out.cols(); ++t) {
    const std::vector<double>& values = data.targets[static_cast<std::size_t>(t)].values;
    for (std::size_t i = 0; i < rows.size(); ++i)
      out(static_cast<Eigen::Index>(i), t) = values[static_cast<std::size_t>(rows[i])];
  }
  return out;
}

Matrix decode_targets(const Encoder& encoder, const Matrix& scaled) {
  Matrix out = scaled;
  for (Eigen::Index t = 0; t < out.cols(); ++t) {
    const TargetScale& scale = encoder.targets.at(static_cast<std::size_t>(t));
    out.col(t) = (scaled.col(t).array() - scale.offset) / scale.factor;
    if (scale.log) out.col(t) = out.col(t).array().exp();
  }
  return out;
}

}  // namespace cupel
