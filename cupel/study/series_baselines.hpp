// Forecasts that need no network, for windows in time: the last known value of the target, that of
// a day before, and ARX, a line through the window's inputs and the last targets.
#pragma once

#include "cupel/study/design.hpp"

namespace cupel {

/// None where rows are no windows. They see earlier targets, whether networks do or not; where one
/// is not known, the mean of the training rows stands for it.
std::vector<BaselineResult> series_baselines(const StudyData& data);

}  // namespace cupel
