#include "cupel/process/model_outputs.hpp"

#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/model/evaluate.hpp"

namespace cupel {
namespace {

/// z with P(|N(0, 1)| <= z) = confidence.
double two_sided_quantile(double confidence) {
  double low = 0, up = 10;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + up) / 2;
    (std::erf(middle / std::sqrt(2.0)) < confidence ? low : up) = middle;
  }
  return low;
}

}  // namespace

ModelOutputs model_outputs(const Model& model, const Matrix& values, double confidence,
                           IntervalOf what) {
  const bool reading = confidence > 0 && what == IntervalOf::reading;
  Evaluation made = evaluate(
      model, values, {.confidence = confidence > 0 ? confidence : 0.9, .intervals = reading});
  ModelOutputs result{.outputs = std::move(made.outputs), .distance = std::move(made.distance)};
  result.lower = result.upper = result.outputs;
  if (reading) {
    if (made.lower.size() == 0)
      throw Error(ErrorKind::usage, "the model has no intervals",
                  "design it with rows held out, or take --confidence 0");
    result.lower = std::move(made.lower);
    result.upper = std::move(made.upper);
  } else if (confidence > 0) {
    const Matrix deviation = parameter_uncertainty(model, values);
    if (deviation.size() == 0)
      throw Error(ErrorKind::usage, "the model does not know the uncertainty of its parameters",
                  "take --interval reading, or design the model again");
    result.lower -= two_sided_quantile(confidence) * deviation;
    result.upper += two_sided_quantile(confidence) * deviation;
  }
  return result;
}

}  // namespace cupel
