// A model as a spreadsheet (.xlsx): type an operating point into one sheet, and its formulas give
// the prediction, the interval and the distance from the training data; no macro. One operating
// point at a time. The same numbers as evaluate.hpp, to rounding. docs/formats/xlsx.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cupel/model/model.hpp"

namespace cupel {

struct WorkbookOptions {
  double confidence = 0.9;  ///< of the interval, 0 < c < 1
  bool intervals = true;
  bool region = true;
  /// One value an encoder column, as evaluate.hpp takes them, that stand in the input cells at
  /// first; none: the model's first test row.
  std::optional<Vector> values = std::nullopt;
};

/// Writes the file and says what the model has and the workbook lacks, and why. Throws Error{usage}
/// for a network that reads windows through a recurrent or convolutional layer and for a confidence
/// outside (0, 1), Error{runtime} when the file cannot be written.
std::vector<std::string> write_workbook(const Model& model, const WorkbookOptions& options,
                                        const std::string& path);

}  // namespace cupel
