#include "cupel/data/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 3> kKinds = {"number", "text", "time"};
constexpr std::array<std::string_view, 2> kOrders = {"day_first", "month_first"};
constexpr std::array<std::string_view, 3> kClocks = {"unstated", "utc", "local"};

template <class Enum, class Names>
Enum named(const Names& names, const std::string& text) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end())
    throw Error(ErrorKind::runtime, fmt::format("a column is read as '{}'", text));
  return static_cast<Enum>(found - names.begin());
}

template <class Names, class Enum>
std::string name_of(const Names& names, Enum value) {
  return std::string(names[static_cast<std::size_t>(value)]);
}

Json units_json(const std::vector<CellUnit>& units) {
  Json list = Json::Array{};
  for (const CellUnit& unit : units) {
    Json one;
    one["text"] = unit.text;
    one["factor"] = unit.factor;
    list.push_back(std::move(one));
  }
  return list;
}

/// What is as usual is left out.
Json column_json(const ColumnReading& column) {
  Json json;
  json["name"] = column.name;
  json["kind"] = name_of(kKinds, column.kind);
  if (!column.unit.empty()) json["unit"] = column.unit;
  if (column.clock) json["clock"] = true;
  if (!column.cell_units.empty()) json["cell_units"] = units_json(column.cell_units);
  if (!column.fills.empty()) json["fills"] = column.fills;
  if (std::isfinite(column.low)) json["range"] = std::vector<double>{column.low, column.high};
  if (!column.words.empty()) json["words"] = column.words;
  if (column.yes_no) json["yes_no"] = true;
  if (!column.missing.empty()) json["missing"] = column.missing;
  if (column.day_order) json["day_order"] = name_of(kOrders, *column.day_order);
  if (column.stamp_clock != StampClock::unstated)
    json["stamp_clock"] = name_of(kClocks, column.stamp_clock);
  return json;
}

template <class Take>
void with(const Json& json, std::string_view key, Take take) {
  if (const Json* value = json.find(key)) take(*value);
}

ColumnReading column_from(const Json& json) {
  ColumnReading column{.name = json.at("name").as_string(),
                       .kind = named<ColumnKind>(kKinds, json.at("kind").as_string())};
  with(json, "unit", [&](const Json& value) { column.unit = value.as_string(); });
  with(json, "clock", [&](const Json& value) { column.clock = value.as_bool(); });
  with(json, "cell_units", [&](const Json& value) {
    for (const Json& unit : value.as_array())
      column.cell_units.push_back({unit.at("text").as_string(), unit.at("factor").as_number()});
  });
  with(json, "fills", [&](const Json& value) { column.fills = value.as_numbers(); });
  with(json, "range", [&](const Json& value) {
    const std::vector<double> range = value.as_numbers();
    if (range.size() != 2 || !(range[0] <= range[1]))
      throw Error(ErrorKind::runtime, fmt::format("the range of '{}' is none", column.name));
    column.low = range[0];
    column.high = range[1];
  });
  with(json, "words", [&](const Json& value) { column.words = value.as_strings(); });
  with(json, "yes_no", [&](const Json& value) { column.yes_no = value.as_bool(); });
  with(json, "missing", [&](const Json& value) { column.missing = value.as_strings(); });
  with(json, "day_order",
       [&](const Json& value) { column.day_order = named<DayOrder>(kOrders, value.as_string()); });
  with(json, "stamp_clock", [&](const Json& value) {
    column.stamp_clock = named<StampClock>(kClocks, value.as_string());
  });
  return column;
}

}  // namespace

const ColumnReading* Reading::find(const std::string& name) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const ColumnReading& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

Json to_json(const Reading& reading) {
  Json json;
  json["decimal_mark"] = std::string(1, reading.decimal_mark);
  if (!reading.grouping.empty()) json["grouping"] = reading.grouping;
  if (!reading.missing_marks.empty()) json["missing_marks"] = reading.missing_marks;
  json["columns"] = Json::Array{};
  for (const ColumnReading& column : reading.columns)
    json["columns"].push_back(column_json(column));
  if (reading.joined.any())
    json["joined"] =
        std::vector<std::string>{reading.joined.date, reading.joined.clock, reading.joined.end};
  return json;
}

Reading reading_from_json(const Json& json) {
  Reading reading;
  const std::string& mark = json.at("decimal_mark").as_string();
  if (mark != "." && mark != ",")
    throw Error(ErrorKind::runtime, fmt::format("a decimal mark of '{}'", mark));
  reading.decimal_mark = mark[0];
  with(json, "grouping", [&](const Json& value) { reading.grouping = value.as_string(); });
  with(json, "missing_marks",
       [&](const Json& value) { reading.missing_marks = value.as_strings(); });
  for (const Json& column : json.at("columns").as_array())
    reading.columns.push_back(column_from(column));
  with(json, "joined", [&](const Json& value) {
    const std::vector<std::string> names = value.as_strings();
    if (names.size() != 3) throw Error(ErrorKind::runtime, "joined times of not three names");
    reading.joined = {names[0], names[1], names[2]};
  });
  return reading;
}

}  // namespace cupel
