// The families and losses of a search beside each other: a table, and a radar of each family that
// was designed with several losses.
#pragma once

#include <string>

#include "cupel/report/report_data.hpp"

namespace cupel::report {

/// Empty with fewer than two rows.
std::string families_table(const ReportData& data);

}  // namespace cupel::report
