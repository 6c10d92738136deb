#include <fmt/format.h>

#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/data/encoder.hpp"

namespace cupel {
namespace {

Json column_to_json(const EncodedColumn& column) {
  Json json;
  json["name"] = column.name;
  json["unit"] = column.unit;
  json["text"] = column.text;
  json["fill"] = column.fill;
  json["log_scale"] = column.log_scale;
  json["low"] = column.low;
  json["up"] = column.up;
  json["levels"] = column.levels;
  return json;
}

/// A number that calculations may use: null and NaN are refused.
double finite(const Json& json, std::string_view key) {
  const double value = json.at(key).as_number();
  if (!std::isfinite(value))
    throw Error(ErrorKind::runtime, fmt::format("the entry '{}' is not a finite number", key));
  return value;
}

EncodedColumn column_from_json(const Json& json) {
  EncodedColumn column;
  column.name = json.at("name").as_string();
  column.unit = json.at("unit").as_string();
  column.text = json.at("text").as_bool();
  column.fill = finite(json, "fill");
  column.log_scale = finite(json, "log_scale");
  column.low = finite(json, "low");
  column.up = finite(json, "up");
  column.levels = json.at("levels").as_strings();
  return column;
}

Json feature_to_json(const Feature& feature) {
  Json json;
  json["name"] = feature.name;
  json["column"] = feature.column;
  json["level"] = feature.level;
  json["offset"] = feature.offset;
  json["factor"] = feature.factor;
  return json;
}

Feature feature_from_json(const Json& json, const Encoder& encoder) {
  Feature feature;
  feature.name = json.at("name").as_string();
  const std::int64_t column = json.at("column").as_integer();
  const std::int64_t level = json.at("level").as_integer();
  feature.offset = finite(json, "offset");
  feature.factor = finite(json, "factor");
  const bool known = column >= 0 && column < std::ssize(encoder.columns);
  if (!known)
    throw Error(ErrorKind::runtime, fmt::format("feature '{}' is of no column", feature.name));
  const EncodedColumn& encoded = encoder.columns[static_cast<std::size_t>(column)];
  const bool fits = encoded.text ? level >= 0 && level < std::ssize(encoded.levels) : level == -1;
  if (!fits)
    throw Error(ErrorKind::runtime, fmt::format("feature '{}' is of no level", feature.name));
  feature.column = static_cast<int>(column);
  feature.level = static_cast<int>(level);
  return feature;
}

Json target_to_json(const TargetScale& target) {
  Json json;
  json["name"] = target.name;
  json["unit"] = target.unit;
  json["offset"] = target.offset;
  json["factor"] = target.factor;
  json["low"] = target.low;
  json["up"] = target.up;
  if (target.log) json["log"] = true;
  return json;
}

TargetScale target_from_json(const Json& json) {
  TargetScale target;
  target.name = json.at("name").as_string();
  target.unit = json.at("unit").as_string();
  target.offset = finite(json, "offset");
  target.factor = finite(json, "factor");
  target.low = finite(json, "low");
  target.up = finite(json, "up");
  if (const Json* log = json.find("log")) target.log = log->as_bool();
  if (target.factor == 0)
    throw Error(ErrorKind::runtime, fmt::format("target '{}' has the factor 0", target.name));
  return target;
}

}  // namespace

Json to_json(const Encoder& encoder) {
  Json::Array columns, features, targets;
  for (const EncodedColumn& column : encoder.columns) columns.push_back(column_to_json(column));
  for (const Feature& feature : encoder.features) features.push_back(feature_to_json(feature));
  for (const TargetScale& target : encoder.targets) targets.push_back(target_to_json(target));
  Json json;
  json["columns"] = std::move(columns);
  json["features"] = std::move(features);
  json["targets"] = std::move(targets);
  return json;
}

Encoder encoder_from_json(const Json& json) {
  Encoder encoder;
  for (const Json& column : json.at("columns").as_array())
    encoder.columns.push_back(column_from_json(column));
  for (const Json& feature : json.at("features").as_array())
    encoder.features.push_back(feature_from_json(feature, encoder));
  for (const Json& target : json.at("targets").as_array())
    encoder.targets.push_back(target_from_json(target));
  return encoder;
}

}  // namespace cupel
