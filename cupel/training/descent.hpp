// The loop that quasi-Newton methods share: direction, line search, update, stopping.
#pragma once

#include "cupel/training/optimizer.hpp"

namespace cupel {

struct QuasiNewton {
  /// Writes a descent direction; true when it is scaled (a first step of 1 makes sense).
  std::function<bool(const Vector& gradient, Vector& direction)> direct;
  /// Takes in one accepted step and the change of the gradient over it.
  std::function<void(const Vector& step, const Vector& change)> learn;
  /// Starts again from the steepest descent.
  std::function<void()> forget;
};

DescentResult descend(const Objective& objective, Vector start, const DescentOptions& options,
                      const Kernels& kernels, const QuasiNewton& method);

}  // namespace cupel
