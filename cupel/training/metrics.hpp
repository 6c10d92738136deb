// How far predictions are from what was measured.
#pragma once

#include "cupel/base/json.hpp"
#include "cupel/base/matrix.hpp"

namespace cupel {

/// Errors in the unit of the values.
struct ErrorFigures {
  double rmse = 0;
  double mae = 0;
  double mape = 0;         ///< %, NaN when a measured value is 0
  double r2 = 0;           ///< 1 - SSE/SST with the mean of the measured values; NaN when SST is 0
  double correlation = 0;  ///< Pearson's; 0 when either is constant
};

/// Throws Error{runtime} when the sizes differ or there is no row.
ErrorFigures error_figures(ConstVectorRef measured, ConstVectorRef predicted);

Json to_json(const ErrorFigures& figures);
ErrorFigures error_figures_from_json(const Json& json);

}  // namespace cupel
