// What a network must beat: the training mean, linear models, the nearest training rows, a Gaussian
// process, and boosted trees where XGBoost was there when the program was built.
// All work on encoded features and scaled targets, learn from the training rows given, and need
// no choices by the user.
#pragma once

#include <span>
#include <string_view>

#include "cupel/base/matrix.hpp"

namespace cupel {

struct Baseline {
  std::string_view name;         ///< "mean", "linear", "PLS", "5 nearest rows", …
  std::string_view explanation;  ///< one plain sentence
  /// train_inputs [rows x features], train_targets [rows x targets], inputs [samples x features];
  /// returns predictions [samples x targets]. Deterministic.
  Matrix (*predict)(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                    ConstMatrixRef inputs);
};

/// In the order in which reports show them.
std::span<const Baseline> baselines();

}  // namespace cupel
