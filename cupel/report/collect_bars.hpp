#pragma once

#include "cupel/report/trust_data.hpp"
#include "cupel/study/design.hpp"

namespace cupel {

/// Some design rows and, where there are any, some test rows, evenly spaced in the order of their
/// measured values, with what the final model says of them.
std::vector<BarRows> collect_bars(const StudyData& data, const DesignOptions& options,
                                  const DesignResult& result);

}  // namespace cupel
