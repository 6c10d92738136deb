#include "cupel/deploy/c_source.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "cupel/deploy/c_functions.hpp"
#include "cupel/deploy/model_facts.hpp"
#include "cupel/model/evaluate.hpp"
#include "cupel/model/model_inputs.hpp"

namespace cupel {
namespace {

/// What stands in a comment may neither end it nor begin a new line.
std::string in_comment(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 32 || c == '*' || c == '\\') c = ' ';
  return text;
}

std::string number(double value) {
  if (std::isnan(value)) return "NAN";
  if (std::isinf(value)) return value > 0 ? "HUGE_VAL" : "-HUGE_VAL";
  return fmt::format("{:.17g}", value);
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  for (std::size_t at = text.find(from); at != std::string_view::npos; at = text.find(from)) {
    result += std::string(text.substr(0, at)) + std::string(to);
    text.remove_prefix(at + from.size());
  }
  return result + std::string(text);
}

/// "static const TYPE NAME[] = {…};", a few numbers a line.
std::string array(std::string_view type, std::string_view name,
                  const std::vector<std::string>& entries) {
  std::string text = fmt::format("static const {} {}[] = {{", type, name);
  std::size_t width = 100;
  for (const std::string& entry : entries) {
    if (width + entry.size() > 94) text += "\n ", width = 1;
    text += ' ' + entry + ',';
    width += entry.size() + 2;
  }
  if (entries.empty()) text += " 0";
  return text + "\n};\n";
}

template <typename Range>
std::vector<std::string> numbers(const Range& range) {
  std::vector<std::string> all;
  for (const auto value : range) all.push_back(number(static_cast<double>(value)));
  return all;
}

/// The rows of a matrix one after the other, in single precision as the model keeps them.
std::vector<std::string> floats_by_rows(const Matrix& matrix) {
  std::vector<std::string> all;
  for (Eigen::Index r = 0; r < matrix.rows(); ++r)
    for (Eigen::Index c = 0; c < matrix.cols(); ++c)
      all.push_back(fmt::format("{:.9g}", matrix(r, c)));
  return all;
}

std::vector<std::string> by_rows(const Matrix& matrix) {
  std::vector<std::string> all;
  for (Eigen::Index r = 0; r < matrix.rows(); ++r)
    for (Eigen::Index c = 0; c < matrix.cols(); ++c) all.push_back(number(matrix(r, c)));
  return all;
}

class Writer {
 public:
  Writer(const Model& model, const CSourceOptions& options)
      : model_(model),
        options_(options),
        name_(c_name(options.name)),
        windows_(reads_windows(model)) {
    IntervalForm form = interval_form(model, options.intervals);
    intervals_ = form.kind;
    if (!form.left_out.empty()) left_out_.push_back(std::move(form.left_out));
  }

  CSource write() {
    CSource made;
    made.header = header();
    made.source = source();
    made.left_out = left_out_;
    return made;
  }

 private:
  std::string named(std::string_view text) const {
    std::string upper = name_;
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    std::string result = replaced(text, "NAME_INPUTS", upper + "_INPUTS");
    result = replaced(result, "NAME_OUTPUTS", upper + "_OUTPUTS");
    result = replaced(result, "NAME_GUARD", upper + "_H");
    return replaced(result, "NAME_", name_ + "_");
  }

  std::string origin() const { return in_comment(origin_text(model_)); }

  std::string input_line(std::size_t c) const {
    const EncodedColumn& column = model_.encoder.columns[c];
    std::string text =
        in_comment(fmt::format(" *  [{}] {}", c, name_with_unit(column.name, column.unit)));
    text[1] = '*';
    if (column.text) {
      for (std::size_t k = 0; k < column.levels.size(); ++k)
        text += fmt::format("{} {} = {}", k == 0 ? ":" : ",", k, in_comment(column.levels[k]));
      text += "; any other number counts as 0";
    } else {
      text += fmt::format(", {:.6g} to {:.6g} in training, {:.6g} where NAN", column.low, column.up,
                          column.fill);
    }
    if (!used_columns(model_)[c]) text += " (no network reads it)";
    return text + "\n";
  }

  /// What goes in and what comes out.
  std::string explanation() const {
    std::string text =
        fmt::format("/* {}\n *\n * Inputs, in this order and in their own units:\n", origin());
    for (std::size_t c = 0; c < model_.encoder.columns.size(); ++c) text += input_line(c);
    if (model_.windows.any())
      text += " * [-k] behind a name: the value k steps before the last one of the window.\n";
    if (model_.calendar.any())
      text += " * Names that end in _sin, _cos or _weekend come from the time of the row.\n";
    text += " * Outputs:\n";
    for (std::size_t t = 0; t < model_.encoder.targets.size(); ++t) {
      const TargetScale& target = model_.encoder.targets[t];
      text += fmt::format(" *  [{}] {}\n", t, in_comment(name_with_unit(target.name, target.unit)));
    }
    return text + " */\n";
  }

  std::string header() const {
    std::string text = "#ifndef NAME_GUARD\n#define NAME_GUARD\n\n";
    text += fmt::format("#define NAME_INPUTS {}\n#define NAME_OUTPUTS {}\n\n",
                        model_.encoder.columns.size(), model_.encoder.targets.size());
    text += "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
    text +=
        "void NAME_predict(const double inputs[NAME_INPUTS], double outputs[NAME_OUTPUTS]);\n\n";
    if (intervals_ != IntervalForm::none)
      text += fmt::format(
          "/* The same with the ends of the {:.6g} % interval. */\n"
          "void NAME_interval(const double inputs[NAME_INPUTS], double outputs[NAME_OUTPUTS],\n"
          "                   double lower[NAME_OUTPUTS], double upper[NAME_OUTPUTS]);\n\n",
          100 * options_.confidence);
    if (options_.region)
      text +=
          "/* From the training data: above 1 the prediction is an extrapolation. */\n"
          "double NAME_distance(const double inputs[NAME_INPUTS]);\n\n";
    text +=
        "/* How many of the numbers that Cupel computed for some rows come out differently here:\n"
        "   0 on a sound machine. */\nint NAME_self_test(void);\n\n";
    return explanation() + named(text + "#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
  }

  std::string columns_table() const {
    const std::vector<bool> used = used_columns(model_);
    std::string text = "\nstatic const column columns[] = {\n";
    for (std::size_t c = 0; c < used.size(); ++c) {
      const EncodedColumn& column = model_.encoder.columns[c];
      text += fmt::format("  {{{}, {}, {}, {}, {}, {}}},\n", column.text ? column.levels.size() : 0,
                          number(column.fill), number(column.log_scale), number(column.low),
                          number(column.up), used[c] ? 1 : 0);
    }
    text += "};\nstatic const feature features_table[] = {\n";
    for (const Feature& feature : model_.encoder.features)
      text += fmt::format("  {{{}, {}, {}, {}}},\n", feature.column, feature.level,
                          number(feature.offset), number(feature.factor));
    text += "};\nstatic const target targets[] = {\n";
    for (std::size_t t = 0; t < model_.encoder.targets.size(); ++t) {
      const TargetScale& target = model_.encoder.targets[t];
      const double width =
          intervals_ == IntervalForm::none
              ? 0
              : half_width(model_.intervals, static_cast<int>(t), options_.confidence);
      text += fmt::format("  {{{}, {}, {}, {}}},\n", number(target.offset), number(target.factor),
                          target.log ? 1 : 0, number(width));
    }
    return text + "};\n";
  }

  std::string network_tables(const Member& member, std::size_t place) const {
    const Topology& topology = member.network.topology;
    std::vector<int> units, activations, outputs;
    for (const Layer& layer : topology.layers) {
      units.push_back(layer.units);
      activations.push_back(static_cast<int>(layer.activation));
    }
    for (Eigen::Index k = 0; k < member.weights.size(); ++k)
      outputs.push_back(static_cast<int>(target_of(member, k)));
    const auto name = [&](const char* what) { return fmt::format("{}_{}", what, place); };
    std::string text = array("int", name("features"), numbers(member.features)) +
                       array("int", name("units"), numbers(units)) +
                       array("int", name("activations"), numbers(activations)) +
                       array("int", name("targets"), numbers(outputs)) +
                       array("double", name("weights"), numbers(member.weights)) +
                       array("double", name("parameters"), numbers(member.network.parameters));
    if (const auto& layer = topology.window)
      text +=
          fmt::format("static const window {} = {{{}, {}, {}, {}, {}, {}}};\n", name("window"),
                      static_cast<int>(layer->kind), layer->steps, topology.inputs / layer->steps,
                      layer->units, output_count(*layer), filter_steps(*layer));
    if (!member.network.mask.empty())
      text += array("unsigned char", name("exist"), numbers(member.network.mask));
    if (intervals_ != IntervalForm::spread) return text;
    std::vector<std::string> factor;
    const Matrix& triangle = member.uncertainty.factor;
    for (Eigen::Index c = 0; c < triangle.cols(); ++c)
      for (Eigen::Index r = c; r < triangle.rows(); ++r)
        factor.push_back(fmt::format("{:.9g}", triangle(r, c)));
    return text + array("float", name("factor"), factor) +
           array("double", name("noise"), numbers(member.uncertainty.noise));
  }

  std::string networks() const {
    std::string text, table = "static const network networks[] = {\n";
    for (std::size_t k = 0; k < model_.members.size(); ++k) {
      const Mlp& network = model_.members[k].network;
      text += network_tables(model_.members[k], k);
      const std::string exist = network.mask.empty() ? "0" : fmt::format("exist_{}", k);
      const bool spread = intervals_ == IntervalForm::spread;
      table += fmt::format(
          "  {{{0}, {1}, {2}, {3}, {4}, {9}, features_{5}, units_{5}, activations_{5}, "
          "parameters_{5},\n"
          "   {6}, targets_{5}, weights_{5}, {7}, {8}}},\n",
          network.topology.inputs, network.topology.layers.size(), network.topology.outputs(),
          network.parameters.size(), connection_count(network), k, exist,
          spread ? fmt::format("factor_{}", k) : "0", spread ? fmt::format("noise_{}", k) : "0",
          network.topology.window ? fmt::format("&window_{}", k) : "0");
    }
    return text + table + "};\n";
  }

  std::string cloud() const {
    const DataCloud& cloud = model_.region.cloud;
    return fmt::format("\nenum {{ CLOUD = {}, CLOUD_ROWS = {} }};\n", cloud.features.size(),
                       cloud.rows.rows()) +
           fmt::format("static const double MEAN_LIMIT = {}, ROW_LIMIT = {};\n",
                       number(cloud.mean_limit), number(cloud.row_limit)) +
           array("int", "cloud_features", numbers(cloud.features)) +
           array("double", "cloud_mean", numbers(cloud.mean)) +
           array("double", "cloud_deviation", numbers(cloud.deviation)) +
           array("float", "cloud_whitening", floats_by_rows(cloud.whitening)) +
           array("float", "cloud_rows", floats_by_rows(cloud.rows));
  }

  std::string distance() const {
    const bool cloud_known = model_.region.cloud.known();
    std::string text =
        fmt::format("\nstatic const double MARGIN = {};\n", number(model_.region.margin));
    if (cloud_known) text += cloud();
    text += c_text::kDistance;
    if (!cloud_known) return text + replaced(c_text::kWholeDistance, "START_DISTANCE", "0");
    text += c_text::kCloud;
    return text + replaced(replaced(c_text::kWholeDistance, "  double distance = START_DISTANCE;\n",
                                    "  double features[FEATURES], distance;\n"),
                           "  int c;\n",
                           "  int c;\n  encode(inputs, features);\n"
                           "  distance = cloud_ratio(features);\n");
  }

  std::string self_test() const {
    const Matrix rows = test_rows(model_);
    const Evaluation found = evaluate(model_, rows, {.confidence = options_.confidence});
    std::vector<double> ranges;
    for (const TargetScale& target : model_.encoder.targets)
      ranges.push_back(target.up - target.low);
    std::string text = fmt::format("\nenum {{ TEST_ROWS = {} }};\n", rows.rows());
    text += array("double", "expected_rows", by_rows(rows)) +
            array("double", "expected_outputs", by_rows(found.outputs)) +
            array("double", "expected_ranges", numbers(ranges));
    std::string more;
    if (intervals_ != IntervalForm::none) {
      text += array("double", "expected_lowers", by_rows(found.lower)) +
              array("double", "expected_uppers", by_rows(found.upper));
      more += c_text::kTestInterval;
    }
    if (options_.region) {
      text += array("double", "expected_distances", numbers(found.distance));
      more += c_text::kTestDistance;
    }
    return text + replaced(c_text::kSelfTest, "TEST_INTERVAL_AND_DISTANCE", more);
  }

  std::string sizes() const {
    std::size_t values = 0, widest = 0, parameters = 0, units = 0, steps = 0, states = 0;
    for (const Member& member : model_.members) {
      const Topology& topology = member.network.topology;
      auto all = static_cast<std::size_t>(topology.inputs);
      widest = std::max(widest, all);
      if (const auto& layer = topology.window) {
        all += static_cast<std::size_t>(output_count(*layer));
        units = std::max(units, static_cast<std::size_t>(layer->units));
        steps = std::max(steps, static_cast<std::size_t>(layer->steps));
        states = std::max(states, 2 * static_cast<std::size_t>(layer->units * layer->steps));
      }
      for (const Layer& layer : topology.layers) {
        all += static_cast<std::size_t>(layer.units);
        widest = std::max(widest, static_cast<std::size_t>(layer.units));
      }
      values = std::max(values, all);
      parameters = std::max(parameters, static_cast<std::size_t>(member.network.parameters.size()));
    }
    std::string text = fmt::format("\nenum {{ FEATURES = {}, NETWORKS = {}, VALUES = {}",
                                   model_.encoder.features.size(), model_.members.size(), values);
    if (intervals_ == IntervalForm::spread)
      text += fmt::format(", WIDEST = {}, PARAMETERS = {}", widest, parameters);
    if (windows_)
      text += fmt::format(", UNITS = {}, STEPS = {}, STATES = {}", units, steps, states);
    return text + " };\n";
  }

  std::string source() const {
    std::string text = sizes();
    text += c_text::kTypes;
    text += columns_table() + networks();
    text += replaced(replaced(c_text::kPredict, "RUN_WINDOW", windows_ ? c_text::kRunWindow : ""),
                     "WINDOW_FUNCTIONS", windows_ ? c_text::kWindow : "");
    if (intervals_ == IntervalForm::constant) text += c_text::kConstantInterval;
    if (intervals_ == IntervalForm::spread) text += c_text::kSpreadInterval;
    if (options_.region) text += distance();
    return fmt::format("/* {} */\n#include \"{}.h\"\n\n#include <math.h>\n", origin(), name_) +
           named(text + self_test());
  }

  const Model& model_;
  CSourceOptions options_;
  std::string name_;
  bool windows_ = false;
  IntervalForm::Kind intervals_ = IntervalForm::none;
  std::vector<std::string> left_out_;
};

}  // namespace

std::string c_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 128;
    name += plain ? c : '_';
  }
  if (name.empty() || std::isalpha(static_cast<unsigned char>(name[0])) == 0) name = "m_" + name;
  return name;
}

CSource c_source(const Model& model, const CSourceOptions& options) {
  check_confidence(options.confidence);
  return Writer(model, options).write();
}

}  // namespace cupel
