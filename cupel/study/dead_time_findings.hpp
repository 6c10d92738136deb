// Whether a study's windows reach as far back as its inputs act: dead times found on design rows.
#pragma once

#include "cupel/study/study_data.hpp"

namespace cupel {

/// One note that lists the dead times found, and a warning where one lies beyond the windows; none
/// without windows. Looks at design rows alone.
std::vector<Finding> dead_time_findings(const StudyData& study);

}  // namespace cupel
