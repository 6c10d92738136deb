#include "cupel/study/series_baselines.hpp"

#include <Eigen/Cholesky>
#include <cmath>

#include "cupel/study/held_out.hpp"

namespace cupel {
namespace {

/// Training and predicted rows of one fold, or of the test part.
struct Part {
  Matrix inputs, targets;             ///< of the training rows: features, own units
  std::vector<int> train, predicted;  ///< rows of the dataset
  Matrix predicted_inputs;
};

/// Given rows; an unknown value becomes the mean of the training targets.
Matrix known(const Matrix& values, const std::vector<int>& rows, const Matrix& train_targets) {
  Matrix result = values(rows, Eigen::all);
  for (Eigen::Index t = 0; t < result.cols(); ++t) {
    const double mean = train_targets.col(t).mean();
    for (Eigen::Index row = 0; row < result.rows(); ++row)
      if (std::isnan(result(row, t))) result(row, t) = mean;
  }
  return result;
}

Matrix arx_regressors(const StudyData& data, const Matrix& inputs, const std::vector<int>& rows,
                      const Matrix& train_targets) {
  const Eigen::Index targets = train_targets.cols();
  const auto lags = static_cast<Eigen::Index>(data.past_targets.size());
  Matrix all(inputs.rows(), inputs.cols() + lags * targets + 1);
  all.leftCols(inputs.cols()) = inputs;
  for (Eigen::Index lag = 0; lag < lags; ++lag)
    all.middleCols(inputs.cols() + lag * targets, targets) =
        known(data.past_targets[static_cast<std::size_t>(lag)], rows, train_targets);
  all.rightCols(1).setOnes();
  return all;
}

/// Least squares; the tiny penalty decides between dependent columns.
Matrix predict_arx(const StudyData& data, const Part& part) {
  const Matrix a = arx_regressors(data, part.inputs, part.train, part.targets);
  Matrix products = a.transpose() * a;
  products.diagonal().array() += 1e-8 * products.trace() / static_cast<double>(products.cols());
  const Matrix slopes = products.ldlt().solve(a.transpose() * part.targets);
  return arx_regressors(data, part.predicted_inputs, part.predicted, part.targets) * slopes;
}

std::vector<int> dataset_rows(const StudyData& data, const std::vector<int>& positions) {
  std::vector<int> rows;
  for (const int position : positions)
    rows.push_back(data.split.design[static_cast<std::size_t>(position)]);
  return rows;
}

/// The folds of the search, then the test part.
std::vector<Part> parts_of(const StudyData& data) {
  std::vector<Part> parts;
  for (std::size_t k = 0; k < data.split.folds.size(); ++k) {
    const FoldData& fold = data.repeats.front()[k];
    const std::vector<int>& train = data.split.folds[k].train;
    parts.push_back({fold.train_inputs, target_values(data.data, train), train,
                     dataset_rows(data, fold.validation_rows), fold.validation_inputs});
  }
  parts.push_back({data.design_inputs, data.design_values, data.split.design, data.split.test,
                   data.test_inputs});
  return parts;
}

std::vector<ErrorFigures> figures(const Matrix& measured, const Matrix& predicted) {
  std::vector<ErrorFigures> all;
  for (Eigen::Index t = 0; t < measured.cols(); ++t)
    all.push_back(error_figures(measured.col(t), predicted.col(t)));
  return all;
}

template <class Predict>
BaselineResult measured(const StudyData& data, const std::vector<Part>& parts, std::string name,
                        std::string explanation, const Predict& predict) {
  BaselineResult result{
      .name = std::move(name), .explanation = std::move(explanation), .validation = {}, .test = {}};
  std::vector<int> rows;
  std::vector<Matrix> predicted;
  Eigen::Index count = 0;
  for (std::size_t k = 0; k + 1 < parts.size(); ++k) {
    predicted.push_back(predict(parts[k]));
    rows.insert(rows.end(), parts[k].predicted.begin(), parts[k].predicted.end());
    count += predicted.back().rows();
  }
  Matrix all(count, data.targets());
  Eigen::Index at = 0;
  for (const Matrix& part : predicted) {
    all.middleRows(at, part.rows()) = part;
    at += part.rows();
  }
  result.validation = figures(target_values(data.data, rows), all);
  if (!data.split.test.empty()) result.test = figures(data.test_values, predict(parts.back()));
  return result;
}

}  // namespace

std::vector<BaselineResult> series_baselines(const StudyData& data) {
  if (!data.windows.any()) return {};
  const std::vector<Part> parts = parts_of(data);
  std::vector<BaselineResult> results;
  results.push_back(measured(
      data, parts, "last value", "Repeats the last value of the target that was known.",
      [&](const Part& part) { return known(data.past_targets[0], part.predicted, part.targets); }));
  if (data.day_before.size() > 0)
    results.push_back(measured(
        data, parts, "day before", "Repeats the value of the target a day before.",
        [&](const Part& part) { return known(data.day_before, part.predicted, part.targets); }));
  results.push_back(
      measured(data, parts, "ARX",
               "A plane through the window's inputs and the last five known values of the target.",
               [&](const Part& part) { return predict_arx(data, part); }));
  return results;
}

}  // namespace cupel
