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

constexpr double kRelative = 1e-9;

/// What has no finite value must have none again.
bool same(double found, double expected, double unit) {
  if (!std::isfinite(expected)) return !std::isfinite(found);
  return std::abs(found - expected) <= kRelative * unit;
}

/// One test vector of a file.
struct TestPlace {
  const Model& model;
  const std::string& name;
  std::size_t row;
};

[[noreturn]] void refuse_change(const TestPlace& place, const std::string& what, double found,
                                double expected) {
  refuse(place.name, fmt::format("the model gives {} = {} for its test row {}, it must be {}: it "
                                 "was changed or is damaged",
                                 what, found, place.row + 1, expected));
}

/// `what` of each target: its value, or an end of its interval.
void check_values(const TestPlace& place, const std::string& what,
                  const std::vector<double>& expected, const std::vector<double>& found) {
  if (expected.size() != found.size())
    refuse(place.name, "the model is damaged (a test vector does not fit its intervals)");
  for (std::size_t t = 0; t < expected.size(); ++t) {
    const TargetScale& target = place.model.encoder.targets[t];
    if (!same(found[t], expected[t], std::max(std::abs(expected[t]), target.up - target.low)))
      refuse_change(place, target.name + what, found[t], expected[t]);
  }
}

std::vector<double> row_of(const Matrix& values, Eigen::Index row) {
  if (values.size() == 0) return {};
  const Vector found = values.row(row);
  return {found.begin(), found.end()};
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

void complete_test_vectors(Model& model) {
  const Prediction prediction = predict_rows(model, test_table(model, "test vectors"));
  for (std::size_t k = 0; k < model.test_vectors.size(); ++k) {
    TestVector& vector = model.test_vectors[k];
    const auto row = static_cast<Eigen::Index>(k);
    vector.lower = row_of(prediction.lower, row);
    vector.upper = row_of(prediction.upper, row);
    vector.distance = prediction.distance[row];
    vector.valid = prediction.invalid[k].empty();
  }
}

void check_test_vectors(const Model& model, const std::string& name) {
  const Prediction prediction = predict_rows(model, test_table(model, name));
  for (std::size_t k = 0; k < model.test_vectors.size(); ++k) {
    const TestVector& vector = model.test_vectors[k];
    const TestPlace place{model, name, k};
    const auto row = static_cast<Eigen::Index>(k);
    check_values(place, "", vector.outputs, row_of(prediction.outputs, row));
    if (!vector.distance) continue;
    check_values(place, " (lower end)", vector.lower, row_of(prediction.lower, row));
    check_values(place, " (upper end)", vector.upper, row_of(prediction.upper, row));
    const double distance = prediction.distance[row];
    if (!same(distance, *vector.distance, std::max(1.0, std::abs(*vector.distance))))
      refuse_change(place, "the distance", distance, *vector.distance);
    // Where the distance decides by its last digits, rounding may.
    if (std::abs(distance - 1) > kRelative && prediction.invalid[k].empty() != vector.valid)
      refuse_change(place, "valid", vector.valid ? 0 : 1, vector.valid ? 1 : 0);
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
