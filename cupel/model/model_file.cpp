#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/model/model.hpp"

namespace cupel {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw Error(ErrorKind::runtime, fmt::format("{}: {}", name, what),
              "copy the file again, or design the model again");
}

double number_of(const std::string& cell, const std::string& name) {
  double value = 0;
  const char* end = cell.data() + cell.size();
  const auto [stop, problem] = std::from_chars(cell.data(), end, value);
  if (problem != std::errc() || stop != end || !std::isfinite(value))
    refuse(name, fmt::format("the model is damaged (a test vector holds '{}')", cell));
  return value;
}

}  // namespace

Table test_table(const Model& model, const std::string& name) {
  Table table;
  table.source = name;
  table.rows = static_cast<int>(model.test_vectors.size());
  for (std::size_t c = 0; c < model.encoder.columns.size(); ++c) {
    const EncodedColumn& encoded = model.encoder.columns[c];
    Column column;
    column.name = encoded.name;
    column.kind = encoded.text ? ColumnKind::text : ColumnKind::number;
    for (const TestVector& vector : model.test_vectors) {
      const std::string& cell = vector.cells[c];
      if (cell.empty()) {
        column.values.push_back(kMissing);
      } else if (encoded.text) {
        column.values.push_back(static_cast<double>(column.words.size()));
        column.words.push_back(cell);
      } else {
        column.values.push_back(number_of(cell, name));
      }
    }
    table.columns.push_back(std::move(column));
  }
  return table;
}

void check_test_vectors(const Model& model, const std::string& name) {
  constexpr double kRelative = 1e-9;
  const Prediction prediction = predict_rows(model, test_table(model, name));
  for (std::size_t row = 0; row < model.test_vectors.size(); ++row)
    for (std::size_t t = 0; t < model.encoder.targets.size(); ++t) {
      const TargetScale& target = model.encoder.targets[t];
      const double expected = model.test_vectors[row].outputs[t];
      const double found =
          prediction.outputs(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(t));
      const double allowed = kRelative * std::max(std::abs(expected), target.up - target.low);
      if (!(std::abs(found - expected) <= allowed))
        refuse(name, fmt::format("the model gives {} = {} for its test row {}, it must be {}: it "
                                 "was changed or is damaged",
                                 target.name, found, row + 1, expected));
    }
}

void save_model(const Model& model, const std::string& path) {
  replace_whole_file(path, model_text(model));
}

Model load_model(const std::string& path) {
  return within_memory(path, [&] {
    Model model = parse_model(read_whole_file(path, kModelFile), path);
    check_test_vectors(model, path);
    return model;
  });
}

}  // namespace cupel
