#include "cupel/deploy/workbook.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/deploy/model_facts.hpp"
#include "cupel/deploy/network_sheet.hpp"
#include "cupel/deploy/sheets.hpp"
#include "cupel/model/evaluate.hpp"
#include "cupel/model/input_values.hpp"
#include "cupel/model/model_inputs.hpp"

namespace cupel {
namespace {

/// Covariance numbers that a workbook may hold: more make it slow to open.
constexpr std::int64_t kMostFactors = 200000;
constexpr int kFirstInput = 4;  ///< row of the first input on the first sheet

const char* const kInside = "inside the data that the model was made from";
const char* const kOutside = "an extrapolation: outside the data that the model was made from";

std::int64_t factor_count(const Model& model) {
  std::int64_t count = 0;
  for (const Member& member : model.members) {
    const std::int64_t size = connection_count(member.network);
    count += size * (size + 1) / 2;
  }
  return count;
}

/// Enough to tell a ten thousandth of the target's range.
int decimals_of(const TargetScale& target) {
  const double range = target.up - target.low;
  if (!(range > 0)) return -1;
  return std::clamp(static_cast<int>(4 - std::floor(std::log10(range))), 0, 12);
}

class Workbook {
 public:
  Workbook(const Model& model, const WorkbookOptions& options, const std::string& path)
      : model_(model), options_(options), sheets_(path) {
    form_ = interval_form(model, options.intervals);
    if (form_.kind == IntervalForm::spread && factor_count(model) > kMostFactors)
      form_ = {.left_out = fmt::format("intervals: the covariance of the weights has {} numbers",
                                       factor_count(model))};
    values_ = options.values ? *options.values : Vector(test_rows(model).row(0));
    found_ = evaluate(model, values_.transpose(), {.confidence = options.confidence});
  }

  std::vector<std::string> write() {
    main_ = sheets_.add("Model", {30, 10, 16, 16, 16, 14});
    network_ = sheets_.add("Network", {24});
    write_inputs();
    write_features();
    write_networks();
    write_outputs();
    write_tests();
    sheets_.close();
    if (form_.left_out.empty()) return {};
    return {form_.left_out};
  }

 private:
  bool has_interval() const { return form_.kind != IntervalForm::none; }

  Cell input(std::size_t c) const { return {main_, kFirstInput + static_cast<int>(c), 2}; }

  void write_inputs() {
    const Encoder& encoder = model_.encoder;
    std::vector<std::string> names;
    for (const TargetScale& target : encoder.targets) names.push_back(target.name);
    sheets_.text({main_, 0, 0}, fmt::format("Prediction of {}", fmt::join(names, ", ")),
                 CellLook::title);
    sheets_.text({main_, 1, 0}, origin_text(model_) + " Type into the colored cells.",
                 CellLook::note);
    const char* const heads[] = {"input", "unit", "value", "lowest", "highest", "distance"};
    for (int k = 0; k < (options_.region ? 6 : 5); ++k)
      sheets_.text({main_, kFirstInput - 1, k}, heads[k],
                   k < 2 ? CellLook::head : CellLook::number_head);
    const std::vector<bool> used = used_columns(model_);
    for (std::size_t c = 0; c < encoder.columns.size(); ++c) {
      const EncodedColumn& column = encoder.columns[c];
      const int row = kFirstInput + static_cast<int>(c);
      sheets_.text({main_, row, 0}, column.name + (used[c] ? "" : " (not used)"));
      sheets_.text({main_, row, 1}, column.unit);
      const double value = values_[static_cast<Eigen::Index>(c)];
      if (std::isnan(value))
        sheets_.text(input(c), "", CellLook::input);
      else if (column.text)
        sheets_.text(input(c), column.levels[static_cast<std::size_t>(value)], CellLook::input);
      else
        sheets_.number(input(c), value, CellLook::input);
      if (column.text) continue;
      sheets_.number({main_, row, 3}, column.low);
      sheets_.number({main_, row, 4}, column.up);
      if (options_.region && used[c]) write_ratio(c);
    }
  }

  /// How far an input is from the middle of its widened range.
  void write_ratio(std::size_t c) {
    const EncodedColumn& column = model_.encoder.columns[c];
    const double value = values_[static_cast<Eigen::Index>(c)];
    const double half = (0.5 + model_.region.margin) * (column.up - column.low);
    const std::string cell = sheets_.name(input(c));
    const std::string off = fmt::format("ABS({}-{:.17g})", cell, 0.5 * (column.up + column.low));
    const std::string ratio =
        half > 0 ? fmt::format("{}/{:.17g}", off, half) : fmt::format("IF({}>0,1000,0)", off);
    sheets_.formula({main_, kFirstInput + static_cast<int>(c), 5},
                    fmt::format("IF(ISBLANK({}),0,{})", cell, ratio),
                    range_ratio(model_.region, column, value), CellLook::plain, 2);
  }

  /// The inputs as networks see them, one a row.
  void write_features() {
    const Encoder& encoder = model_.encoder;
    const Matrix encoded = encode_all(encoder, input_columns(encoder, Matrix(values_.transpose())));
    const char* const heads[] = {"feature", "offset", "factor", "value", "its word's place"};
    for (int k = 0; k < 5; ++k) sheets_.text({network_, 0, k}, heads[k], CellLook::head);
    for (std::size_t f = 0; f < encoder.features.size(); ++f) {
      const Feature& feature = encoder.features[f];
      const int row = 1 + static_cast<int>(f);
      sheets_.text({network_, row, 0}, feature.name);
      const std::string offset =
          sheets_.name(sheets_.number({network_, row, 1}, feature.offset).cell);
      const std::string factor =
          sheets_.name(sheets_.number({network_, row, 2}, feature.factor).cell);
      const std::string in = feature.level < 0 ? number_text(feature) : word_text(feature, row);
      features_.push_back(sheets_.formula({network_, row, 3},
                                          fmt::format("{}+{}*{}", offset, factor, in),
                                          encoded(0, static_cast<Eigen::Index>(f))));
    }
    next_row_ = static_cast<int>(encoder.features.size()) + 3;
  }

  /// A number, filled where missing, or its logarithm.
  std::string number_text(const Feature& feature) const {
    const EncodedColumn& column = model_.encoder.columns[static_cast<std::size_t>(feature.column)];
    const std::string cell = sheets_.name(input(static_cast<std::size_t>(feature.column)));
    const std::string filled = fmt::format("IF(ISBLANK({0}),{1:.17g},{0})", cell, column.fill);
    if (column.log_scale <= 0) return filled;
    return fmt::format("SIGN({0})*LN(1+ABS({0})/{1:.17g})", filled, column.log_scale);
  }

  /// 1 where the input is this feature's word. The first feature of a column writes its words.
  std::string word_text(const Feature& feature, int row) {
    const auto c = static_cast<std::size_t>(feature.column);
    const EncodedColumn& column = model_.encoder.columns[c];
    while (places_.size() <= c) places_.emplace_back();
    if (places_[c].empty()) {
      const int last = 5 + static_cast<int>(column.levels.size()) - 1;
      for (int k = 5; k <= last; ++k)
        sheets_.text({network_, row, k}, column.levels[static_cast<std::size_t>(k - 5)]);
      sheets_.choice(input(c), {network_, row, 5}, {network_, row, last});
      const double value = values_[static_cast<Eigen::Index>(c)];
      const Cell place = {network_, row, 4};
      // MATCH takes 'ON' for 'on' and '*' for anything. A word that training never had: #N/A.
      const std::string words = sheets_.range({network_, row, 5}, {network_, row, last});
      const std::string same = fmt::format("EXACT({}&\"\",{})", sheets_.name(input(c)), words);
      sheets_.formula(
          place,
          fmt::format("IF({0}=\"\",0,IF(SUMPRODUCT({1}*1)=0,NA(),SUMPRODUCT({1}*(COLUMN({2})-6))))",
                      sheets_.name(input(c)), same, words),
          std::isnan(value) ? 0 : value);
      places_[c] = sheets_.name(place);
    }
    return fmt::format("IF({}={},1,0)", places_[c], feature.level);
  }

  void write_networks() {
    const bool spread = form_.kind == IntervalForm::spread;
    for (std::size_t k = 0; k < model_.members.size(); ++k) {
      const Member& member = model_.members[k];
      std::vector<NumberCell> inputs;
      for (const int feature : member.features)
        inputs.push_back(features_[static_cast<std::size_t>(feature)]);
      networks_.push_back(write_network(sheets_, {network_, next_row_, 0}, member.network,
                                        fmt::format("network {}", k + 1), inputs, spread));
      next_row_ = networks_.back().next_row;
      if (!spread) continue;
      const int sheet = sheets_.add(fmt::format("Spread {}", k + 1), {12});
      variances_.push_back(write_variances(sheets_, sheet, member, networks_.back()));
    }
  }

  /// Σ weight x output of a target's outputs.
  std::string sum_text(int target) const {
    std::string text;
    for (std::size_t n = 0; n < networks_.size(); ++n)
      for (Eigen::Index k = 0; k < model_.members[n].weights.size(); ++k)
        if (target_of(model_.members[n], k) == target)
          text += fmt::format("{}{:.17g}*{}", text.empty() ? "" : "+", model_.members[n].weights[k],
                              sheets_.name(networks_[n].outputs[static_cast<std::size_t>(k)].cell));
    return text.empty() ? "0" : text;
  }

  /// The root of noise and parameter variance, in scaled units.
  std::string spread_text(int target) const {
    std::string text;
    double noise = 0;
    for (std::size_t n = 0; n < networks_.size(); ++n)
      for (Eigen::Index k = 0; k < model_.members[n].weights.size(); ++k) {
        if (target_of(model_.members[n], k) != target) continue;
        const double weight = std::abs(model_.members[n].weights[k]);
        noise += weight * model_.members[n].uncertainty.noise[k];
        text += fmt::format("{}{:.17g}*SQRT({})", text.empty() ? "" : "+", weight,
                            sheets_.name(variances_[n][static_cast<std::size_t>(k)].cell));
      }
    return fmt::format("SQRT(({})^2+{:.17g})", text.empty() ? "0" : text, noise);
  }

  void write_outputs() {
    int row = kFirstInput + static_cast<int>(model_.encoder.columns.size()) + 1;
    const char* const heads[] = {"output", "unit", "prediction", "lower", "upper"};
    for (int k = 0; k < (has_interval() ? 5 : 3); ++k)
      sheets_.text({main_, row, k}, heads[k], k < 2 ? CellLook::head : CellLook::number_head);
    for (int t = 0; t < static_cast<int>(model_.encoder.targets.size()); ++t) {
      const TargetScale& target = model_.encoder.targets[static_cast<std::size_t>(t)];
      ++row;
      sheets_.text({main_, row, 0}, target.name);
      sheets_.text({main_, row, 1}, target.unit);
      std::string value =
          fmt::format("({}-{:.17g})/{:.17g}", sum_text(t), target.offset, target.factor);
      if (target.log) value = fmt::format("EXP({})", value);
      const std::string prediction =
          sheets_.name(sheets_
                           .formula({main_, row, 2}, value, found_.outputs(0, t), CellLook::result,
                                    decimals_of(target))
                           .cell);
      if (has_interval()) write_interval(row, t, prediction);
    }
    if (has_interval())
      sheets_.text({main_, row + 1, 3},
                   fmt::format("{:.6g} % prediction interval", 100 * options_.confidence),
                   CellLook::note);
    if (options_.region) write_distance(row + 3);
  }

  void write_interval(int row, int t, const std::string& prediction) {
    const double width = half_width(model_.intervals, t, options_.confidence);
    if (std::isinf(width)) {
      for (const int column : {3, 4}) sheets_.text({main_, row, column}, "unknown");
      return;
    }
    const TargetScale& target = model_.encoder.targets[static_cast<std::size_t>(t)];
    std::string half = fmt::format("{:.17g}", width);
    if (form_.kind == IntervalForm::spread)
      half += fmt::format("*{}*{}",
                          target.log ? fmt::format("ABS({}/{:.17g})", prediction, target.factor)
                                     : fmt::format("{:.17g}", std::abs(1 / target.factor)),
                          spread_text(t));
    sheets_.formula({main_, row, 3}, fmt::format("{}-{}", prediction, half), found_.lower(0, t),
                    CellLook::plain, decimals_of(target));
    sheets_.formula({main_, row, 4}, fmt::format("{}+{}", prediction, half), found_.upper(0, t),
                    CellLook::plain, decimals_of(target));
  }

  void write_distance(int row) {
    std::string all = sheets_.range(
        {main_, kFirstInput, 5},
        {main_, kFirstInput + static_cast<int>(model_.encoder.columns.size()) - 1, 5});
    if (model_.region.cloud.known()) {
      const int sheet = sheets_.add("Training data", {24});
      all += "," + sheets_.name(write_cloud(sheets_, sheet, model_, features_).cell);
    }
    all = fmt::format("MAX({})", all);
    sheets_.text({main_, row, 0}, "distance from the training data");
    const Cell cell = {main_, row, 2};
    sheets_.formula(cell, all, found_.distance[0], CellLook::result, 2);
    sheets_.text_formula(
        {main_, row, 3},
        fmt::format("IF({}<=1,\"{}\",\"{}\")", sheets_.name(cell), kInside, kOutside),
        found_.distance[0] <= 1 ? kInside : kOutside);
  }

  /// What Cupel computed for some rows, to compare with.
  void write_tests() {
    const int sheet = sheets_.add("Check", {});
    const Matrix rows = test_rows(model_);
    const Matrix outputs = evaluate(model_, rows, {.intervals = false, .distance = false}).outputs;
    sheets_.text({sheet, 0, 0},
                 "Type a row's inputs into the first sheet: it must give these outputs.",
                 CellLook::note);
    for (Eigen::Index r = -1; r < rows.rows(); ++r) {
      const int row = static_cast<int>(r) + 2;
      for (Eigen::Index c = 0; c < rows.cols(); ++c) {
        const EncodedColumn& column = model_.encoder.columns[static_cast<std::size_t>(c)];
        const Cell cell = {sheet, row, static_cast<int>(c)};
        if (r < 0)
          sheets_.text(cell, column.name, CellLook::head);
        else if (std::isnan(rows(r, c)))
          continue;
        else if (column.text)
          sheets_.text(cell, column.levels[static_cast<std::size_t>(rows(r, c))]);
        else
          sheets_.number(cell, rows(r, c));
      }
      for (Eigen::Index t = 0; t < outputs.cols(); ++t) {
        const Cell cell = {sheet, row, static_cast<int>(rows.cols() + t)};
        if (r < 0)
          sheets_.text(cell, model_.encoder.targets[static_cast<std::size_t>(t)].name,
                       CellLook::head);
        else
          sheets_.number(cell, outputs(r, t), CellLook::result);
      }
    }
  }

  const Model& model_;
  const WorkbookOptions& options_;
  Sheets sheets_;
  IntervalForm form_;
  Vector values_;
  Evaluation found_;
  int main_ = 0, network_ = 0, next_row_ = 0;
  std::vector<std::string> places_;  ///< of words: the cell with the place, one a column
  std::vector<NumberCell> features_;
  std::vector<NetworkCells> networks_;
  std::vector<std::vector<NumberCell>> variances_;
};

}  // namespace

std::vector<std::string> write_workbook(const Model& model, const WorkbookOptions& options,
                                        const std::string& path) {
  check_confidence(options.confidence);
  if (reads_windows(model))
    throw Error(ErrorKind::usage,
                "a workbook has dense networks only; this model reads windows through a recurrent "
                "or convolutional layer",
                "export it to C, or design with --families linear,mlp");
  TemporaryFile part(path);
  std::vector<std::string> left_out = Workbook(model, options, part.path()).write();
  part.sync();
  part.replace();
  return left_out;
}

}  // namespace cupel
