// How the target follows each input: curves of partial dependence, and slopes at the median row.
#pragma once

#include <string>

#include "cupel/report/report_data.hpp"

namespace cupel::report {

/// Empty without curves.
std::string dependence_figures(const ReportData& data);
/// Empty without slopes.
std::string slope_table(const ReportData& data);

}  // namespace cupel::report
