#include "cupel/baselines/partial_least_squares.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <limits>
#include <numeric>

#include "cupel/baselines/standardized.hpp"

namespace cupel {
namespace {

constexpr int kFolds = 5, kMostComponents = 15, kMostSweeps = 200;

/// Row numbers outside (or inside) one of kFolds blocks.
std::vector<int> fold_rows(Eigen::Index rows, int fold, bool inside) {
  const auto first = static_cast<int>(rows * fold / kFolds);
  const auto end = static_cast<int>(rows * (fold + 1) / kFolds);
  std::vector<int> chosen;
  for (int row = 0; row < static_cast<int>(rows); ++row)
    if ((row >= first && row < end) == inside) chosen.push_back(row);
  return chosen;
}

/// A model of every number of components, applied to other inputs.
std::vector<Matrix> predictions(const Matrix& train_inputs, const Matrix& train_targets,
                                const Matrix& inputs, int most) {
  const Standardized standard(train_inputs);
  const Eigen::RowVectorXd mean = train_targets.colwise().mean();
  std::vector<Matrix> all;
  for (const Matrix& slopes :
       pls_slopes(standard(train_inputs), train_targets.rowwise() - mean, most))
    all.push_back((standard(inputs) * slopes).rowwise() + mean);
  return all;
}

int best_components(const Matrix& inputs, const Matrix& targets, int most) {
  std::vector<double> errors(static_cast<std::size_t>(most), 0);
  for (int fold = 0; fold < kFolds; ++fold) {
    const std::vector<int> train = fold_rows(inputs.rows(), fold, false);
    const std::vector<int> held_out = fold_rows(inputs.rows(), fold, true);
    const std::vector<Matrix> all = predictions(
        inputs(train, Eigen::all), targets(train, Eigen::all), inputs(held_out, Eigen::all), most);
    const Matrix measured = targets(held_out, Eigen::all);
    for (std::size_t c = 0; c < errors.size(); ++c)
      errors[c] += all.empty() ? measured.squaredNorm()
                               : (all[std::min(c, all.size() - 1)] - measured).squaredNorm();
  }
  return static_cast<int>(std::min_element(errors.begin(), errors.end()) - errors.begin()) + 1;
}

}  // namespace

std::vector<Matrix> pls_slopes(const Matrix& inputs, const Matrix& targets, int most) {
  Matrix x = inputs, y = targets;
  Matrix weights(x.cols(), 0), loadings(x.cols(), 0), target_loadings(y.cols(), 0);
  std::vector<Matrix> slopes;
  const double tiny = 1e-10 * (x.norm() * y.norm() + std::numeric_limits<double>::min());
  for (int c = 0; c < most; ++c) {
    const Matrix together = x.transpose() * y;
    if (!(together.norm() > tiny)) break;
    // The leading left singular vector by power steps; for one target the first is exact.
    Eigen::Index strongest = 0;
    together.colwise().norm().maxCoeff(&strongest);
    Vector w = together.col(strongest).normalized();
    for (int sweep = 0; sweep < kMostSweeps && y.cols() > 1; ++sweep) {
      const Vector next = (together * (together.transpose() * w)).normalized();
      const double moved = (next - w).norm();
      w = next;
      if (moved < 1e-12) break;
    }
    const Vector scores = x * w;
    const double size = scores.squaredNorm();
    if (!(size > 0)) break;
    const Vector p = x.transpose() * scores / size, q = y.transpose() * scores / size;
    x -= scores * p.transpose();
    y -= scores * q.transpose();
    const auto append = [](Matrix& matrix, const Vector& column) {
      matrix.conservativeResize(Eigen::NoChange, matrix.cols() + 1);
      matrix.rightCols(1) = column;
    };
    append(weights, w), append(loadings, p), append(target_loadings, q);
    const Matrix triangle = loadings.transpose() * weights;
    slopes.push_back(weights * triangle.partialPivLu().solve(target_loadings.transpose()));
  }
  return slopes;
}

Matrix predict_pls(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                   ConstMatrixRef inputs) {
  check_baseline_rows(train_inputs, train_targets, inputs);
  const int most = std::min({kMostComponents, static_cast<int>(train_inputs.cols()),
                             static_cast<int>(train_inputs.rows()) - 1});
  const Eigen::RowVectorXd mean = train_targets.colwise().mean();
  if (most < 1) return mean.replicate(inputs.rows(), 1);
  const bool choose = train_inputs.rows() >= 2 * kFolds;
  const int components = choose ? best_components(train_inputs, train_targets, most) : 1;
  const std::vector<Matrix> all = predictions(train_inputs, train_targets, inputs, components);
  return all.empty() ? Matrix(mean.replicate(inputs.rows(), 1)) : all.back();
}

}  // namespace cupel
