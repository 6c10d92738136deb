#include "cupel/baselines/standardized.hpp"

#include <cassert>
#include <cmath>

#include "cupel/base/error.hpp"

namespace cupel {

Standardized::Standardized(ConstMatrixRef features) : mean(features.colwise().mean()) {
  const Matrix centered = features.rowwise() - mean;
  inverse_deviation.resize(features.cols());
  for (Eigen::Index f = 0; f < features.cols(); ++f) {
    const double deviation =
        centered.col(f).norm() / std::sqrt(static_cast<double>(features.rows()));
    const bool constant = !(deviation > 1e-12 * std::abs(mean[f]));
    inverse_deviation[f] = constant ? 0 : 1 / deviation;
  }
}

Matrix Standardized::operator()(ConstMatrixRef features) const {
  return (features.rowwise() - mean) * inverse_deviation.asDiagonal();
}

void check_baseline_rows(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                         ConstMatrixRef inputs) {
  if (train_inputs.rows() == 0)
    throw Error(ErrorKind::bad_data, "a baseline has no training rows to learn from");
  assert(train_inputs.rows() == train_targets.rows());
  assert(train_inputs.cols() == inputs.cols());
  static_cast<void>(train_targets), static_cast<void>(inputs);
}

}  // namespace cupel
