#include "cupel/process/model_outputs.hpp"

#include "cupel/base/error.hpp"
#include "cupel/model/evaluate.hpp"
#include "cupel/process/search_allowance.hpp"

namespace cupel {
ModelOutputs model_outputs(const Model& model, const Matrix& values, double confidence,
                           IntervalOf what) {
  const bool reading = confidence > 0 && what == IntervalOf::reading;
  Evaluation made = evaluate(
      model, values, {.confidence = reading ? 2 * confidence - 1 : 0.9, .intervals = reading});
  ModelOutputs result{.outputs = std::move(made.outputs), .distance = std::move(made.distance)};
  result.lower = result.upper = result.outputs;
  if (confidence > 0) result.deviation = parameter_uncertainty(model, values);
  if (reading) {
    if (made.lower.size() == 0)
      throw Error(ErrorKind::usage, "the model has no intervals",
                  "design it with rows held out, or take --confidence 0");
    result.lower = std::move(made.lower);
    result.upper = std::move(made.upper);
  } else if (confidence > 0) {
    if (result.deviation.size() == 0)
      throw Error(ErrorKind::usage, "the model does not know the uncertainty of its parameters",
                  "take --interval reading, or design the model again");
    result.lower -= normal_quantile(confidence) * result.deviation;
    result.upper += normal_quantile(confidence) * result.deviation;
  }
  return result;
}

}  // namespace cupel
