// Which column of a table plays which role, after names have been checked.
#pragma once

#include <vector>

#include "cupel/data/dataset.hpp"

namespace cupel {

struct ColumnRoles {
  std::vector<int> inputs, targets;  ///< column indices; inputs in the file's order
  int time = -1, group = -1;
};

/// Resolves names; columns that `roles` leave open become inputs, except time columns. Throws
/// Error{usage} for an unknown name (with the nearest one as a hint) or one with two roles.
ColumnRoles resolve_roles(const Table& table, const Roles& roles);

/// The full name of the column that `name` means: its own, in other capitals, with its unit as the
/// file has it, or its beginning where only one column begins so. `name` itself where it is none.
/// Throws Error{usage} listing them where several columns begin so.
std::string full_name(const Table& table, const std::string& name);

/// `roles` with full names.
Roles with_full_names(const Table& table, Roles roles);

}  // namespace cupel
