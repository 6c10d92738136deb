#include "cupel/study/test_trust.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cupel/base/evenly_spaced.hpp"
#include "cupel/model/evaluate.hpp"
#include "cupel/model/input_values.hpp"
#include "cupel/model/model_inputs.hpp"
#include "cupel/study/design.hpp"

namespace cupel {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr int kComparedRows = 500;
/// Share of rows of the same plant that the region's limits let out.
constexpr double kExpectedOutside = 0.03;
/// A fall of coverage, and a share of rows outside, that matter.
constexpr double kCoverageFall = 0.05, kOutsideMatters = 0.1;
/// Standard errors that make it certain, with 19 and about 18 degrees of freedom: of shares; of the
/// errors of a few targets; of many inputs.
constexpr double kShareCertain = 2.75, kErrorCertain = 4, kInputCertain = 5;

/// At most kManyRows of them.
std::vector<int> some_of(const std::vector<int>& rows) {
  std::vector<int> some;
  for (const int k : evenly_spaced(std::ssize(rows), kManyRows))
    some.push_back(rows[static_cast<std::size_t>(k)]);
  return some;
}

double median(Vector values) {
  if (values.size() == 0) return kNone;
  const auto middle = values.data() + values.size() / 2;
  std::nth_element(values.data(), middle, values.data() + values.size());
  return *middle;
}

Vector inside(const Evaluation& found, const Matrix& measured, Eigen::Index target) {
  return (measured.col(target).array() >= found.lower.col(target).array() &&
          measured.col(target).array() <= found.upper.col(target).array())
      .cast<double>();
}

TestTrust::Kind figures_of(IntervalMethod method, const Evaluation& found, const Matrix& measured) {
  TestTrust::Kind kind{.method = method, .half_width = {}, .coverage = {}};
  kind.rows = static_cast<int>(found.outputs.rows());
  for (Eigen::Index t = 0; t < found.outputs.cols(); ++t) {
    kind.half_width.push_back(median(0.5 * (found.upper.col(t) - found.lower.col(t))));
    kind.coverage.push_back(measured.rows() > 0 ? inside(found, measured, t).mean() : kNone);
  }
  return kind;
}

std::string with_unit(double value, const std::string& unit) {
  return fmt::format("{:.4g}{}{}", value, unit.empty() ? "" : " ", unit);
}

void find_moved_inputs(const DesignRun& run, const Matrix& design, const Matrix& test,
                       std::vector<std::string>& drift) {
  const Model& model = run.result.model;
  const std::vector<bool> used = used_columns(model);
  for (Eigen::Index c = 0; c < design.cols(); ++c) {
    const EncodedColumn& column = model.encoder.columns[static_cast<std::size_t>(c)];
    if (!used[static_cast<std::size_t>(c)] || column.text) continue;
    const MeanShift shift = mean_shift(design.col(c), test.col(c));
    if (shift.found(kInputCertain))
      drift.push_back(fmt::format("{} has moved: its mean is {} in the test rows, it was {}",
                                  column.name, with_unit(shift.after, column.unit),
                                  with_unit(shift.before, column.unit)));
  }
}

void find_lost_coverage(const DesignRun& run, const Evaluation& found,
                        std::vector<std::string>& drift) {
  const double confidence = run.context.options->confidence;
  const Matrix measured = some_rows(run.data->test_values);
  for (Eigen::Index t = 0; t < measured.cols() && found.lower.size() > 0; ++t) {
    const ShareShift shift = share_shift(inside(found, measured, t), confidence);
    if (shift.share < confidence - kCoverageFall && shift.evidence < -kShareCertain)
      drift.push_back(fmt::format("{}: the intervals hold {:.0f} % of the test rows, not {:.0f} %",
                                  run.data->data.targets[static_cast<std::size_t>(t)].name,
                                  100 * shift.share, 100 * confidence));
  }
}

void find_bias(const DesignRun& run, const Evaluation& found, std::vector<std::string>& drift) {
  const DesignResult& result = run.result;
  if (result.held_out_measured.rows() == 0) return;
  for (Eigen::Index t = 0; t < found.outputs.cols(); ++t) {
    const MeanShift shift =
        mean_shift(result.held_out_measured.col(t) - result.held_out_predicted.col(t),
                   some_rows(run.data->test_values).col(t) - found.outputs.col(t));
    const Column& target = run.data->data.targets[static_cast<std::size_t>(t)];
    if (shift.found(kErrorCertain))
      drift.push_back(fmt::format("{}: the test rows are {} {} than predicted on average",
                                  target.name, with_unit(std::abs(shift.after), target.unit),
                                  shift.after > 0 ? "higher" : "lower"));
  }
}

void find_drift(const DesignRun& run, const Matrix& design, const Matrix& test,
                const Evaluation& found, TestTrust& trust) {
  const Vector outside = (found.distance.array() > 1).cast<double>();
  trust.outside = outside.mean();
  const ShareShift shift = share_shift(outside, kExpectedOutside);
  if (shift.share > kOutsideMatters && shift.evidence > kShareCertain)
    trust.drift.push_back(
        fmt::format("{:.0f} % of the test rows lie outside the data that the model was made from",
                    100 * shift.share));
  find_lost_coverage(run, found, trust.drift);
  find_bias(run, found, trust.drift);
  find_moved_inputs(run, design, test, trust.drift);
}

}  // namespace

TestTrust measure_test_trust(const DesignRun& run) {
  const StudyData& data = *run.data;
  const Model& model = run.result.model;
  const double confidence = run.context.options->confidence;
  const Matrix all = input_values(model.encoder, data.data.inputs);
  const Matrix design = all(some_of(data.split.design), Eigen::all),
               test = all(some_of(data.split.test), Eigen::all);
  const Matrix test_values = some_rows(data.test_values);
  TestTrust trust{.kinds = {}, .outside = kNone, .drift = {}};
  const bool has_test = test.rows() > 0;
  const Matrix& shown = has_test ? test : design;
  const Evaluation found = evaluate(model, shown, {.confidence = confidence});
  if (has_test) find_drift(run, design, test, found, trust);
  const std::vector<int> some = evenly_spaced(shown.rows(), kComparedRows);
  for (const PickTrust::Kind& kind : run.result.trust.kinds) {
    const bool own = trust.kinds.empty();
    if (own) {
      trust.kinds.push_back(figures_of(kind.method, found, test_values));
      continue;
    }
    const Matrix measured = has_test ? Matrix(test_values(some, Eigen::all)) : Matrix();
    const Evaluation other = evaluate(with_intervals(model, kind), shown(some, Eigen::all),
                                      {.confidence = confidence, .distance = false});
    trust.kinds.push_back(figures_of(kind.method, other, measured));
  }
  return trust;
}

}  // namespace cupel
