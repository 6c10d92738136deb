#include "cupel/study/study_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cupel/base/error.hpp"
#include "cupel/base/evenly_spaced.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/data/column_roles.hpp"
#include "cupel/data/read_table.hpp"
#include "cupel/data/spikes.hpp"
#include "cupel/study/dead_time_findings.hpp"
#include "cupel/study/repeat_findings.hpp"

namespace cupel {
namespace {

/// File rows to dataset rows; rows without a target are passed over.
std::vector<int> dataset_rows(const Dataset& data, const std::vector<int>& table_rows,
                              int table_size) {
  std::vector<int> position(static_cast<std::size_t>(table_size), -1);
  for (int row = 0; row < data.rows; ++row) position[data.table_rows[row]] = row;
  std::vector<int> rows;
  for (int row : table_rows) {
    if (row >= table_size)
      throw Error(
          ErrorKind::usage,
          fmt::format("row {} does not exist: the file has rows 0 to {}", row, table_size - 1),
          "rows are counted from 0, the header is not a row");
    if (position[row] >= 0) rows.push_back(position[row]);
  }
  return rows;
}

SplitOptions split_options(const DesignOptions& options, const Dataset& data, const Table& table,
                           int first_test_row) {
  SplitOptions split{.test_fraction = options.test_fraction,
                     .folds = options.folds,
                     .validation_fraction = options.validation_fraction,
                     .gap = options.gap,
                     .seed = static_cast<std::uint64_t>(options.seed)};
  const bool ordered =
      options.split == "ordered" || (options.split == "auto" && !data.time.empty());
  split.kind = ordered ? SplitKind::ordered : SplitKind::random;
  if (options.split == "kfold" && split.folds == 0) split.folds = 5;
  if (options.test_rows.empty() && options.test_file.empty()) return split;
  split.kind = SplitKind::fixed;
  split.ordered_folds = ordered;
  if (!options.test_rows.empty()) {
    split.test_rows = dataset_rows(data, read_row_numbers(options.test_rows), table.rows);
    if (!options.train_rows.empty())
      split.train_rows = dataset_rows(data, read_row_numbers(options.train_rows), table.rows);
    return split;
  }
  for (int row = 0; row < data.rows; ++row)
    (data.table_rows[row] < first_test_row ? split.train_rows : split.test_rows).push_back(row);
  return split;
}

EncodingOptions encoding_options(const DesignOptions& options) {
  EncodingOptions encoding;
  encoding.log_skewed = options.log_skewed;
  if (options.as_published() || options.scaling == "min-max") {
    encoding.input_low = -0.9;
    encoding.input_up = 0.9;
    encoding.target_scaling = Scaling::min_max;
  }
  if (options.as_published()) encoding.log_skewed = false;
  if (options.paper()) {  // a tanh output, on targets from 0 to 1
    encoding.log_skewed = false;
    encoding.target_scaling = Scaling::min_max;
    encoding.target_low = 0;
    encoding.target_up = 1;
  }
  if (options.scaling == "standard") encoding.input_scaling = Scaling::standard;
  return encoding;
}

void refuse_errors(const std::vector<Finding>& findings, const Table& table) {
  std::string message, hint;
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::error) continue;
    if (!message.empty()) message += '\n';
    message += table.source + ": ";
    if (!finding.column.empty()) message += fmt::format("column '{}': ", finding.column);
    message += finding.what;
    if (finding.row >= 0) message += fmt::format(" (row {})", sheet_row(table, finding.row));
    if (hint.find(finding.advice) == std::string::npos)
      hint += (hint.empty() ? "" : "; ") + finding.advice;
  }
  if (!message.empty()) throw Error(ErrorKind::bad_data, message, hint);
}

std::vector<FoldData> encode_folds(const StudyData& study, const std::vector<Fold>& folds) {
  std::vector<int> position(static_cast<std::size_t>(study.data.rows), -1);
  for (int k = 0; k < static_cast<int>(study.split.design.size()); ++k)
    position[study.split.design[k]] = k;
  std::vector<FoldData> encoded;
  for (const Fold& fold : folds) {
    FoldData one{.encoder =
                     refit_encoder(study.encoder, study.data, fold.train_rows(), study.encoding)};
    one.train_inputs = encode_inputs(one.encoder, study.data.inputs, fold.train);
    one.train_targets = encode_targets(one.encoder, study.data, fold.train);
    one.validation_inputs = encode_inputs(one.encoder, study.data.inputs, fold.validation);
    for (int row : fold.validation) one.validation_rows.push_back(position[row]);
    encoded.push_back(std::move(one));
  }
  return encoded;
}

/// [rows x targets] of the windows that became rows of the dataset.
Matrix rows_in_order(const std::vector<std::vector<double>>& targets, const Dataset& data) {
  Matrix values(data.rows, std::ssize(targets));
  for (Eigen::Index t = 0; t < values.cols(); ++t)
    for (int row = 0; row < data.rows; ++row)
      values(row, t) =
          targets[static_cast<std::size_t>(t)][static_cast<std::size_t>(data.table_rows[row])];
  return values;
}

/// 1: rows stand for themselves.
int window_steps(const Table& table, const Roles& roles, const DesignOptions& options) {
  if (options.window > 0) return options.window;
  return options.recipe == "namdm" && resolve_roles(table, roles).time >= 0 ? 10 : 1;
}

/// With --calendar its columns join the table and the inputs; without it, a note where there could
/// be some.
Roles with_calendar(const DesignOptions& options, StudyData& study) {
  Roles roles = options.roles;
  const int time = resolve_roles(study.table, roles).time;
  if (!options.calendar) {
    if (time < 0) return roles;
    const auto periods = calendar_periods(study.table.columns[static_cast<std::size_t>(time)]);
    if (!periods.empty())
      study.findings.push_back(
          {.severity = Severity::note,
           .code = "calendar_possible",
           .column = study.table.columns[static_cast<std::size_t>(time)].name,
           .what = fmt::format("the times cover several days; what depends on the time of the {} "
                               "is not seen by the networks",
                               fmt::join(periods, ", of the ")),
           .advice = "--calendar yes makes inputs of it"});
    return roles;
  }
  if (time < 0)
    throw Error(ErrorKind::usage, "--calendar needs a column with the time",
                "name it with --time COLUMN");
  study.calendar = calendar_of(study.table.columns[static_cast<std::size_t>(time)]);
  add_calendar(study.calendar, study.table);
  if (!roles.inputs.empty())
    for (std::string& name : calendar_names(study.calendar))
      roles.inputs.push_back(std::move(name));
  return roles;
}

StudyData checked_data(Table table, const DesignOptions& options) {
  StudyData study;
  study.table = std::move(table);
  drop_spikes(study.table, resolve_roles(study.table, options.roles).targets);
  const Roles given = with_calendar(options, study);
  std::vector<Finding> found = check_table(study.table, given);
  refuse_errors(found, study.table);
  const Roles roles = without_dropped(given, found);
  study.findings.insert(study.findings.begin(), found.begin(), found.end());
  const int steps = window_steps(study.table, roles, options);
  if (steps == 1 && options.horizon == 0 && options.step.empty() && !options.past_targets) {
    study.data = make_dataset(study.table, roles);
    return study;
  }
  WindowedTable made =
      make_windows(study.table, roles,
                   {.steps = steps,
                    .horizon = options.horizon,
                    .step_s = options.step.empty() ? 0 : parse_duration(options.step),
                    .past_targets = options.past_targets});
  study.data = make_dataset(made.table, made.roles);
  study.data.steps = steps;
  study.data.together = {};  // equal windows are a plant at rest, not repeats
  for (const auto& targets : made.past)
    study.past_targets.push_back(rows_in_order(targets, study.data));
  if (!made.day_before.empty()) study.day_before = rows_in_order(made.day_before, study.data);
  for (int& row : study.data.table_rows) row = made.source[static_cast<std::size_t>(row)];
  study.windows = std::move(made.windows);
  study.findings.insert(study.findings.end(), made.findings.begin(), made.findings.end());
  return study;
}

/// Whether some group begins before another has ended: then time cannot divide them.
bool groups_overlap(const Dataset& data) {
  if (data.group.empty()) return false;
  std::vector<int> last(static_cast<std::size_t>(data.rows), -1);
  for (int row = 0; row < data.rows; ++row) {
    int& seen = last[static_cast<std::size_t>(data.group[static_cast<std::size_t>(row)])];
    if (seen >= 0 && seen + 1 != row) return true;
    seen = row;
  }
  return false;
}

/// Windows that overlap must not lie on both sides of a split.
void purge(const DesignOptions& options, StudyData& study) {
  if (!study.windows.any()) return;
  SplitOptions& split = study.split_options;
  split.gap = std::max(split.gap, study.windows.steps - 1 + study.windows.horizon);
  if (split.kind == SplitKind::fixed && options.split == "auto")
    split.ordered_folds = !groups_overlap(study.data);
  const bool random = split.kind == SplitKind::random;
  if (random && options.split == "auto" && !groups_overlap(study.data))
    split.kind = SplitKind::ordered;
  if (split.kind == SplitKind::ordered && options.split == "auto" && groups_overlap(study.data))
    split.kind = SplitKind::random;
  if (split.kind == SplitKind::random && study.data.group.empty())
    study.findings.push_back(
        {.severity = Severity::warning,
         .code = "window_random_split",
         .what = "a random split of windows: those in the test overlap with those in training, and "
                 "its errors flatter the model",
         .advice = "leave --split at auto, or use --split ordered"});
}

int most_rows(int repeat) { return repeat == 0 ? kSearchRows : kManyRows; }

void split_and_encode(StudyData& study, const DesignOptions& options) {
  study.split = make_split(study.data, study.split_options);
  study.encoding = encoding_options(options);
  encode_as(study, fit_encoder(study.data, study.split.design_rows(), study.encoding));
  study.design_values = target_values(study.data, study.split.design);
  study.test_values = target_values(study.data, study.split.test);
  study.repeats.push_back(encode_folds(study, study.split.folds));
  for (Finding& finding : repeat_findings(study)) study.findings.push_back(std::move(finding));
  for (Finding& finding : dead_time_findings(study)) study.findings.push_back(std::move(finding));
}

}  // namespace

namespace {

DesignOptions with_full_names(const Table& table, DesignOptions options) {
  options.roles = with_full_names(table, std::move(options.roles));
  return options;
}

}  // namespace

StudyData load_study_data(const DesignOptions& options) {
  Table table = read_table(options.data, read_options(options));
  const int first_test_row = table.rows;
  if (!options.test_file.empty()) {
    ReadOptions as_before = read_options(options);
    as_before.taught = table.reading;
    append_rows(table, read_table(options.test_file, as_before));
  }
  return make_study_data(std::move(table), first_test_row, options);
}

StudyData make_study_data(Table table, int first_test_row, const DesignOptions& given) {
  const DesignOptions options = with_full_names(table, given);
  StudyData study = checked_data(std::move(table), options);
  study.split_options = split_options(options, study.data, study.table, first_test_row);
  purge(options, study);
  split_and_encode(study, options);
  return study;
}

StudyData make_study_data(Table table, const RowChoice& rows, const DesignOptions& given) {
  const DesignOptions options = with_full_names(table, given);
  StudyData study = checked_data(std::move(table), options);
  study.split_options = split_options(options, study.data, study.table, study.table.rows);
  study.split_options.ordered_folds = study.ordered();
  study.split_options.kind = SplitKind::fixed;
  study.split_options.train_rows = rows.design;
  study.split_options.test_rows = rows.test;
  purge(options, study);
  split_and_encode(study, options);
  return study;
}

Matrix rows_of_repeat(const Matrix& rows, int repeat) {
  return rows(evenly_spaced(rows.rows(), most_rows(repeat)), Eigen::all);
}

Matrix rows_of_repeat(const Matrix& rows, const std::vector<int>& columns, int repeat) {
  return rows(evenly_spaced(rows.rows(), most_rows(repeat)), columns);
}

Matrix some_rows(const Matrix& rows) {
  return rows(evenly_spaced(rows.rows(), kManyRows), Eigen::all);
}

void encode_as(StudyData& study, const Encoder& encoder) {
  study.encoder = encoder;
  study.design_inputs = encode_inputs(study.encoder, study.data.inputs, study.split.design);
  study.design_targets = encode_targets(study.encoder, study.data, study.split.design);
  study.test_inputs = encode_inputs(study.encoder, study.data.inputs, study.split.test);
}

void add_repeats(StudyData& study, int count, std::uint64_t seed) {
  while (static_cast<int>(study.repeats.size()) <= count) {
    const auto repeat = static_cast<std::uint64_t>(study.repeats.size());
    study.repeats.push_back(encode_folds(
        study, fold_again(study.data, study.split, study.split_options, mix_seed({seed, repeat}))));
  }
}

void add_later_folds(StudyData& study) {
  if (study.ordered() && study.later.empty())
    study.later = encode_folds(study, later_folds(study.split, study.split_options));
}

}  // namespace cupel
