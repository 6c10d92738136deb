// What a comparison has measured: every method's errors on the test part of every split. Written
// as JSON (what 'cupel compare --json' prints, without the tests) and read back.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "cupel/training/metrics.hpp"

namespace cupel {

/// One method on one split.
struct MethodScore {
  std::vector<ErrorFigures> test;  ///< one a target, own units; empty: it failed
  /// Root mean square over targets of RMSE / the target's spread; NaN: it failed.
  double error = std::numeric_limits<double>::quiet_NaN();
  int parameters = 0;     ///< weights of all networks; 0 where that says nothing (baselines)
  std::string structure;  ///< "6 inputs, 12 tanh"
  std::string failure;    ///< why it failed; empty: it did not
  double elapsed_s = 0;
  double energy_j = 0;  ///< estimated from processor time
};

struct MethodScores {
  std::string name;
  bool recipe = true;  ///< false: a baseline
  std::vector<MethodScore> splits;
};

struct ComparedTarget {
  std::string name, unit;
  double spread = 0;  ///< standard deviation over all rows
};

struct SplitSize {
  int train = 0, test = 0;
};

struct Comparison {
  std::string data;  ///< name of the file
  int rows = 0;
  bool ordered = false;
  std::vector<ComparedTarget> targets;
  std::vector<SplitSize> splits;
  std::vector<MethodScores> methods;  ///< recipes first
};

std::vector<double> errors_of(const MethodScores& method);
bool failed_somewhere(const MethodScores& method);
/// Mean and standard deviation over the splits that did not fail; NaN without any.
double mean_error(const MethodScores& method);
double error_deviation(const MethodScores& method);
double mean_parameters(const MethodScores& method);
double mean_elapsed_s(const MethodScores& method);
double mean_energy_j(const MethodScores& method);
/// Mean over splits of a target's figures.
ErrorFigures mean_figures(const MethodScores& method, int target);
/// Mean over splits of test rows / training rows.
double test_share(const Comparison& comparison);

Json to_json(const MethodScore& score);
MethodScore method_score_from_json(const Json& json);

/// `rmse`: in the unit of the target when there is one, otherwise `error`.
Json to_json(const Comparison& comparison);
Comparison comparison_from_json(const Json& json);

}  // namespace cupel
