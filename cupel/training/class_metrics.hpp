// How good a classification is, and probabilities that mean what they say.
#pragma once

#include <span>
#include <vector>

#include "cupel/base/matrix.hpp"

namespace cupel {

struct ClassFigures {
  double accuracy = 0;
  double balanced_accuracy = 0;              ///< mean recall of the classes that occur
  double precision = 0, recall = 0, f1 = 0;  ///< means over all classes that occur
  double log_loss = 0;                       ///< mean of -log p of the right class
  std::vector<double> class_precision, class_recall, class_f1;  ///< NaN: the class does not occur
  Eigen::MatrixXi confusion;  ///< [right class x predicted class], counts
};

/// probabilities [rows x classes]; the predicted class is the largest, the first of equals.
ClassFigures class_figures(std::span<const int> labels, const Matrix& probabilities);

/// The temperature of least log-loss (Guo, Pleiss, Sun & Weinberger 2017), within 0.05 … 20, for
/// logits of images that the network did not learn from. 1 where there are none.
double fit_temperature(std::span<const int> labels, const Matrix& logits);

/// Mean gap between confidence and accuracy over ten bins of confidence, weighted by their counts
/// (expected calibration error).
double calibration_error(std::span<const int> labels, const Matrix& probabilities);

}  // namespace cupel
