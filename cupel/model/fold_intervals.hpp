// Intervals around the predictions of fold networks: cross-validation+ (Barber, Candès, Ramdas &
// Tibshirani, Annals of Statistics 49, 2021), and split conformal prediction, its case of one fold.
// With R_i the absolute residual of held-out row i and f_k(i) the network that did not see it,
//   upper(x) = the ceil((n + 1) c)-th smallest of f_k(i)(x) + R_i,
//   lower(x) = minus the ceil((n + 1) c)-th smallest of R_i - f_k(i)(x).
#pragma once

#include <vector>

#include "cupel/model/model.hpp"

namespace cupel {

/// A fold's predictions in own units, [rows x targets].
Matrix fold_outputs(const FoldModel& fold, const std::vector<Column>& columns);

/// One end of an interval: the value, and the fold whose network decides it (-1: infinite).
struct IntervalEnd {
  double value = 0;
  int fold = -1;
};

/// `predicted`: each fold's prediction; sign: 1 upper, -1 lower.
IntervalEnd interval_end(const std::vector<FoldModel>& folds, const std::vector<double>& predicted,
                         int target, double confidence, double sign);

}  // namespace cupel
