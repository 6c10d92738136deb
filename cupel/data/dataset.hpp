// A table whose columns have roles: what goes in, what is to be predicted, what orders or
// groups the rows. Cells are still as read: missing inputs are NaN, words are words.
// Rows without a target value are left out here (and counted), and rows without any input.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/data/table.hpp"
#include "cupel/data/together.hpp"

namespace cupel {

/// What the user said of the columns. Names must exist in the table.
struct Roles {
  std::vector<std::string> targets = {};
  std::vector<std::string> inputs = {};  ///< empty: every other usable column
  std::vector<std::string> ignore = {};
  std::vector<std::string> keep = {};         ///< inputs although the check advises against them
  std::vector<std::string> log_targets = {};  ///< whose errors are relative: see TargetScale
  std::string time = {};   ///< empty: a column of kind time, when there is just one
  std::string group = {};  ///< empty: none
  std::vector<std::pair<std::string, std::string>> units = {};  ///< column, unit: over the file's
};

Json to_json(const Roles& roles);
Roles roles_from_json(const Json& json);

struct Dataset {
  std::vector<Column> inputs;     ///< number or text
  std::vector<Column> targets;    ///< number, no missing values
  std::vector<bool> log_targets;  ///< one a target: its logarithm is modelled, all values are > 0
  std::vector<double> time;       ///< s since 1970; empty without a time column
  std::vector<int> group;         ///< group number of each row, from 0; empty without groups
  Together together;              ///< repeats, and the rows that splits keep together
  std::vector<int> table_rows;    ///< which 0-based table row each row came from
  int rows = 0;
  /// Inputs are windows, [steps x columns of one step], the oldest step first (windows.hpp).
  int steps = 1;
  int rows_without_target = 0;  ///< left out, as are rows without a value of any input
  std::string fingerprint;      ///< hexadecimal hash of names, units, roles and all cells
};

/// Throws Error{usage} for an unknown name or one with two roles (with the nearest name as a
/// hint), Error{bad_data} for a target that is text or constant, or has no logarithm where that was
/// asked for, or when no input or fewer than 10 rows are left. Columns that `Roles` leave open
/// become inputs, except time columns.
Dataset make_dataset(const Table& table, const Roles& roles);

}  // namespace cupel
