// How far the pick may be believed: the covariances of its networks, prediction intervals from the
// networks of its folds, and the cloud of its training rows. Design rows only.
#pragma once

#include <stop_token>

#include "cupel/model/model.hpp"
#include "cupel/study/study_data.hpp"

namespace cupel {

struct DesignRun;
struct FoldNetworks;

struct PickTrust {
  /// Why the parameters' uncertainty is unknown, and what stands in for it; empty when it is known.
  std::string problem;
  std::vector<Uncertainty>
      uncertainty;  ///< one a network of the pick; none when there is a problem
  /// Every kind of interval that could be made; the first is the one that the model takes. Empty
  /// when the pick has no honest held-out rows.
  struct Kind {
    IntervalMethod method;
    ResidualIntervals intervals;
    std::vector<FoldModel> folds;
  };
  std::vector<Kind> kinds;
  /// Normalized intervals ask the networks of earlier rows, too; not where their few rows do not
  /// tell their parameters' covariance.
  bool later_spreads = false;
  DataCloud cloud;
};

/// `folds` may be empty: then only the leverage jackknife is possible, and only where it was asked
/// for. A stop request leaves the uncertainty of parameters that are not done yet unknown.
PickTrust measure_trust(const DesignRun& run, std::stop_token stop = {});

/// The model with one kind of interval.
Model with_intervals(Model model, const PickTrust::Kind& kind);

}  // namespace cupel
