// Training and test rows by measured value, with what the model says of each: its prediction, its
// prediction interval and its parameter uncertainty as error bars.
#pragma once

#include <string>

#include "cupel/report/report_data.hpp"

namespace cupel::report {

/// One figure a target and part; empty where the model gives no bars.
std::string error_bar_figures(const ReportData& data);

}  // namespace cupel::report
