// How widely a model's outputs are spread about its predictions: by uncertain parameters (root of
// cov_y) and by noise besides (root of s² + cov_y), of one or several networks, in own units.
#pragma once

#include <span>

#include "cupel/model/model.hpp"

namespace cupel {

struct Spread {
  Matrix parameters;  ///< [rows x targets]; empty when a network's covariance is unknown
  Matrix total;       ///< the same with noise
};

/// features [rows x features of the encoder]. On a target that is modelled by its logarithm both
/// grow with its predicted value (to first order). The parts of several networks add up as if they
/// erred together, which is the most they can.
Spread spread_of(std::span<const Member> members, const Encoder& encoder, ConstMatrixRef features);

/// d scaled output / d feature at one row, [targets x features].
Matrix scaled_output_slopes(std::span<const Member> members, Eigen::Index targets,
                            ConstVectorRef features);

/// d total / d feature at one row, [targets x features]. Requires known covariances.
Matrix spread_slopes(std::span<const Member> members, const Encoder& encoder,
                     ConstVectorRef features);

}  // namespace cupel
