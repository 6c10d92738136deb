// Names for the dense types that headers may show.
#pragma once

#include <Eigen/Core>

namespace cupel {

/// Column-major, so that one column (all samples of one variable) is contiguous.
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using ConstMatrixRef = Eigen::Ref<const Matrix>;
using ConstVectorRef = Eigen::Ref<const Vector>;

}  // namespace cupel
