// Five error figures of several methods on the spokes of one chart.
#pragma once

#include <string>
#include <vector>

#include "cupel/training/metrics.hpp"

namespace cupel::report {

struct RadarOutline {
  std::string name;
  ErrorFigures figures;
};

/// MSE, MAE, MAPE, RMSE and 1 - R² on five spokes, the worst of each at the rim: a smaller figure
/// is a better method. At most four are readable. `rows`: "test rows".
std::string error_radar(const std::vector<RadarOutline>& outlines, const std::string& rows);

}  // namespace cupel::report
