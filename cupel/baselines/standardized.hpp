// Features centered and scaled by what the training rows are: where a baseline needs all columns
// to count alike.
#pragma once

#include "cupel/base/matrix.hpp"

namespace cupel {

struct Standardized {
  Eigen::RowVectorXd mean, inverse_deviation;  ///< a constant feature becomes zero

  explicit Standardized(ConstMatrixRef features);
  Matrix operator()(ConstMatrixRef features) const;
};

/// Throws Error{bad_data} without training rows.
void check_baseline_rows(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                         ConstMatrixRef inputs);

}  // namespace cupel
