#include "cupel/training/metrics.hpp"

#include <cmath>

#include "cupel/base/error.hpp"

namespace cupel {

ErrorFigures error_figures(ConstVectorRef measured, ConstVectorRef predicted) {
  if (measured.size() != predicted.size() || measured.size() == 0)
    throw Error(ErrorKind::runtime, "error figures need as many predictions as measured values");
  const Vector error = predicted - measured;
  ErrorFigures figures;
  figures.rmse = std::sqrt(error.squaredNorm() / static_cast<double>(error.size()));
  figures.mae = error.cwiseAbs().mean();
  figures.mape = (measured.array() == 0).any()
                     ? std::numeric_limits<double>::quiet_NaN()
                     : 100 * (error.array() / measured.array()).abs().mean();
  const Vector centered = measured.array() - measured.mean();
  const Vector other = predicted.array() - predicted.mean();
  const double total = centered.squaredNorm();
  figures.r2 =
      total > 0 ? 1 - error.squaredNorm() / total : std::numeric_limits<double>::quiet_NaN();
  const double norm = std::sqrt(total * other.squaredNorm());
  figures.correlation = norm > 0 ? centered.dot(other) / norm : 0;
  return figures;
}

Json to_json(const ErrorFigures& figures) {
  Json json;
  json["rmse"] = figures.rmse;
  json["mae"] = figures.mae;
  json["mape"] = figures.mape;
  json["r2"] = figures.r2;
  json["correlation"] = figures.correlation;
  return json;
}

ErrorFigures error_figures_from_json(const Json& json) {
  return {json.at("rmse").as_number(), json.at("mae").as_number(), json.at("mape").as_number(),
          json.at("r2").as_number(), json.at("correlation").as_number()};
}

}  // namespace cupel
