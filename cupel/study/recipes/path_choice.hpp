// Which network of elimination paths to take. The rule reads what the training rows say alone
// (docs/methods/oa_ann.md), so that it can be repeated inside a fold.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace cupel {

/// What is known of one network of a path.
struct PathPoint {
  int path = 0, index = 0;  ///< which path, and where in it
  int connections = 0;
  /// Mean squared error (scaled) by which networks are compared: leave-one-out by leverages, or on
  /// the last quarter of ordered rows.
  double error = 0;
  double trace = 0;          ///< Σ diag(cov_p)
  double training_rmse = 0;  ///< scaled
};

struct ChoiceRule {
  std::string_view choose = "accuracy";  ///< accuracy, compact, paper
  int most = 40;                         ///< connections
  double training_rmse = 0;              ///< scaled; paper only
};

/// Position of the chosen point; -1 when none fits.
/// accuracy: least error. compact: fewest connections with an error within 5 % of the least.
/// paper: least trace with the training error within the limit.
int choose_point(std::span<const PathPoint> points, const ChoiceRule& rule);

}  // namespace cupel
