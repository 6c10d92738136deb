// Every option of a design run, with default, range and help in one table, from which the
// command line, TOML files, the stored study and the documents derive.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/data/dataset.hpp"
#include "cupel/data/encoder.hpp"
#include "cupel/data/split.hpp"

namespace cupel {

struct ReadOptions;

struct DesignOptions {
  std::string data;  ///< the CSV file
  Roles roles;
  std::string output;  ///< path stem of the files written; empty: the targets' names
  std::string recipe = "qnn";
  std::string search = "auto";
  std::string protocol = "honest";
  std::string budget = "standard";
  int trials = 0;           ///< 0: from the budget
  double time_limit_s = 0;  ///< 0: none
  int jobs = 0;             ///< 0: one a processor
  std::int64_t seed = 1;
  double confidence = 0.9;
  std::string intervals = "auto";
  std::string kernels = "auto";
  // Data protocol.
  std::string split = "auto";
  double test_fraction = 0.25, validation_fraction = 0.2;
  int folds = 0, gap = 0;
  std::string test_file, train_rows, test_rows;
  std::string sheet, header = "auto", decimal_mark;
  // Windows over rows in time.
  int window = 0, horizon = 0;
  std::string step;
  bool past_targets = false;
  bool calendar = false;
  std::string families = "auto";
  std::string losses;  ///< with each of which every family is designed apart; empty: one search
  // Encoding.
  std::string scaling = "auto";
  bool log_skewed = true;
  // Search operators; -1 or 0: the recipe's own.
  int population = 0, generations = 0, tournament = 0;
  std::string operators = "auto";
  double crossover = -1, mutation = -1, jumping_genes = -1;
  std::string acquisition = "auto", selection = "tournament", bit_crossover = "two-point";
  double kappa = 2.576;
  int patience = 0;
  bool stop_early = true;
  double stop_margin = 1.5;  ///< standard errors
  // Networks and their training.
  int max_neurons = 0;
  int hidden_layers = 0;
  std::string optimizer = "auto";
  std::string loss = "auto";
  double alpha = 0.5;
  int starts = 0, iterations = 0;
  double max_step = 0;
  double gradient_tolerance = 0;
  int confirm = -1;  ///< repeats of the confirmation; -1: from the budget
  // Which network of the front to take.
  std::string pick = "one-standard-error";
  double error_weight = 0.5;
  // Elimination (recipe oa-ann).
  std::string mode = "elimination", inner = "ipopt";
  std::string choose = "accuracy";
  int max_connections = 40;
  double ridge = 0;  ///< 0: by cross-validation
  double training_rmse = 0;
  int average = 1;

  // Image folders (recipe tcnas).
  std::string precision = "f32";
  int image_size = 0;
  std::string colors = "auto", groups, cells;
  double beta = 0.6;
  std::string cost = "complexity", objective = "weighted", augment = "auto", references = "auto";
  int max_width = 0;
  int max_parameters = 170'000;
  int epochs = 0;
  double work = 0;

  bool as_published() const { return protocol == "as-published"; }
  bool paper() const { return recipe == "oa-ann" && mode == "paper"; }
};

using OptionField =
    std::variant<int DesignOptions::*, std::int64_t DesignOptions::*, double DesignOptions::*,
                 bool DesignOptions::*, std::string DesignOptions::*>;

struct OptionInfo {
  std::string_view name;     ///< as in TOML: time_limit; the command line writes --time-limit
  std::string_view section;  ///< heading in the help
  std::string_view help;
  OptionField field;
  double low = 0, up = 0;                      ///< numbers; low == up: no range
  std::vector<std::string_view> choices = {};  ///< text; empty: anything
  /// False: where, how fast, how long, and which of the front; may change when a study goes on.
  bool changes_result = true;
  std::string_view recipe = {};  ///< those that it is for, "namdm, evolution"; empty: all
};

std::span<const OptionInfo> option_table();

/// How the file of the data is to be read.
ReadOptions read_options(const DesignOptions& options);

/// Names of a list in one text, "gru, lstm": without blanks, each once, in order.
std::vector<std::string> listed_names(std::string_view text);

/// Throws Error{usage} naming the option, its range or choices.
void check_options(const DesignOptions& options);

/// All options by name, and [columns] with the roles.
Json to_json(const DesignOptions& options);
/// Options not named keep their defaults. Throws Error{usage} for an unknown name (with the
/// nearest one) or a value of the wrong kind.
DesignOptions options_from_json(const Json& json);

/// "10m", "90s", "1h30m", "45" (seconds) as seconds. Throws Error{usage}.
double parse_duration(std::string_view text);

}  // namespace cupel
