// Ordinary differential equations, stiff: variable-order BDF (SUNDIALS CVODE).
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace cupel {

struct OdeProblem {
  /// Writes dy/dt. Called from the thread that integrates only.
  std::function<void(double t, std::span<const double> y, std::span<double> dydt)> slope;
  double relative_tolerance = 1e-9;
  std::vector<double> absolute_tolerance;  ///< one a state
  double largest_step = 0;                 ///< 0: no limit
  /// Ends the integration where it falls below 0. Empty: never.
  std::function<double(double t, std::span<const double> y)> guard = {};
};

struct OdeState {
  double t = 0;
  std::vector<double> y;
  bool guarded = false;  ///< the guard ended it
};

/// From `start` to time `end`; the states in between at the `times` (increasing, behind start.t,
/// up to end) go to `seen` when it is given. Throws Error{runtime} when the steps fail.
OdeState integrate(const OdeProblem& problem, OdeState start, double end,
                   std::span<const double> times = {}, std::vector<OdeState>* seen = nullptr);

}  // namespace cupel
