#include "cupel/trust/region.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

/// Ratio of a row that changes an input which was constant in training.
constexpr double kFarOut = 1e3;

/// Names of the inputs that bring a row most of its distance: the largest first, up to four.
std::string main_inputs(const DataCloud& cloud, const Encoder& encoder, const Vector& shares) {
  std::vector<std::pair<double, int>> parts(encoder.columns.size());
  for (std::size_t c = 0; c < parts.size(); ++c) parts[c] = {0, static_cast<int>(c)};
  for (std::size_t k = 0; k < cloud.features.size(); ++k)
    parts[static_cast<std::size_t>(
              encoder.features[static_cast<std::size_t>(cloud.features[k])].column)]
        .first -= std::max(0.0, shares[static_cast<Eigen::Index>(k)]);
  std::sort(parts.begin(), parts.end());
  std::string names;
  double told = 0, all = 0;
  for (const auto& [part, column] : parts) all += part;
  for (std::size_t k = 0; k < parts.size() && k < 4 && told > 0.8 * all; ++k) {
    names += (k > 0 ? ", " : "") + encoder.columns[static_cast<std::size_t>(parts[k].second)].name;
    told += parts[k].first;
  }
  return names;
}

std::string with_unit(double value, const std::string& unit) {
  return unit.empty() ? fmt::format("{:.6g}", value) : fmt::format("{:.6g} {}", value, unit);
}

std::string number_reason(const ValidRegion& region, const EncodedColumn& column, double value) {
  const double margin = region.margin * (column.up - column.low);
  if (value >= column.low - margin && value <= column.up + margin) return {};
  return fmt::format("{} = {} is outside {:.6g} to {} by more than {:.3g} %", column.name,
                     with_unit(value, column.unit), column.low, with_unit(column.up, column.unit),
                     100 * region.margin);
}

std::string word_reason(const EncodedColumn& column, const std::string& word) {
  const auto& levels = column.levels;
  if (std::find(levels.begin(), levels.end(), word) != levels.end()) return {};
  return fmt::format("{} = '{}' was not in the training data", column.name, word);
}

}  // namespace

double far_ratio(double low, double up, double value) {
  if (!(value < low) && !(value > up)) return 0;
  const double off = value < low ? low - value : value - up;
  const double allowed =
      up > low ? kFarWidths * (up - low) : 0.5 * std::max(std::abs(low), std::abs(up));
  return allowed > 0 ? off / allowed : kFarOut;
}

std::string far_reason(const WatchedInput& input, double value) {
  if (far_ratio(input.low, input.up, value) <= 1) return {};
  return fmt::format(
      "{} = {} is far outside {:.6g} to {}: no network reads it, but what it does "
      "there is unknown",
      input.name, with_unit(value, input.unit), input.low, with_unit(input.up, input.unit));
}

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

std::string cloud_reason(const ValidRegion& region, const Encoder& encoder,
                         ConstVectorRef features) {
  if (!region.cloud.known()) return {};
  const CloudDistance distance = cloud_distance(region.cloud, features);
  const double ratio = std::max(distance.mean_ratio, distance.row_ratio);
  if (ratio <= 1) return {};
  const std::string far = ratio < 1.05 ? "just beyond the usual distance"
                                       : fmt::format("{:.1f} times the usual distance", ratio);
  const std::string names = main_inputs(region.cloud, encoder, distance.shares);
  // With one input there is nothing to go together.
  if (distance.mean_ratio >= distance.row_ratio && region.cloud.features.size() > 1)
    return fmt::format("the inputs do not go together as in the training data: {} ({})", names,
                       far);
  return fmt::format("no training row is near: {} ({})", names, far);
}

double range_ratio(const ValidRegion& region, const EncodedColumn& column, double value) {
  if (column.text || std::isnan(value)) return 0;
  const double half = (0.5 + region.margin) * (column.up - column.low);
  const double off = std::abs(value - 0.5 * (column.up + column.low));
  if (half > 0) return off / half;
  return off > 0 ? kFarOut : 0;
}

namespace {

WatchedInput watched_from(const Json& json) {
  WatchedInput input{.name = json.at("name").as_string(),
                     .unit = json.at("unit").as_string(),
                     .low = json.at("low").as_number(),
                     .up = json.at("up").as_number()};
  if (!std::isfinite(input.low) || !std::isfinite(input.up) || !(input.low <= input.up))
    throw Error(ErrorKind::runtime, fmt::format("the range of '{}' is reversed", input.name));
  return input;
}

}  // namespace

Json to_json(const ValidRegion& region) {
  Json json;
  json["margin"] = region.margin;
  if (region.cloud.known()) json["cloud"] = to_json(region.cloud);
  if (region.watched.empty()) return json;
  Json::Array watched;
  for (const WatchedInput& input : region.watched) {
    Json item;
    item["name"] = input.name;
    item["unit"] = input.unit;
    item["low"] = input.low;
    item["up"] = input.up;
    watched.push_back(std::move(item));
  }
  json["watched"] = std::move(watched);
  return json;
}

ValidRegion region_from_json(const Json& json, int encoder_features) {
  const double margin = json.at("margin").as_number();
  if (!(margin >= 0) || !std::isfinite(margin))
    throw Error(ErrorKind::runtime, "a valid region whose margin is not a number from 0 on");
  ValidRegion region{.margin = margin, .cloud = {}, .watched = {}};
  if (const Json* cloud = json.find("cloud"))
    region.cloud = cloud_from_json(*cloud, encoder_features);
  if (const Json* watched = json.find("watched"))
    for (const Json& item : watched->as_array()) region.watched.push_back(watched_from(item));
  return region;
}

}  // namespace cupel
