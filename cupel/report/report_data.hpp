// Everything that a design report shows, as plain values: the pages (HTML, JSON) are written
// from this alone.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/check.hpp"
#include "cupel/network/mlp/mlp.hpp"
#include "cupel/report/trust_data.hpp"
#include "cupel/study/race.hpp"
#include "cupel/training/metrics.hpp"

namespace cupel {

struct ColumnSummary {
  std::string name, unit;
  std::string role;                      ///< "input", "target", "time", "group", "ignored"
  std::string kind;                      ///< "number", "text", "time"
  double low = 0, median = 0, high = 0;  ///< numbers only
  int missing = 0;
  int levels = 0;  ///< text only
};

struct FrontRow {
  int trial = 0;
  std::string structure;  ///< "6 inputs, 12 + 5 hidden"
  int parameters = 0;     ///< weights and biases
  int inputs_used = 0;
  std::vector<double> objectives;
  std::vector<ErrorFigures> validation, test;  ///< one a target; test empty without a test part
  bool picked = false;
};

/// The best network of one family with one loss, where a recipe tells them apart.
struct FamilyRow {
  std::string family, loss;
  double alpha = 0;  ///< of αMixLoss; NaN for other losses
  std::string structure;
  int parameters = 0;
  int trials = 0;      ///< of the family with the loss
  double seconds = 0;  ///< of their trainings together
  double error = 0;    ///< first objective
  std::vector<ErrorFigures> validation;
  bool picked = false;
};

struct TrialPoint {
  int number = 0;
  double error = 0;  ///< first objective
  int parameters = 0;
  bool failed = false;
};

struct BaselineRow {
  std::string name;                            ///< "mean", "linear", "5 nearest neighbors"
  std::string explanation;                     ///< one plain sentence
  std::vector<ErrorFigures> validation, test;  ///< one a target
};

/// A figure that a source printed for the data set of this report.
struct PublishedRow {
  std::string method;       ///< "OA-ANN", "fully connected"
  std::string design;       ///< its size and its share of training rows
  std::string training;     ///< training error as printed
  std::string test;         ///< test error as printed
  std::string uncertainty;  ///< Σ diag(cov_p) and MU as printed
};

/// Measured against predicted, own units.
struct Scatter {
  std::string target, unit;
  std::vector<double> measured_held_out, predicted_held_out;  ///< validation rows
  std::vector<double> measured_test, predicted_test;
  bool ordered = false;  ///< rows are in time order: a trend is worth drawing
  /// Of a typical row's interval at `confidence`; infinity when there are too few rows.
  double half_width = 0;
  double coverage = std::numeric_limits<double>::quiet_NaN();  ///< share of test rows inside
};

struct InputEffect {
  std::string name, unit;
  double importance = 0;  ///< growth of the held-out RMSE when this input is shuffled, in %
  bool used = true;
};

struct ReportData {
  std::string title, data_file, recipe, recipe_summary, program_version, command;
  std::string created;  ///< date and time, local
  std::string fingerprint;
  int rows = 0, design_rows = 0, test_rows = 0, rows_without_target = 0;
  std::string split;          ///< one plain sentence
  bool as_published = false;  ///< the test part was used in the search: figures are optimistic
  std::vector<ColumnSummary> columns;
  std::vector<Finding> findings;
  int header_lines = 1;  ///< for sheet rows of findings
  std::vector<std::string> objective_names;
  std::vector<TrialPoint> trials;
  int failed_trials = 0;
  std::string scored_again = "on other rows";  ///< how the front was; empty: it was not
  EarlyStopping early_stopping;
  std::vector<FamilyRow> families;  ///< by family, in the order of their first trials
  std::vector<FrontRow> front;
  std::string why;  ///< why this pick, one sentence
  /// What other rules would have picked of the front: rule, trial and why.
  struct OtherChoice {
    std::string rule, why;
    int trial = 0;
    bool same = false;  ///< as the pick
  };
  std::vector<OtherChoice> other_choices;
  Mlp pick;
  std::vector<std::string> feature_names, target_names;  ///< of the pick's inputs and outputs
  std::vector<std::string> dropped_features;             ///< known, not used by the pick
  std::vector<Scatter> scatters;
  double confidence = 0.9;
  std::vector<BaselineRow> baselines;
  std::vector<std::string> linear_formulas;  ///< one a target; may be empty
  std::vector<PublishedRow> published;
  std::string published_source;  ///< and how far these figures can be compared
  std::vector<InputEffect> effects;
  TrustReport trust;
  Json options;  ///< resolved options
  std::uint64_t seed = 0;
  double elapsed_s = 0;
  std::string energy;  ///< of the computation, as a sentence; empty when unknown
  std::string stop_reason;
};

/// One self-contained page: no network, no scripts needed to read or print it.
std::string html_report(const ReportData& data);

}  // namespace cupel
