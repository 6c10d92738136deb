// The best network of every family and loss that a search tried.
#pragma once

#include "cupel/report/report_data.hpp"
#include "cupel/study/design.hpp"

namespace cupel {

/// Empty where the trials do not name a family.
std::vector<FamilyRow> family_rows(const DesignResult& result);

}  // namespace cupel
