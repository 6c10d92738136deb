#include "cupel/data/column_roles.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_cells.hpp"
#include "cupel/data/nearest_name.hpp"

namespace cupel {
namespace {

enum class Role { open, target, input, ignore, time, group };

std::string_view role_name(Role role) {
  switch (role) {
    case Role::open:
      return "open";
    case Role::target:
      return "target";
    case Role::input:
      return "input";
    case Role::ignore:
      return "ignored";
    case Role::time:
      return "time";
    case Role::group:
      return "group";
  }
  return "";
}

/// Is `name` the column's heading as the file has it, with its unit: "T (degC)", "T_[degC]"?
bool is_heading_of(const Column& column, std::string_view name) {
  if (column.unit.empty() || !name.starts_with(column.name)) return false;
  name.remove_prefix(column.name.size());
  const std::size_t unit = name.find(column.unit);
  if (unit == std::string_view::npos) return false;
  const std::string_view before = name.substr(0, unit);
  const std::string_view after = name.substr(unit + column.unit.size());
  return before.find_first_not_of(" _[(") == std::string_view::npos &&
         after.find_first_not_of(" ])") == std::string_view::npos;
}

/// What to do about a name that no column has; empty when nothing special is seen.
std::string special_hint(const Table& table, const std::string& name) {
  for (const Column& column : table.columns) {
    if (is_heading_of(column, name))
      return fmt::format("its name is '{}', its unit {}: leave the unit out", column.name,
                         column.unit);
    if (column.name.starts_with(name + ","))
      return fmt::format("a name with a comma is typed in double quotes within quotes: '\"{}\"'",
                         column.name);
  }
  return {};
}

int find_or_refuse(const Table& table, const std::string& name) {
  const int index = table.find(name);
  if (index >= 0) return index;
  if (table.columns.size() == 1)
    throw Error(ErrorKind::usage, fmt::format("{}: there is no column '{}'", table.source, name),
                fmt::format("only one column was found, '{}': separate columns by a comma, a "
                            "semicolon, a tab or |",
                            table.columns[0].name));
  const std::string special = special_hint(table, name);
  if (!special.empty())
    throw Error(ErrorKind::usage, fmt::format("{}: there is no column '{}'", table.source, name),
                special);
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  const std::string near = nearest_name(name, names);
  if (!near.empty())
    throw Error(ErrorKind::usage, fmt::format("{}: there is no column '{}'", table.source, name),
                fmt::format("did you mean '{}'?", near));
  constexpr std::size_t kListed = 20;
  const bool many = names.size() > kListed;
  if (many) names.resize(kListed);
  throw Error(ErrorKind::usage, fmt::format("{}: there is no column '{}'", table.source, name),
              fmt::format("the columns are {}{}", fmt::join(names, ", "), many ? ", …" : ""));
}

class Assignment {
 public:
  explicit Assignment(const Table& table) : table_(table), roles_(table.columns.size()) {}

  int assign(const std::string& name, Role role) {
    const int index = find_or_refuse(table_, name);
    Role& held = roles_[static_cast<std::size_t>(index)];
    if (held != Role::open && held != role)
      throw Error(ErrorKind::usage,
                  fmt::format("column '{}' is given two roles: {} and {}", name, role_name(held),
                              role_name(role)),
                  "name it in one place only");
    held = role;
    return index;
  }
  Role& of(int index) { return roles_[static_cast<std::size_t>(index)]; }

 private:
  const Table& table_;
  std::vector<Role> roles_;
};

bool hold_the_same(const Column& a, const Column& b) {
  return std::equal(a.values.begin(), a.values.end(), b.values.begin(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

/// The one column of kind time that no role has taken, the first of several that hold the same
/// times; -1 when there are none or different ones.
int lone_time_column(const Table& table, Assignment& roles) {
  int found = -1;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const int index = static_cast<int>(i);
    if (table.columns[i].kind != ColumnKind::time || roles.of(index) != Role::open) continue;
    if (found < 0)
      found = index;
    else if (!hold_the_same(table.columns[static_cast<std::size_t>(found)], table.columns[i]))
      return -1;
  }
  return found;
}

}  // namespace

ColumnRoles resolve_roles(const Table& table, const Roles& roles) {
  Assignment assignment(table);
  ColumnRoles resolved;
  for (const std::string& name : roles.targets) {
    const int index = assignment.assign(name, Role::target);
    if (std::find(resolved.targets.begin(), resolved.targets.end(), index) ==
        resolved.targets.end())
      resolved.targets.push_back(index);
  }
  for (const std::string& name : roles.ignore) assignment.assign(name, Role::ignore);
  for (const std::string& name : roles.keep) assignment.assign(name, Role::input);
  for (const std::string& name : roles.inputs) assignment.assign(name, Role::input);
  for (const std::string& name : roles.log_targets) find_or_refuse(table, name);
  for (const auto& [name, unit] : roles.units) find_or_refuse(table, name);
  if (!roles.group.empty()) resolved.group = assignment.assign(roles.group, Role::group);
  if (!roles.time.empty())
    resolved.time = assignment.assign(roles.time, Role::time);
  else
    resolved.time = lone_time_column(table, assignment);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const int index = static_cast<int>(i);
    const bool is_time = table.columns[i].kind == ColumnKind::time;
    const bool open = roles.inputs.empty() && assignment.of(index) == Role::open && !is_time;
    if (open || assignment.of(index) == Role::input) resolved.inputs.push_back(index);
  }
  return resolved;
}

namespace {

/// Names of the columns for which `fits` holds.
template <class Fits>
std::vector<std::string> names_that(const Table& table, Fits fits) {
  std::vector<std::string> names;
  for (const Column& column : table.columns)
    if (fits(column)) names.push_back(column.name);
  return names;
}

}  // namespace

std::string full_name(const Table& table, const std::string& name) {
  if (name.empty() || table.find(name) >= 0) return name;
  const std::string low = lower_case(name);
  const auto alike =
      names_that(table, [&](const Column& column) { return lower_case(column.name) == low; });
  if (alike.size() == 1) return alike.front();
  const auto headings =
      names_that(table, [&](const Column& column) { return is_heading_of(column, name); });
  if (headings.size() == 1) return headings.front();
  const auto longer = names_that(
      table, [&](const Column& column) { return lower_case(column.name).starts_with(low); });
  if (longer.size() > 1)
    throw Error(ErrorKind::usage,
                fmt::format("{}: several columns begin with '{}'", table.source, name),
                fmt::format("name one of {}", fmt::join(longer, ", ")));
  return longer.empty() ? name : longer.front();
}

Roles with_full_names(const Table& table, Roles roles) {
  for (auto* names :
       {&roles.targets, &roles.inputs, &roles.ignore, &roles.keep, &roles.log_targets})
    for (std::string& name : *names) name = full_name(table, name);
  roles.time = full_name(table, roles.time);
  roles.group = full_name(table, roles.group);
  for (auto& [name, unit] : roles.units) name = full_name(table, name);
  return roles;
}

}  // namespace cupel
