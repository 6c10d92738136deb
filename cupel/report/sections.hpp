// The sections of the report page, in the order of the page. Each is a pure function from the
// report's data to HTML; a section without data says so in one sentence.
#pragma once

#include <string>

#include "cupel/report/report_data.hpp"

namespace cupel::report {

/// What was found, in one sentence and a few numbers, and whether a network was worth it.
std::string headline_section(const ReportData& data);
/// Optimistic figures and findings of severity error or warning; empty when there are none.
std::string warning_section(const ReportData& data);
std::string data_section(const ReportData& data);
std::string findings_section(const ReportData& data);
std::string front_section(const ReportData& data);
std::string network_section(const ReportData& data);
std::string fit_section(const ReportData& data);
std::string residual_section(const ReportData& data);
std::string trust_section(const ReportData& data);
std::string effects_section(const ReportData& data);
std::string comparison_section(const ReportData& data);
std::string repeat_section(const ReportData& data);

}  // namespace cupel::report
