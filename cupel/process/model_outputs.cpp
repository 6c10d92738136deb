#include "cupel/process/model_outputs.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/model/model_inputs.hpp"

namespace cupel {
namespace {

double transformed(double value, double log_scale) {
  return log_scale > 0 ? std::copysign(std::log1p(std::abs(value) / log_scale), value) : value;
}

Matrix features_of(const Encoder& encoder, const Matrix& values) {
  Matrix features(values.rows(), encoder.inputs());
  for (int f = 0; f < encoder.inputs(); ++f) {
    const Feature& feature = encoder.features[f];
    const double log_scale = encoder.columns[feature.column].log_scale;
    for (Eigen::Index r = 0; r < values.rows(); ++r)
      features(r, f) =
          feature.offset + feature.factor * (feature.level < 0
                                                 ? transformed(values(r, feature.column), log_scale)
                                                 : values(r, feature.column) == feature.level);
  }
  return features;
}

double plant_share(const Model& model, int target) {
  double parameters = 0;
  for (const Member& member : model.members) parameters += connection_count(member.network);
  parameters /= static_cast<double>(model.encoder.targets.size());
  return std::min(
      1.0, std::sqrt(parameters / static_cast<double>(model.intervals.residuals[target].size())));
}

}  // namespace

ModelOutputs model_outputs(const Model& model, const Matrix& values, double confidence,
                           IntervalOf what) {
  const Encoder& encoder = model.encoder;
  ModelOutputs result;
  result.outputs = decode_targets(encoder, predict_scaled(model, features_of(encoder, values)));
  result.lower = result.upper = result.outputs;
  if (confidence > 0)
    for (int t = 0; t < std::ssize(model.intervals.residuals); ++t) {
      const double share = what == IntervalOf::plant ? plant_share(model, t) : 1;
      const double width = share * half_width(model.intervals, t, confidence);
      result.lower.col(t).array() -= width;
      result.upper.col(t).array() += width;
    }
  result.distance = Vector::Zero(values.rows());
  const std::vector<bool> used = used_columns(model);
  for (std::size_t c = 0; c < encoder.columns.size(); ++c) {
    const EncodedColumn& column = encoder.columns[c];
    const double half = (column.up - column.low) / 2 * (1 + 2 * model.region.margin);
    if (!used[c] || column.text || half <= 0) continue;
    const double middle = (column.low + column.up) / 2;
    for (Eigen::Index r = 0; r < values.rows(); ++r)
      result.distance[r] = std::max(
          result.distance[r], std::abs(values(r, static_cast<Eigen::Index>(c)) - middle) / half);
  }
  return result;
}

}  // namespace cupel
