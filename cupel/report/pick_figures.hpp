// What the report says about the pick, worked out of ReportData: which figures stand for it and
// how it compares with the simple methods.
#pragma once

#include <string>
#include <vector>

#include "cupel/report/report_data.hpp"

namespace cupel::report {

/// The picked row of the front; nullptr when none is marked.
const FrontRow* picked_row(const ReportData& data);
/// The baseline whose name begins with `name` (any case); nullptr when there is none.
const BaselineRow* baseline(const ReportData& data, const std::string& name);
/// Whether the pick has figures of test rows: then these are the ones to quote.
bool has_test(const ReportData& data);
/// "test rows" or "held-out rows".
std::string judged_rows(const ReportData& data);

/// Figures of one target; all NaN where there are none.
ErrorFigures figures_of(const std::vector<ErrorFigures>& all, int target);
/// The test figures where the pick has them, otherwise the validation figures.
ErrorFigures judged(const ReportData& data, const FrontRow& row, int target);
ErrorFigures judged(const ReportData& data, const BaselineRow& row, int target);

/// Error saved against a baseline in %: 100 (1 - pick / baseline). NaN without either.
double saved_percent(const ReportData& data, const std::string& baseline_name, int target);

/// % of a simple method's error that a network must save to be worth it.
constexpr double kWorthwhile = 5;

int target_count(const ReportData& data);
std::string target_name(const ReportData& data, int target);
std::string target_unit(const ReportData& data, int target);
/// Of the target's scatter; NaN where there is none.
double half_width(const ReportData& data, int target);

/// Columns that the pick reads, and columns that were offered.
struct InputCount {
  int used = 0, offered = 0;
};
InputCount input_count(const ReportData& data);

}  // namespace cupel::report
