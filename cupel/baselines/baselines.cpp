#include "cupel/baselines/baselines.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "cupel/base/evenly_spaced.hpp"
#include "cupel/baselines/nearest_rows.hpp"
#include "cupel/baselines/partial_least_squares.hpp"
#include "cupel/baselines/process_baseline.hpp"
#include "cupel/baselines/standardized.hpp"
#ifdef CUPEL_XGBOOST
#include "cupel/baselines/boosted_trees.hpp"
#endif

namespace cupel {
namespace {

/// Where inputs are many and unrelated every row must be compared: values that are then looked at
/// for one sample, at most, and rows that are kept in any case.
constexpr Eigen::Index kMostNearestValues = 1'000'000, kNearestRows = 20'000;

Matrix predict_mean(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                    ConstMatrixRef inputs) {
  check_baseline_rows(train_inputs, train_targets, inputs);
  return train_targets.colwise().mean().replicate(inputs.rows(), 1);
}

/// The shortest least-squares solution, also for dependent columns: a fast QR leaves a small
/// triangle, whose rank is then revealed.
Matrix solve_least_squares(const Matrix& a, const Matrix& b) {
  Eigen::CompleteOrthogonalDecomposition<Matrix> ranked;
  ranked.setThreshold(1e-9);
  if (a.rows() <= a.cols()) return ranked.compute(a).solve(b);
  const Eigen::HouseholderQR<Matrix> tall(a);
  const Matrix triangle = Matrix(tall.matrixQR().topRows(a.cols())).triangularView<Eigen::Upper>();
  const Matrix rotated = (tall.householderQ().transpose() * b).topRows(a.cols());
  return ranked.compute(triangle).solve(rotated);
}

Matrix predict_linear(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                      ConstMatrixRef inputs) {
  check_baseline_rows(train_inputs, train_targets, inputs);
  const Eigen::RowVectorXd intercept = train_targets.colwise().mean();
  if (inputs.cols() == 0) return intercept.replicate(inputs.rows(), 1);
  const Standardized standard(train_inputs);
  const Matrix slopes =
      solve_least_squares(standard(train_inputs), train_targets.rowwise() - intercept);
  return (standard(inputs) * slopes).rowwise() + intercept;
}

Matrix predict_nearest(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                       ConstMatrixRef inputs) {
  check_baseline_rows(train_inputs, train_targets, inputs);
  const Eigen::Index most =
      std::max(kNearestRows, kMostNearestValues / std::max<Eigen::Index>(1, inputs.cols()));
  const std::vector<int> used = evenly_spaced(train_inputs.rows(), most);
  const NearestRows rows(train_inputs(used, Eigen::all));
  Matrix predictions = Matrix::Zero(inputs.rows(), train_targets.cols());
  for (Eigen::Index s = 0; s < inputs.rows(); ++s) {
    int count = 0;
    for (const Neighbor& neighbor : rows.find(inputs.row(s).transpose())) {
      if (neighbor.row < 0) break;
      predictions.row(s) += train_targets.row(used[static_cast<std::size_t>(neighbor.row)]);
      ++count;
    }
    predictions.row(s) /= count;
  }
  return predictions;
}

constexpr std::array kBaselines = {
    Baseline{"mean", "Predicts the average of the training rows, whatever the inputs.",
             predict_mean},
    Baseline{"linear", "A straight line (plane) through the training rows by least squares.",
             predict_linear},
    Baseline{"PLS",
             "Partial least squares: a plane through the few directions along which inputs and "
             "target vary together, their number chosen by cross-validation.",
             predict_pls},
    Baseline{"5 nearest rows", "Averages the five training rows whose inputs are most similar.",
             predict_nearest},
    Baseline{"Gaussian process",
             "Smooth interpolation whose length scales are the most likely ones; learns from 1,000 "
             "rows at most, evenly spaced.",
             predict_process},
#ifdef CUPEL_XGBOOST
    Baseline{"gradient boosting", "400 small decision trees, each correcting those before it.",
             predict_boosted},
#endif
};

}  // namespace

std::span<const Baseline> baselines() { return kBaselines; }

}  // namespace cupel
