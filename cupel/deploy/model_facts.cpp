#include "cupel/deploy/model_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cupel/base/error.hpp"
#include "cupel/base/version.hpp"
#include "cupel/model/input_values.hpp"

namespace cupel {

bool reads_windows(const Model& model) {
  return std::any_of(model.members.begin(), model.members.end(), [](const Member& member) {
    return member.network.topology.window.has_value();
  });
}

IntervalForm interval_form(const Model& model, bool asked) {
  if (!asked) return {};
  if (!model.folds.empty())
    return {.left_out = fmt::format("intervals: {} ones take the networks of all folds; design "
                                    "with --intervals normalized",
                                    interval_method_name(model.interval_method))};
  if (model.intervals.residuals.empty()) return {.left_out = "intervals: the model has none"};
  if (model.interval_method != IntervalMethod::normalized) return {IntervalForm::constant};
  if (reads_windows(model))
    return {.left_out =
                "intervals: those of recurrent and convolutional layers take derivatives by "
                "their weights"};
  return {IntervalForm::spread};
}

std::string origin_text(const Model& model) {
  const auto text = [&](const char* key) {
    const Json* value = model.provenance.find(key);
    return value != nullptr && value->is_string() ? value->as_string() : "unknown";
  };
  return fmt::format("Made by Cupel {} from a model of {} (data {}, recipe {}).", kVersion,
                     std::filesystem::path(text("data")).filename().string(),
                     text("data_fingerprint"), text("recipe"));
}

std::string name_with_unit(const std::string& name, const std::string& unit) {
  return unit.empty() ? name : fmt::format("{} [{}]", name, unit);
}

Matrix test_rows(const Model& model) {
  if (!model.test_vectors.empty())
    return input_values(model.encoder, test_table(model, "the model").columns);
  Matrix rows(1, std::ssize(model.encoder.columns));
  for (Eigen::Index c = 0; c < rows.cols(); ++c) {
    const EncodedColumn& column = model.encoder.columns[static_cast<std::size_t>(c)];
    rows(0, c) = 0.5 * (column.low + column.up);
  }
  return rows;
}

void check_confidence(double confidence) {
  if (confidence > 0 && confidence < 1) return;
  throw Error(ErrorKind::usage, fmt::format("the confidence is {}", confidence),
              "use a number between 0 and 1, such as 0.9");
}

}  // namespace cupel
