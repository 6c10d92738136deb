// Fills the report's part on trust from a design: intervals, drift, local sensitivities and
// partial dependence (Friedman 2001), computed with the model as its users have it.
#pragma once

#include "cupel/report/trust_data.hpp"
#include "cupel/study/design.hpp"

namespace cupel {

TrustReport collect_trust(const StudyData& data, const DesignOptions& options,
                          const DesignResult& result);

}  // namespace cupel
