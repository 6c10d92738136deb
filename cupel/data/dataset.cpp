#include "cupel/data/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "cupel/base/error.hpp"
#include "cupel/data/column_roles.hpp"
#include "cupel/data/fingerprint.hpp"
#include "cupel/data/nearest_name.hpp"

namespace cupel {
namespace {

constexpr int kFewestRows = 10;

std::vector<double> picked(const std::vector<double>& values, const std::vector<int>& rows) {
  std::vector<double> result;
  result.reserve(rows.size());
  for (const int row : rows) result.push_back(values[static_cast<std::size_t>(row)]);
  return result;
}

/// Rows that have every target and some input.
std::vector<int> usable_rows(const Table& table, const ColumnRoles& roles) {
  std::vector<int> rows;
  for (int row = 0; row < table.rows; ++row) {
    const auto has = [&](int column) {
      return !std::isnan(table.columns[column].values[static_cast<std::size_t>(row)]);
    };
    if (std::all_of(roles.targets.begin(), roles.targets.end(), has) &&
        std::any_of(roles.inputs.begin(), roles.inputs.end(), has))
      rows.push_back(row);
  }
  return rows;
}

/// In order of time; rows without a time stay behind the row above them.
void sort_by_time(std::vector<int>& rows, const std::vector<double>& time) {
  std::vector<double> key(time);
  double last = -INFINITY;
  for (const int row : rows) {
    double& value = key[static_cast<std::size_t>(row)];
    if (std::isnan(value)) value = last;
    last = value;
  }
  std::stable_sort(rows.begin(), rows.end(), [&](int a, int b) {
    return key[static_cast<std::size_t>(a)] < key[static_cast<std::size_t>(b)];
  });
}

/// Numbers of the groups in order of first appearance; a missing cell is a group of its own.
std::vector<int> number_groups(const std::vector<double>& values) {
  std::unordered_map<double, int> number;
  std::vector<int> groups;
  int next = 0;
  for (const double value : values) {
    if (std::isnan(value)) {
      groups.push_back(next++);
      continue;
    }
    const auto [group, is_new] = number.emplace(value, next);
    if (is_new) ++next;
    groups.push_back(group->second);
  }
  return groups;
}

void refuse_target(const Column& column) {
  if (column.kind != ColumnKind::number)
    throw Error(
        ErrorKind::bad_data,
        fmt::format("target '{}' holds {}, not numbers", column.name,
                    column.kind == ColumnKind::text ? "words" : "time stamps"),
        column.kind == ColumnKind::text && !column.words.empty()
            ? fmt::format("a target must be a number; the first word is '{}'", column.words.front())
            : "a target must be a number");
  double low = INFINITY, high = -INFINITY;
  for (const double value : column.values) {
    if (std::isnan(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high)
    throw Error(ErrorKind::bad_data, fmt::format("target '{}' has no values", column.name),
                "name another target");
  if (low == high)
    throw Error(ErrorKind::bad_data,
                fmt::format("target '{}' is constant: always {}", column.name, low),
                "there is nothing to predict: name another target");
}

void refuse_unusable(const Table& table, const Roles& roles, const ColumnRoles& resolved) {
  if (roles.targets.empty())
    throw Error(ErrorKind::usage, "no target is named",
                "name the column to predict: --target NAME");
  for (const int target : resolved.targets) refuse_target(table.columns[target]);
  for (const int input : resolved.inputs)
    if (table.columns[input].kind == ColumnKind::time)
      throw Error(ErrorKind::bad_data,
                  fmt::format("column '{}' holds time stamps and cannot be an input",
                              table.columns[input].name),
                  "give it the role time, or ignore it");
  if (resolved.time >= 0 && table.columns[resolved.time].kind == ColumnKind::text)
    throw Error(ErrorKind::bad_data,
                fmt::format("the time column '{}' holds words", table.columns[resolved.time].name),
                "write times as 2024-12-31 13:45:00");
  if (resolved.inputs.empty())
    throw Error(ErrorKind::bad_data, fmt::format("{}: no input column is left", table.source),
                "ignore fewer columns, or keep one that the check drops: --keep NAME");
}

/// Throws where the logarithm of a target is asked for and there is none.
std::vector<bool> log_targets(const Table& table, const Roles& roles,
                              const std::vector<Column>& targets,
                              const std::vector<int>& table_rows) {
  std::vector<bool> result;
  for (const Column& target : targets) {
    const auto& names = roles.log_targets;
    result.push_back(std::find(names.begin(), names.end(), target.name) != names.end());
    if (!result.back()) continue;
    const auto bad = std::find_if(target.values.begin(), target.values.end(),
                                  [](double value) { return value <= 0; });
    if (bad == target.values.end()) continue;
    const int row = table_rows[static_cast<std::size_t>(bad - target.values.begin())];
    throw Error(ErrorKind::bad_data,
                fmt::format("target '{}' is {} in row {}, which has no logarithm", target.name,
                            *bad, sheet_row(table, row)),
                "leave it out of --log-target, or correct the row");
  }
  for (const std::string& name : roles.log_targets)
    if (std::none_of(targets.begin(), targets.end(),
                     [&](const Column& target) { return target.name == name; }))
      throw Error(ErrorKind::usage, fmt::format("--log-target '{}' is no target", name),
                  "name it with --target, too");
  return result;
}

Column with_rows(const Column& column, const std::vector<int>& rows) {
  Column result;
  result.name = column.name;
  result.unit = column.unit;
  result.kind = column.kind;
  result.words = column.words;
  result.values = picked(column.values, rows);
  return result;
}

void set_units(std::vector<Column>& columns, const Roles& roles) {
  for (const auto& [name, unit] : roles.units)
    for (Column& column : columns)
      if (column.name == name) column.unit = unit;
}

std::vector<int> equal_inputs(const Dataset& data) {
  std::vector<const Column*> columns;
  for (const Column& column : data.inputs) columns.push_back(&column);
  std::vector<int> rows(static_cast<std::size_t>(data.rows));
  std::iota(rows.begin(), rows.end(), 0);
  return number_equal_rows(columns, rows);
}

void add_columns(Fingerprint& hash, std::string_view role, const std::vector<Column>& columns) {
  hash.add(role);
  hash.add(static_cast<std::uint64_t>(columns.size()));
  for (const Column& column : columns) {
    hash.add(column.name);
    hash.add(column.unit);
    hash.add(static_cast<std::uint64_t>(column.kind));
    for (const std::string& word : column.words) hash.add(word);
    hash.add(column.values);
  }
}

std::string fingerprint_of(const Dataset& data) {
  Fingerprint hash;
  add_columns(hash, "inputs", data.inputs);
  add_columns(hash, "targets", data.targets);
  hash.add("time");
  hash.add(data.time);
  hash.add("group");
  for (const int group : data.group) hash.add(static_cast<std::uint64_t>(group));
  hash.add("rows");
  for (const int row : data.table_rows) hash.add(static_cast<std::uint64_t>(row));
  return hash.hex();
}

}  // namespace

Dataset make_dataset(const Table& table, const Roles& roles) {
  const ColumnRoles resolved = resolve_roles(table, roles);
  refuse_unusable(table, roles, resolved);
  Dataset data;
  data.table_rows = usable_rows(table, resolved);
  data.rows = static_cast<int>(data.table_rows.size());
  data.rows_without_target = table.rows - data.rows;
  if (data.rows < kFewestRows)
    throw Error(ErrorKind::bad_data,
                fmt::format("{}: {} rows have a value of every target and of an input; at least {} "
                            "are needed",
                            table.source, data.rows, kFewestRows),
                "collect more rows, or name fewer targets");
  if (resolved.time >= 0) sort_by_time(data.table_rows, table.columns[resolved.time].values);
  for (const int input : resolved.inputs)
    data.inputs.push_back(with_rows(table.columns[input], data.table_rows));
  for (const int target : resolved.targets) {
    data.targets.push_back(with_rows(table.columns[target], data.table_rows));
    refuse_target(data.targets.back());
  }
  data.log_targets = log_targets(table, roles, data.targets, data.table_rows);
  set_units(data.inputs, roles);
  set_units(data.targets, roles);
  if (resolved.time >= 0) data.time = picked(table.columns[resolved.time].values, data.table_rows);
  if (resolved.group >= 0)
    data.group = number_groups(picked(table.columns[resolved.group].values, data.table_rows));
  data.together = rows_together(equal_inputs(data), data.group);
  data.fingerprint = fingerprint_of(data);
  return data;
}

namespace {

[[noreturn]] void refuse_role(std::string message, std::string hint) {
  throw Error(ErrorKind::usage, std::move(message), std::move(hint));
}

std::string nearest_role(const std::string& key) {
  const std::string near = nearest_name(
      key, {"targets", "inputs", "ignore", "keep", "log_targets", "time", "group", "units"});
  return near.empty() ? "targets" : near;
}

std::string name_from(const std::string& key, const Json& value) {
  if (!value.is_string())
    refuse_role(fmt::format("'{}' of columns is no name", key),
                fmt::format("write {} = \"NAME\"", key));
  return value.as_string();
}

/// One name, or a list of names.
std::vector<std::string> all_names(const std::string& key, const Json& value) {
  if (value.is_string()) return {value.as_string()};
  const auto is_name = [](const Json& item) { return item.is_string(); };
  if (!value.is_array() || !std::all_of(value.as_array().begin(), value.as_array().end(), is_name))
    refuse_role(fmt::format("'{}' of columns is no list of names", key),
                fmt::format("write {} = [\"NAME\", \"NAME\"]", key));
  return value.as_strings();
}

/// The same, each name once.
std::vector<std::string> names_from(const std::string& key, const Json& value) {
  std::vector<std::string> once;
  for (std::string& name : all_names(key, value))
    if (std::find(once.begin(), once.end(), name) == once.end()) once.push_back(std::move(name));
  return once;
}

/// A table, as people write it: T = "degC"; or a list of pairs, as studies store it.
std::vector<std::pair<std::string, std::string>> units_from(const Json& value) {
  std::vector<std::pair<std::string, std::string>> units;
  if (value.is_object()) {
    for (const auto& [name, unit] : value.as_object())
      units.emplace_back(name, name_from(name, unit));
    return units;
  }
  for (const Json& pair : value.is_array() ? value.as_array() : Json::Array{value}) {
    const std::vector<std::string> parts = all_names("units", pair);
    if (parts.size() != 2)
      refuse_role("'units' of columns is no table", "write units = { NAME = \"UNIT\" }");
    units.emplace_back(parts[0], parts[1]);
  }
  return units;
}

}  // namespace

Json to_json(const Roles& roles) {
  Json json;
  json["targets"] = roles.targets;
  json["inputs"] = roles.inputs;
  json["ignore"] = roles.ignore;
  json["keep"] = roles.keep;
  if (!roles.log_targets.empty()) json["log_targets"] = roles.log_targets;
  json["time"] = roles.time;
  json["group"] = roles.group;
  Json::Array units;
  for (const auto& [name, unit] : roles.units) units.push_back(Json::Array{name, unit});
  json["units"] = std::move(units);
  return json;
}

Roles roles_from_json(const Json& json) {
  if (!json.is_object())
    refuse_role("'columns' is no table", "write [columns] and below it targets = [\"NAME\"]");
  Roles roles;
  for (const auto& [key, value] : json.as_object()) {
    if (key == "targets" || key == "target")
      roles.targets = names_from(key, value);
    else if (key == "inputs")
      roles.inputs = names_from(key, value);
    else if (key == "ignore")
      roles.ignore = names_from(key, value);
    else if (key == "keep")
      roles.keep = names_from(key, value);
    else if (key == "log_targets" || key == "log_target")
      roles.log_targets = names_from(key, value);
    else if (key == "time")
      roles.time = name_from(key, value);
    else if (key == "group")
      roles.group = name_from(key, value);
    else if (key == "units")
      roles.units = units_from(value);
    else
      refuse_role(fmt::format("there is no role '{}' of columns", key),
                  fmt::format("did you mean '{}'?", nearest_role(key)));
  }
  return roles;
}

}  // namespace cupel
