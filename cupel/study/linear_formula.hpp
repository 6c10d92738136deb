// The linear baseline written out, for those whom it serves as well as a network.
#pragma once

#include <string>
#include <vector>

#include "cupel/study/study_data.hpp"

namespace cupel {

/// One a target: "yield = 12.3 + 0.45 T - 1.2 ln(1 + flow/30) + 3.1 [load = high]", fitted to all
/// design rows, in own units; a bracket is 1 where it is true, else 0. Features of no effect are
/// left out.
std::vector<std::string> linear_formulas(const StudyData& data);

}  // namespace cupel
