#include "cupel/study/linear_formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/baselines/baselines.hpp"

namespace cupel {
namespace {

const Baseline& linear_baseline() {
  return *std::find_if(baselines().begin(), baselines().end(),
                       [](const Baseline& one) { return one.name == "linear"; });
}

/// What stands behind a feature's coefficient.
std::string term(const EncodedColumn& column, const Feature& feature) {
  if (column.text)
    return fmt::format("[{} = {}]", column.name,
                       column.levels[static_cast<std::size_t>(feature.level)]);
  if (column.log_scale <= 0) return column.name;
  if (column.low >= 0) return fmt::format("ln(1 + {}/{:.6g})", column.name, column.log_scale);
  return fmt::format("sgn({0}) ln(1 + |{0}|/{1:.6g})", column.name, column.log_scale);
}

}  // namespace

std::vector<std::string> linear_formulas(const StudyData& data) {
  const Encoder& encoder = data.encoder;
  // The value at zero, and at one of each feature: the baseline is linear.
  Matrix probes = Matrix::Zero(encoder.inputs() + 1, encoder.inputs());
  probes.bottomRows(encoder.inputs()).setIdentity();
  const Matrix values = linear_baseline().predict(data.design_inputs, data.design_targets, probes);
  std::vector<std::string> formulas;
  for (Eigen::Index t = 0; t < values.cols(); ++t) {
    const TargetScale& target = encoder.targets[static_cast<std::size_t>(t)];
    double constant = (values(0, t) - target.offset) / target.factor;
    std::string text;
    for (int f = 0; f < encoder.inputs(); ++f) {
      const Feature& feature = encoder.features[static_cast<std::size_t>(f)];
      const double slope = (values(f + 1, t) - values(0, t)) / target.factor;
      constant += slope * feature.offset;
      const double coefficient = slope * feature.factor;
      if (coefficient == 0) continue;
      text += fmt::format(" {} {:.5g} {}", coefficient < 0 ? "-" : "+", std::abs(coefficient),
                          term(encoder.columns[static_cast<std::size_t>(feature.column)], feature));
    }
    formulas.push_back(target.log ? fmt::format("{} = exp({:.5g}{})", target.name, constant, text)
                                  : fmt::format("{} = {:.5g}{}", target.name, constant, text));
  }
  return formulas;
}

}  // namespace cupel
