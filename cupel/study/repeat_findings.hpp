// Repeats that the split could not keep together: rows in time order, rows that the user chose, and
// settings that too many rows share.
#pragma once

#include <vector>

#include "cupel/data/check.hpp"
#include "cupel/study/study_data.hpp"

namespace cupel {

/// At most one: how many test rows have the inputs of a design row. A warning when they are more
/// than a tenth, since errors on them then say little of settings that are new.
std::vector<Finding> repeat_findings(const StudyData& study);

}  // namespace cupel
