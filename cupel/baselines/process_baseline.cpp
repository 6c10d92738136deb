#include "cupel/baselines/process_baseline.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "cupel/base/evenly_spaced.hpp"
#include "cupel/base/gaussian_process.hpp"
#include "cupel/baselines/standardized.hpp"

namespace cupel {
namespace {

/// Test rows predicted at once: the covariances between them and the training rows stay small.
constexpr int kBlockRows = 2000;

/// The features that vary; the others would only cost time.
Matrix varying(const Matrix& features, const Eigen::RowVectorXd& inverse_deviation) {
  std::vector<int> columns;
  for (int f = 0; f < static_cast<int>(features.cols()); ++f)
    if (inverse_deviation[f] > 0) columns.push_back(f);
  return features(Eigen::all, columns);
}

}  // namespace

Matrix predict_process(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                       ConstMatrixRef inputs) {
  check_baseline_rows(train_inputs, train_targets, inputs);
  const Eigen::RowVectorXd mean = train_targets.colwise().mean();
  Matrix predicted = mean.replicate(inputs.rows(), 1);
  const Standardized standard(train_inputs);
  const Matrix train = varying(standard(train_inputs), standard.inverse_deviation);
  const Matrix wanted = varying(standard(inputs), standard.inverse_deviation);
  if (train.cols() == 0 || train.rows() < 2) return predicted;
  const std::vector<int> used = evenly_spaced(train.rows(), kMostProcessRows);
  const std::vector<int> likely = evenly_spaced(train.rows(), kMostLikelihoodRows);
  for (Eigen::Index t = 0; t < train_targets.cols(); ++t) {
    const Vector centered = train_targets.col(t).array() - mean[t];
    const double deviation = centered.norm() / std::sqrt(static_cast<double>(centered.size()));
    if (!(deviation > 0)) continue;
    const Vector target = centered / deviation;
    GaussianProcess process =
        fit_gaussian_process(train(likely, Eigen::all), target(likely),
                             {.length_scale = {0.05, 200}, .starts = 1, .max_iterations = 40});
    if (used.size() > likely.size())
      process = condition(train(used, Eigen::all), target(used), process.parameters, process.form);
    for (Eigen::Index first = 0; first < wanted.rows(); first += kBlockRows) {
      const Eigen::Index count = std::min<Eigen::Index>(kBlockRows, wanted.rows() - first);
      predicted.col(t).segment(first, count) +=
          deviation * predict(process, wanted.middleRows(first, count)).mean;
    }
  }
  return predicted;
}

}  // namespace cupel
