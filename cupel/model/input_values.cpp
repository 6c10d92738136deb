#include "cupel/model/input_values.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/base/error.hpp"

namespace cupel {

std::vector<Column> input_columns(const Encoder& encoder, ConstMatrixRef values) {
  if (values.cols() != std::ssize(encoder.columns))
    throw Error(ErrorKind::runtime, "a row of another number of inputs than the model has");
  std::vector<Column> columns;
  for (Eigen::Index c = 0; c < values.cols(); ++c) {
    const EncodedColumn& encoded = encoder.columns[static_cast<std::size_t>(c)];
    Column column;
    column.name = encoded.name;
    column.kind = encoded.text ? ColumnKind::text : ColumnKind::number;
    column.values.assign(values.col(c).data(), values.col(c).data() + values.rows());
    if (encoded.text) {
      column.words = encoded.levels;
      for (double& level : column.values)
        if (!(level >= 0 && level < static_cast<double>(encoded.levels.size()))) level = kMissing;
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

Matrix encode_all(const Encoder& encoder, const std::vector<Column>& columns) {
  std::vector<int> rows(columns.empty() ? 0 : columns[0].values.size());
  std::iota(rows.begin(), rows.end(), 0);
  return encode_inputs(encoder, columns, rows);
}

Matrix input_values(const Encoder& encoder, const std::vector<Column>& inputs) {
  const auto rows = static_cast<Eigen::Index>(inputs.empty() ? 0 : inputs[0].values.size());
  Matrix values(rows, static_cast<Eigen::Index>(inputs.size()));
  for (std::size_t c = 0; c < inputs.size(); ++c) {
    const Column& column = inputs[c];
    const EncodedColumn& encoded = encoder.columns.at(c);
    std::vector<double> level_of;  // of each word of the table
    for (const std::string& word : column.words) {
      const auto place = std::find(encoded.levels.begin(), encoded.levels.end(), word);
      level_of.push_back(place == encoded.levels.end()
                             ? kMissing
                             : static_cast<double>(place - encoded.levels.begin()));
    }
    for (Eigen::Index row = 0; row < rows; ++row) {
      const double cell = column.values[static_cast<std::size_t>(row)];
      values(row, static_cast<Eigen::Index>(c)) =
          encoded.text && !std::isnan(cell) ? level_of.at(static_cast<std::size_t>(cell)) : cell;
    }
  }
  return values;
}

}  // namespace cupel
