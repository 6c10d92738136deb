// The data doctor: what is wrong with a table, where, and what to do about it.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/dataset.hpp"

namespace cupel {

enum class Severity {
  note,     ///< good to know
  warning,  ///< the result may suffer
  error,    ///< the file cannot be used like this
};

struct Finding {
  Severity severity = Severity::note;
  std::string code = {};    ///< stable name: "constant", "leak", "stuck", "outliers", …
  std::string column = {};  ///< empty: the whole table
  int row = -1;             ///< first 0-based data row concerned; -1: none
  std::string what = {};
  std::string advice = {};
  bool drop = false;  ///< the column will not be used as an input unless the user keeps it
};

/// Examines a table in the light of the roles. Roles may name no target: then what needs one is
/// left out. Never throws for bad data: errors are findings. Throws Error{usage} for unknown names.
/// Order: errors, warnings, notes; within them by column as in the file.
std::vector<Finding> check_table(const Table& table, const Roles& roles);

/// `roles` with every column that a finding drops added to `ignore` (unless in `keep`).
Roles without_dropped(const Roles& roles, const std::vector<Finding>& findings);

}  // namespace cupel
