#include "cupel/training/class_metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/rng.hpp"
#include "cupel/network/cnn/predict_images.hpp"

namespace cupel {
namespace {

TEST(ClassMetrics, AgreeWithCountsByHand) {
  // Right: 0 0 0 1 1 2; predicted: 0 0 1 1 0 2; class 3 does not occur.
  const std::vector<int> labels = {0, 0, 0, 1, 1, 2};
  Matrix p = Matrix::Constant(6, 4, 0.1);
  const int said[] = {0, 0, 1, 1, 0, 2};
  for (int k = 0; k < 6; ++k) p(k, said[k]) = 0.7;
  const ClassFigures figures = class_figures(labels, p);
  EXPECT_DOUBLE_EQ(figures.accuracy, 4.0 / 6);
  EXPECT_DOUBLE_EQ(figures.recall, (2.0 / 3 + 1.0 / 2 + 1) / 3);
  EXPECT_DOUBLE_EQ(figures.balanced_accuracy, figures.recall);
  EXPECT_DOUBLE_EQ(figures.precision, (2.0 / 3 + 1.0 / 2 + 1) / 3);
  EXPECT_DOUBLE_EQ(figures.f1, (2.0 / 3 + 1.0 / 2 + 1) / 3);
  EXPECT_EQ(figures.confusion(0, 1), 1);
  EXPECT_EQ(figures.confusion(1, 0), 1);
  EXPECT_TRUE(std::isnan(figures.class_recall[3]));
  EXPECT_NEAR(figures.log_loss, -(4 * std::log(0.7) + 2 * std::log(0.1)) / 6, 1e-12);
}

TEST(ClassMetrics, TemperatureUndoesOverconfidence) {
  // Labels drawn with the probabilities softmax(z); the logits shown are 3 z.
  Rng rng(4);
  constexpr int kRows = 4000;
  Matrix honest(kRows, 3);
  std::vector<int> labels;
  for (int row = 0; row < kRows; ++row) {
    for (int c = 0; c < 3; ++c) honest(row, c) = rng.normal();
    const Matrix p = softmax(honest.row(row));
    const double draw = rng.uniform();
    labels.push_back(draw < p(0, 0) ? 0 : draw < p(0, 0) + p(0, 1) ? 1 : 2);
  }
  const Matrix shown = 3 * honest;
  const double temperature = fit_temperature(labels, shown);
  EXPECT_NEAR(temperature, 3, 0.25);
  EXPECT_GT(calibration_error(labels, softmax(shown)), 0.1);
  EXPECT_LT(calibration_error(labels, softmax(shown, temperature)), 0.03);
}

TEST(ClassMetrics, SoftmaxIsSafeWithLargeLogits) {
  Matrix logits(1, 2);
  logits << 1000, 998;
  const Matrix p = softmax(logits);
  EXPECT_NEAR(p(0, 0), 1 / (1 + std::exp(-2.0)), 1e-12);
  EXPECT_NEAR(p.sum(), 1, 1e-12);
}

}  // namespace
}  // namespace cupel
