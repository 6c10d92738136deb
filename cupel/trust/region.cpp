#include "cupel/trust/region.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

std::string with_unit(double value, const std::string& unit) {
  return unit.empty() ? fmt::format("{:.6g}", value) : fmt::format("{:.6g} {}", value, unit);
}

std::string number_reason(const ValidRegion& region, const EncodedColumn& column, double value) {
  const double margin = region.margin * (column.up - column.low);
  if (value >= column.low - margin && value <= column.up + margin) return {};
  return fmt::format("{} = {} is outside {:.6g} to {}", column.name, with_unit(value, column.unit),
                     column.low, with_unit(column.up, column.unit));
}

std::string word_reason(const EncodedColumn& column, const std::string& word) {
  const auto& levels = column.levels;
  if (std::find(levels.begin(), levels.end(), word) != levels.end()) return {};
  return fmt::format("{} = '{}' was not in the training data", column.name, word);
}

}  // namespace

std::string outside_reason(const ValidRegion& region, const EncodedColumn& column,
                           const Column& input, int row) {
  const double value = input.values.at(static_cast<std::size_t>(row));
  if (std::isnan(value)) return {};
  if (!column.text) return number_reason(region, column, value);
  return word_reason(column, input.words.at(static_cast<std::size_t>(value)));
}

std::string outside_reason(const ValidRegion& region, const Encoder& encoder,
                           const std::vector<Column>& inputs, int row) {
  std::string reasons;
  for (std::size_t c = 0; c < encoder.columns.size(); ++c) {
    const std::string reason = outside_reason(region, encoder.columns[c], inputs.at(c), row);
    if (!reason.empty()) reasons += (reasons.empty() ? "" : "; ") + reason;
  }
  return reasons;
}

Json to_json(const ValidRegion& region) {
  Json json;
  json["margin"] = region.margin;
  return json;
}

ValidRegion region_from_json(const Json& json) {
  const double margin = json.at("margin").as_number();
  if (!(margin >= 0) || !std::isfinite(margin))
    throw Error(ErrorKind::runtime, "a valid region whose margin is not a number from 0 on");
  return {.margin = margin};
}

}  // namespace cupel
