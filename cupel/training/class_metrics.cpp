#include "cupel/training/class_metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cupel/network/cnn/predict_images.hpp"

namespace cupel {
namespace {

int predicted_class(const Matrix& probabilities, Eigen::Index row) {
  Eigen::Index best = 0;
  for (Eigen::Index c = 1; c < probabilities.cols(); ++c)
    if (probabilities(row, c) > probabilities(row, best)) best = c;
  return static_cast<int>(best);
}

double mean_log_loss(std::span<const int> labels, const Matrix& probabilities) {
  double sum = 0;
  for (std::size_t k = 0; k < labels.size(); ++k)
    sum -= std::log(std::max(1e-300, probabilities(static_cast<Eigen::Index>(k), labels[k])));
  return sum / static_cast<double>(labels.size());
}

double share(double part, double whole) {
  return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN();
}

void count(std::span<const int> labels, const Matrix& probabilities, ClassFigures& figures) {
  figures.confusion = Eigen::MatrixXi::Zero(probabilities.cols(), probabilities.cols());
  for (std::size_t k = 0; k < labels.size(); ++k)
    ++figures.confusion(labels[k], predicted_class(probabilities, static_cast<Eigen::Index>(k)));
}

}  // namespace

ClassFigures class_figures(std::span<const int> labels, const Matrix& probabilities) {
  ClassFigures figures;
  count(labels, probabilities, figures);
  if (labels.empty()) return figures;
  const Eigen::MatrixXi& confusion = figures.confusion;
  int present = 0;
  for (Eigen::Index c = 0; c < confusion.rows(); ++c) {
    const double right = confusion(c, c), occurs = confusion.row(c).sum();
    const double said = confusion.col(c).sum();
    figures.class_recall.push_back(share(right, occurs));
    figures.class_f1.push_back(occurs > 0 ? 2 * right / (occurs + said)
                                          : std::numeric_limits<double>::quiet_NaN());
    figures.class_precision.push_back(occurs > 0 && said == 0 ? 0 : share(right, said));
    if (occurs == 0) continue;
    ++present;
    figures.recall += figures.class_recall.back();
    figures.f1 += figures.class_f1.back();
    figures.precision += figures.class_precision.back();
  }
  figures.accuracy = static_cast<double>(confusion.diagonal().sum()) / confusion.sum();
  for (double* mean : {&figures.recall, &figures.f1, &figures.precision}) *mean /= present;
  figures.balanced_accuracy = figures.recall;
  figures.log_loss = mean_log_loss(labels, probabilities);
  return figures;
}

double fit_temperature(std::span<const int> labels, const Matrix& logits) {
  if (labels.empty()) return 1;
  const auto loss = [&](double log_temperature) {
    return mean_log_loss(labels, softmax(logits, std::exp(log_temperature)));
  };
  // Golden section: the log-loss is convex in 1 / temperature, so it has one valley.
  constexpr double kGolden = 0.6180339887498949;
  double low = std::log(0.05), up = std::log(20.0);
  double a = up - kGolden * (up - low), b = low + kGolden * (up - low);
  double at_a = loss(a), at_b = loss(b);
  while (up - low > 1e-4) {
    if (at_a <= at_b) {
      up = b;
      b = a;
      at_b = at_a;
      a = up - kGolden * (up - low);
      at_a = loss(a);
    } else {
      low = a;
      a = b;
      at_a = at_b;
      b = low + kGolden * (up - low);
      at_b = loss(b);
    }
  }
  return std::exp(0.5 * (low + up));
}

double calibration_error(std::span<const int> labels, const Matrix& probabilities) {
  constexpr int kBins = 10;
  std::array<double, kBins> confidence{}, right{};
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const auto row = static_cast<Eigen::Index>(k);
    const int said = predicted_class(probabilities, row);
    const double sure = probabilities(row, said);
    const auto bin = static_cast<std::size_t>(std::min(kBins - 1, static_cast<int>(sure * kBins)));
    confidence[bin] += sure;
    right[bin] += said == labels[k];
  }
  double gap = 0;
  for (std::size_t bin = 0; bin < kBins; ++bin) gap += std::abs(confidence[bin] - right[bin]);
  return labels.empty() ? 0 : gap / static_cast<double>(labels.size());
}

}  // namespace cupel
