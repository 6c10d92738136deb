// A report as a real study would fill it: a turbine's NOx from nine inputs, six of them used.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "cupel/base/rng.hpp"
#include "cupel/report/report_data.hpp"

namespace cupel::test {

struct FixtureOptions {
  int targets = 1, inputs = 9, used = 6, hidden = 12;
  int held_out_rows = 400, test_rows = 200;
  int trials = 600, front = 14;
  bool ordered = true;
};

inline ErrorFigures figures(double rmse) {
  return {rmse, 0.7 * rmse, 1.5 * rmse, 1 - rmse * rmse / 136};
}

inline std::vector<ErrorFigures> figures_each(double rmse, int targets) {
  std::vector<ErrorFigures> all;
  for (int t = 0; t < targets; ++t) all.push_back(figures(rmse * (1 + 0.3 * t)));
  return all;
}

inline std::string input_name(int i) {
  static const char* const kNames[] = {"ambient_T", "ambient_p", "humidity",
                                       "filter_dp", "exhaust_p", "turbine_T",
                                       "after_T",   "yield",     "compressor_p"};
  return i < 9 ? kNames[i] : "tag_" + std::to_string(i);
}

inline void fill_columns(ReportData& data, const FixtureOptions& o) {
  static const char* const kUnits[] = {"degC", "mbar", "%",   "mbar", "mbar",
                                       "degC", "degC", "MWh", "bar"};
  for (int i = 0; i < o.inputs; ++i)
    data.columns.push_back({input_name(i), i < 9 ? kUnits[i] : "", "input", "number", -6.2 + i,
                            17.30000001 * (i + 1), 37.1 * (i + 1), i % 3, 0});
  data.columns.push_back({"load", "", "ignored", "text", 0, 0, 0, 0, 3});
  for (int t = 0; t < o.targets; ++t) {
    data.target_names.push_back(t == 0 ? "NOX" : "target_" + std::to_string(t));
    data.columns.push_back(
        {data.target_names[t], "mg/m3", "target", "number", 25.9, 63.85, 119.9, 4, 0});
  }
}

inline void fill_front(ReportData& data, const FixtureOptions& o, Rng& rng) {
  data.objective_names = {"validation_rmse", "parameters"};
  for (int i = 0; i < o.trials; ++i) {
    const int size = 8 + rng.below(500);
    const double error = 0.32 + 3.0 / size + std::fabs(rng.normal()) * 0.1 + (i % 50 == 7 ? 40 : 0);
    data.trials.push_back({i, i % 90 == 5 ? std::nan("") : error, size, i % 90 == 5});
    data.failed_trials += i % 90 == 5;
  }
  for (int i = 0; i < o.front; ++i) {
    const int size = 8 + i * 470 / std::max(1, o.front);
    const double error = 0.315 + 3.0 / size;
    data.front.push_back(
        {40 + 7 * i,
         std::to_string(o.used) + " inputs, " + std::to_string(2 + i) + " + 5 hidden",
         size,
         o.used,
         {error, static_cast<double>(size)},
         figures_each(11 * error, o.targets),
         {},
         i == o.front / 2});
    if (o.test_rows > 0) data.front.back().test = figures_each(11.6 * error, o.targets);
  }
  data.why = "the smallest network whose error is within one standard error of the best one's";
}

inline void fill_pick(ReportData& data, const FixtureOptions& o, Rng& rng) {
  data.pick.topology = {
      o.used,
      {{o.hidden, Activation::tanh}, {5, Activation::tanh}, {o.targets, Activation::linear}}};
  data.pick.parameters.resize(parameter_count(data.pick.topology));
  for (auto& p : data.pick.parameters) p = rng.normal();
  for (int i = 0; i < o.inputs; ++i) {
    (i < o.used ? data.feature_names : data.dropped_features).push_back(input_name(i));
    data.effects.push_back(
        {input_name(i), "", i < o.used ? 180.0 / (1 + i * i) - 0.4 : 0.0, i < o.used});
  }
}

inline void add_rows(Rng& rng, int rows, std::vector<double>& measured,
                     std::vector<double>& predicted) {
  double level = 65;
  for (int i = 0; i < rows; ++i) {
    level += 0.15 * (65 - level) + 5 * rng.normal();
    measured.push_back(level);
    predicted.push_back(level * 0.95 + 3.2 + 4.1 * rng.normal());
  }
}

inline void fill_scatters(ReportData& data, const FixtureOptions& o, Rng& rng) {
  for (const std::string& target : data.target_names) {
    Scatter scatter;
    scatter.target = target;
    scatter.unit = "mg/m3";
    scatter.ordered = o.ordered;
    scatter.half_width = 6.9;
    add_rows(rng, o.held_out_rows, scatter.measured_held_out, scatter.predicted_held_out);
    add_rows(rng, o.test_rows, scatter.measured_test, scatter.predicted_test);
    data.scatters.push_back(std::move(scatter));
  }
}

inline void fill_trust(ReportData& data, const FixtureOptions& o) {
  const std::vector<double> widths(data.target_names.size(), 6.9);
  const std::vector<double> shares(data.target_names.size(), o.test_rows > 0 ? 0.913 : NAN);
  data.trust.intervals = {{"normalized", "from held-out errors", widths, shares, o.test_rows},
                          {"cv+", "around all folds", widths, shares, 500}};
  data.trust.parameter_uncertainty.assign(data.target_names.size(), 0.31);
  if (o.test_rows > 0) data.trust.outside = 0.021;
  for (const std::string& target : data.target_names)
    data.trust.dependences.push_back({.input = input_name(0),
                                      .input_unit = "degC",
                                      .target = target,
                                      .target_unit = "mg/m3",
                                      .x = {0, 1, 2},
                                      .y = {60, 64, 66},
                                      .low = {58, 63, 63},
                                      .high = {62, 65, 69}});
  for (const std::string& target : data.target_names)
    for (const char* part : {"training", "test"})
      if (part == std::string("training") || o.test_rows > 0)
        data.trust.bars.push_back({.target = target,
                                   .unit = "mg/m3",
                                   .part = part,
                                   .measured = {59, 63, 70},
                                   .predicted = {60, 62, 71},
                                   .low = {54, 55, 65},
                                   .high = {66, 69, 77},
                                   .sd = {0.5, 0.25, 0.75},
                                   .rows = 300});
  data.published = {{"OA-ANN", "22 connections", "", "RMSE 4.331", ""}};
  data.published_source = "Its source, one split.";
  data.trust.slopes = {{input_name(0), "degC", 1.5, widths, widths}};
}

inline BaselineRow baseline_row(std::string name, std::string text, double rmse,
                                const FixtureOptions& o) {
  BaselineRow row{std::move(name), std::move(text), figures_each(rmse, o.targets), {}};
  if (o.test_rows > 0) row.test = figures_each(rmse * 1.04, o.targets);
  return row;
}

inline ReportData sample_report(const FixtureOptions& o = {}) {
  ReportData data;
  Rng rng(11);
  data.title = "NOX of the gas turbine";
  data.data_file = "turbine.csv";
  data.recipe = "qnn";
  data.recipe_summary = "structure and ridge by NSGA-II, training by BFGS";
  data.program_version = "0.1.0";
  data.command = "cupel design turbine.csv --target NOX --ignore load --split ordered --seed 7";
  data.created = "2024-05-06 14:31";
  data.fingerprint = "9f2c1ab08d77e310";
  data.design_rows = 4 * o.held_out_rows;
  data.test_rows = o.test_rows;
  data.rows_without_target = 4;
  data.rows = data.design_rows + data.test_rows + data.rows_without_target;
  data.split = "The first 80 % in time are for the design, the last 20 % for the test.";
  fill_columns(data, o);
  data.findings = {
      {Severity::warning, "stuck", "filter_dp", 118, "the value 3.57 repeats for 96 rows",
       "check the sensor or ignore the column", false},
      {Severity::note, "outliers", "humidity", 2040, "3 cells lie far from all others",
       "look at these rows", false},
      {Severity::note, "few", "", -1, "rows are few for so many inputs", "expect wide intervals",
       false}};
  fill_front(data, o, rng);
  fill_pick(data, o, rng);
  fill_scatters(data, o, rng);
  fill_trust(data, o);
  data.baselines = {
      baseline_row("mean", "always the mean of the training rows", 11.7, o),
      baseline_row("linear", "a weighted sum of the inputs", 6.9, o),
      baseline_row("5 nearest neighbors", "the mean of the 5 most similar rows", 5.1, o)};
  data.options["recipe"] = "qnn";
  data.options["search"]["population"] = 40;
  data.options["search"]["crossover"] = 0.9;
  data.options["targets"] = std::vector<std::string>{"NOX"};
  data.seed = 7;
  data.elapsed_s = 73.4;
  data.stop_reason = "all 600 trials are done";
  return data;
}

}  // namespace cupel::test
