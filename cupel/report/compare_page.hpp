// The pages of a comparison: one data set (errors, differences, radar, verdict) and several (ranks,
// critical-difference diagram). Each is one self-contained HTML file.
#pragma once

#include <string>

#include "cupel/study/compare/verdict.hpp"

namespace cupel {

struct ComparePageContext {
  std::string command, created;
  std::string budget;  ///< what each recipe could spend, one plain sentence
  double elapsed_s = 0;
};

std::string compare_page(const Comparison& comparison, const Verdict& verdict,
                         const ComparePageContext& context);

std::string across_page(const AcrossData& across, const ComparePageContext& context);

namespace report {

/// Mean ranks on a line, with bars under methods that Nemenyi's test cannot tell apart.
std::string rank_diagram(const AcrossData& across);

}  // namespace report
}  // namespace cupel
