#include "cupel/baselines/baselines.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "cupel/baselines/partial_least_squares.hpp"
#include "cupel/baselines/process_baseline.hpp"
#include "cupel/baselines/standardized.hpp"
#ifdef CUPEL_XGBOOST
#include "cupel/baselines/boosted_trees.hpp"
#endif

namespace cupel {
namespace {

constexpr int kNeighbors = 5;
/// Training rows whose distances are computed together: their features stay in the L1 cache.
constexpr int kBlockRows = 256;

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

struct Neighbor {
  double distance = std::numeric_limits<double>::infinity();
  int row = -1;  ///< -1: none found
};
/// In rising order of distance; of equal ones the earlier row comes first.
using Neighbors = std::array<Neighbor, kNeighbors>;

void insert(Neighbors& neighbors, Neighbor candidate) {
  std::size_t place = kNeighbors - 1;
  for (; place > 0 && candidate.distance < neighbors[place - 1].distance; --place)
    neighbors[place] = neighbors[place - 1];
  neighbors[place] = candidate;
}

/// Squared distances of `count` training rows from `first` on to one sample.
void squared_distances(ConstMatrixRef train_inputs, int first, int count,
                       const Eigen::Ref<const Vector>& sample, double* distances) {
  std::fill_n(distances, count, 0.0);
  for (Eigen::Index f = 0; f < sample.size(); ++f) {
    const double* feature = &train_inputs.coeffRef(first, f);
    const double at = sample[f];
    for (int k = 0; k < count; ++k) distances[k] += (feature[k] - at) * (feature[k] - at);
  }
}

std::vector<Neighbors> find_neighbors(ConstMatrixRef train_inputs, ConstMatrixRef inputs) {
  const int rows = static_cast<int>(train_inputs.rows());
  const Matrix samples = inputs.transpose();
  std::vector<Neighbors> found(static_cast<std::size_t>(inputs.rows()));
  std::array<double, kBlockRows> distances;
  for (int first = 0; first < rows; first += kBlockRows) {
    const int count = std::min(kBlockRows, rows - first);
    for (std::size_t s = 0; s < found.size(); ++s) {
      squared_distances(train_inputs, first, count, samples.col(static_cast<Eigen::Index>(s)),
                        distances.data());
      for (int k = 0; k < count; ++k)
        if (distances[k] < found[s].back().distance) insert(found[s], {distances[k], first + k});
    }
  }
  return found;
}

Matrix predict_nearest(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                       ConstMatrixRef inputs) {
  check_baseline_rows(train_inputs, train_targets, inputs);
  const std::vector<Neighbors> found = find_neighbors(train_inputs, inputs);
  Matrix predictions = Matrix::Zero(inputs.rows(), train_targets.cols());
  for (Eigen::Index s = 0; s < inputs.rows(); ++s) {
    int count = 0;
    for (const Neighbor& neighbor : found[static_cast<std::size_t>(s)]) {
      if (neighbor.row < 0) break;
      predictions.row(s) += train_targets.row(neighbor.row);
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
