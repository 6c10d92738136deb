// Whether the network was worth it, in sentences for the report and the terminal.
#pragma once

#include <string>
#include <vector>

#include "cupel/report/report_data.hpp"

namespace cupel::report {

/// What to say of each target beyond its figures; empty: a network serves it well. Says when the
/// inputs do not explain it, when they explain all of it, when a linear formula does (with the
/// formula) and when another simple method does much better.
std::vector<std::string> verdict_sentences(const ReportData& data);

/// Whether a linear formula serves every target.
bool needs_no_network(const ReportData& data);

}  // namespace cupel::report
