// What single columns show: reading, targets, inputs, and whether the rows suffice.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

#include "cupel/base/shell_word.hpp"
#include "cupel/data/check_parts.hpp"
#include "cupel/data/csv_cells.hpp"

namespace cupel {
namespace {

bool has_role(const Examination& exam, const std::string& name) {
  const int index = exam.table.find(name);
  const auto& ignored = exam.roles.ignore;
  return index >= 0 && std::find(ignored.begin(), ignored.end(), name) == ignored.end();
}

int first_missing(const Column& column) {
  const auto found = std::find_if(column.values.begin(), column.values.end(),
                                  [](double value) { return std::isnan(value); });
  return static_cast<int>(found - column.values.begin());
}

std::string value_text(const Column& column, double value) {
  if (column.kind == ColumnKind::text)
    return fmt::format("'{}'", column.words[static_cast<std::size_t>(value)]);
  return fmt::format("{}", value);
}

/// Adds a finding that drops the input, unless the user keeps it.
void drop(Examination& exam, int index, Finding finding) {
  finding.severity = Severity::warning;
  finding.column = exam.column(index).name;
  finding.drop = !exam.kept(index);
  if (!finding.drop) {
    finding.severity = Severity::note;
    finding.advice = "it is an input all the same, as you said: --keep";
  }
  exam.add(std::move(finding));
}

void check_target(Examination& exam, int index) {
  const Column& column = exam.column(index);
  const ColumnFacts& facts = exam.facts_of(index);
  const auto refuse = [&](const char* code, std::string what, std::string advice) {
    exam.add({.severity = Severity::error,
              .code = code,
              .column = column.name,
              .what = std::move(what),
              .advice = std::move(advice)});
  };
  if (facts.sorted.empty()) {
    refuse("empty_target", "the target has no values", "name another target");
  } else if (column.kind != ColumnKind::number) {
    refuse("text_target",
           column.kind == ColumnKind::text
               ? fmt::format("the target holds words (such as {})", value_text(column, 0))
               : "the target holds time stamps",
           column.kind == ColumnKind::text && facts.distinct == 2
               ? fmt::format("a target must be a number: write {} as 1 and {} as 0, or name "
                             "another target",
                             value_text(column, 0), value_text(column, 1))
               : "a target must be a number: name another target");
  } else if (facts.distinct == 1) {
    refuse("constant", fmt::format("the target is constant: always {}", facts.sorted[0]),
           "there is nothing to predict: name another target");
  } else if (facts.missing > 0) {
    exam.add(
        {.severity = Severity::note,
         .code = "missing",
         .column = column.name,
         .row = first_missing(column),
         .what = fmt::format("{} without a value of the target ({})", counted(facts.missing, "row"),
                             percent(double(facts.missing) / exam.table.rows)),
         .advice = "these rows are left out"});
  }
}

/// Errors that are equal everywhere say little where the target spans decades.
void check_decades(Examination& exam, int index) {
  constexpr double kDecades = 2;
  const std::vector<double>& sorted = exam.facts_of(index).sorted;
  const std::string& name = exam.column(index).name;
  const auto& log = exam.roles.log_targets;
  if (exam.column(index).kind != ColumnKind::number || sorted.size() < 20 || sorted[0] <= 0 ||
      std::find(log.begin(), log.end(), name) != log.end())
    return;
  const double low = sorted[sorted.size() / 20],
               high = sorted[sorted.size() - 1 - sorted.size() / 20];
  if (std::log10(high / low) < kDecades) return;
  exam.add({.severity = Severity::note,
            .code = "decades",
            .column = name,
            .what = fmt::format("nine in ten values lie between {:.3g} and {:.3g}: errors of the "
                                "small ones hardly count beside those of the large ones",
                                low, high),
            .advice = fmt::format("where an error should be a share of the value: {}",
                                  shell_option("--log-target", name))});
}

/// A row that only has a target: filled, it would say that the usual inputs give that value.
void check_empty_rows(Examination& exam) {
  const std::vector<int> inputs = exam.remaining_inputs();
  if (inputs.empty()) return;
  const auto has = [&](int row, int column) {
    return !std::isnan(exam.column(column).values[static_cast<std::size_t>(row)]);
  };
  int count = 0, first = -1;
  for (int row = 0; row < exam.table.rows; ++row) {
    const auto here = [&](int column) { return has(row, column); };
    if (std::any_of(inputs.begin(), inputs.end(), here) ||
        std::none_of(exam.resolved.targets.begin(), exam.resolved.targets.end(), here))
      continue;
    if (count++ == 0) first = row;
  }
  if (count == 0) return;
  exam.add({.severity = Severity::warning,
            .code = "empty_rows",
            .row = first,
            .what = fmt::format("{} of the target without any input", counted(count, "value")),
            .advice =
                "totals, or inputs that were not recorded: these rows are left out (in windows of "
                "time they are filled)"});
}

/// 'ON' and 'on' are two categories, seldom meant so.
void check_spelling(Examination& exam, int index) {
  const Column& column = exam.column(index);
  if (column.kind != ColumnKind::text) return;
  std::map<std::string, const std::string*> alike;
  for (const std::string& word : column.words) {
    const auto [first, is_new] = alike.emplace(lower_case(word), &word);
    if (is_new) continue;
    exam.add({.severity = Severity::warning,
              .code = "spelling",
              .column = column.name,
              .what = fmt::format("'{}' and '{}' differ in capitals only and are two categories",
                                  *first->second, word),
              .advice = "if they mean the same, write them alike"});
    return;
  }
}

bool check_levels(Examination& exam, int index) {
  constexpr int kManyLevels = 50;
  const Column& column = exam.column(index);
  const int levels = exam.facts_of(index).distinct;
  const auto present = static_cast<int>(exam.facts_of(index).sorted.size());
  if (column.kind != ColumnKind::text || levels < 10) return false;
  if (levels > 0.5 * present) {
    drop(exam, index,
         {.code = "identifier",
          .what = fmt::format("{} different words in {} rows: a name or a remark, not a category",
                              levels, present),
          .advice = "it is not used as an input"});
    return true;
  }
  if (levels <= kManyLevels) return false;
  drop(exam, index,
       {.code = "many_levels",
        .what = fmt::format("{} different words: too many to learn from {} rows", levels, present),
        .advice = "it is not used as an input; merge the words into a few classes to use it"});
  return true;
}

void check_missing(Examination& exam, int index) {
  constexpr double kTooMany = 0.5, kMany = 0.2;
  const ColumnFacts& facts = exam.facts_of(index);
  if (facts.missing == 0) return;
  const double share = double(facts.missing) / exam.table.rows;
  Finding finding{.severity = share > kMany ? Severity::warning : Severity::note,
                  .code = "missing",
                  .column = exam.column(index).name,
                  .row = first_missing(exam.column(index)),
                  .what = fmt::format(
                      "{} missing ({})",
                      facts.missing == 1 ? "1 cell is" : fmt::format("{} cells are", facts.missing),
                      percent(share)),
                  .advice = "they are filled with the training rows' median or most frequent word"};
  if (share <= kTooMany) {
    exam.add(std::move(finding));
    return;
  }
  finding.advice = "too many to fill: it is not used as an input";
  drop(exam, index, std::move(finding));
}

/// Rows of the longest plan of experiments that sets an input in even steps, one after the other.
constexpr std::size_t kMostPlanned = 50;

/// 1, 2, 3, …, or every step the same over so many rows that it is no plan of experiments.
bool only_counts(const Column& column) {
  const std::vector<double>& x = column.values;
  if (column.kind != ColumnKind::number || x.size() < 10) return false;
  const double step = x[1] - x[0];
  if (std::isnan(step) || step == 0) return false;
  if (std::abs(step) != 1 && x.size() < kMostPlanned) return false;
  const double tolerance = 1e-6 * std::abs(step);
  for (std::size_t i = 1; i < x.size(); ++i)
    if (!(std::abs(x[i] - x[i - 1] - step) <= tolerance)) return false;
  return true;
}

/// A name that says number of the row, or none at all.
bool names_an_index(const Column& column, const std::vector<ReadNote>& notes) {
  constexpr std::array<std::string_view, 14> kNames = {
      "index", "idx", "id",  "no",          "nr",     "no.",      "nr.",
      "#",     "row", "obs", "observation", "run_id", "rownames", "row_id"};
  const std::string name = lower_case(column.name);
  const bool nameless = std::any_of(notes.begin(), notes.end(), [&](const ReadNote& note) {
    return note.column == column.name && note.what.find("has no name") != std::string::npos;
  });
  return nameless || name.starts_with("unnamed") ||
         std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// Whole numbers that only rise: one by one but for gaps, as where rows were left out; with any
/// steps where the name says what they are.
bool is_index(const Column& column, const std::vector<ReadNote>& notes) {
  const std::vector<double>& x = column.values;
  if (column.kind != ColumnKind::number || x.size() < 10) return false;
  std::size_t ones = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!(x[i] == std::floor(x[i]))) return false;
    if (i == 0) continue;
    if (!(x[i] > x[i - 1])) return false;
    ones += x[i] == x[i - 1] + 1;
  }
  return 2 * ones >= x.size() || names_an_index(column, notes);
}

void check_input(Examination& exam, int index) {
  const Column& column = exam.column(index);
  const ColumnFacts& facts = exam.facts_of(index);
  if (column.kind == ColumnKind::time) {
    exam.add({.severity = Severity::error,
              .code = "time_input",
              .column = column.name,
              .what = "it holds time stamps and cannot be an input",
              .advice = "give it the role time, or ignore it"});
  } else if (facts.sorted.empty()) {
    drop(exam, index,
         {.code = "missing", .what = "it has no values", .advice = "it is not used as an input"});
  } else if (facts.distinct == 1 && facts.missing == 0) {
    drop(exam, index,
         {.code = "constant",
          .what = fmt::format("it is constant: always {}", value_text(column, facts.sorted[0])),
          .advice = "it says nothing and is not used as an input"});
  } else if (facts.distinct == 1) {
    drop(exam, index,
         {.code = "constant",
          .row = first_missing(column),
          .what = fmt::format("where it is not missing it is always {}",
                              value_text(column, facts.sorted[0])),
          .advice = "it says nothing and is not used as an input"});
  } else if ((only_counts(column) || is_index(column, exam.table.notes)) &&
             exam.resolved.inputs.size() > 1) {
    drop(exam, index,
         {.code = "counter",
          .row = 0,
          .what = fmt::format("it only counts the rows: {}, {}, {}, …", column.values[0],
                              column.values[1], column.values[2]),
          .advice = fmt::format("it is not used as an input; if it is one: {}; if it is "
                                "the time: {}",
                                shell_option("--keep", column.name),
                                shell_option("--time", column.name))});
  } else if (!check_levels(exam, index)) {
    check_spelling(exam, index);
    check_missing(exam, index);
  }
}

}  // namespace

void check_reading(Examination& exam) {
  constexpr double kMany = 0.05;
  for (const ReadNote& note : exam.table.notes) {
    if (!note.column.empty() && !has_role(exam, note.column)) continue;
    const bool cells = !note.column.empty() && note.row >= 0;
    const bool many = cells && note.count > kMany * exam.table.rows;
    exam.add({.severity = note.unreadable || many ? Severity::warning : Severity::note,
              .code = note.unreadable ? "unreadable"
                      : cells         ? "status"
                                      : "reading",
              .column = note.column,
              .row = note.row,
              .what = note.what,
              .advice = note.unreadable && note.advice.empty()
                            ? "correct the cells; remove rows that hold totals or remarks instead "
                              "of a measurement"
                            : note.advice});
  }
}

void check_targets(Examination& exam) {
  for (const int index : exam.resolved.targets) {
    check_target(exam, index);
    check_decades(exam, index);
  }
}

void check_inputs(Examination& exam) {
  for (const int index : exam.resolved.inputs) check_input(exam, index);
  check_empty_rows(exam);
}

void check_row_count(Examination& exam) {
  constexpr int kFewestRows = 10, kRowsAnInput = 5;
  int rows = 0, inputs = 0;
  for (int row = 0; row < exam.table.rows; ++row)
    rows +=
        std::none_of(exam.resolved.targets.begin(), exam.resolved.targets.end(), [&](int target) {
          return std::isnan(exam.column(target).values[static_cast<std::size_t>(row)]);
        });
  for (const int index : exam.remaining_inputs())
    inputs += exam.column(index).kind == ColumnKind::text ? exam.facts_of(index).distinct - 1 : 1;
  const auto add = [&](Severity severity, const char* code, std::string what, std::string advice) {
    exam.add({.severity = severity,
              .code = code,
              .column = {},
              .what = std::move(what),
              .advice = std::move(advice)});
  };
  if (exam.remaining_inputs().empty())
    add(Severity::error, "no_inputs", "no column is left as an input",
        "ignore fewer columns, or keep one that is dropped: --keep NAME");
  else if (rows < kFewestRows)
    add(Severity::error, "few_rows",
        fmt::format("{} usable; at least {} are needed",
                    rows == 1 ? "1 row is" : fmt::format("{} rows are", rows), kFewestRows),
        "collect more rows");
  else if (rows < inputs + 1)
    add(Severity::error, "few_rows", fmt::format("{} rows for {} inputs", rows, inputs),
        "collect more rows than inputs, or choose the inputs that matter: --inputs A,B,…");
  else if (rows < kRowsAnInput * inputs)
    add(Severity::warning, "few_rows",
        fmt::format("{} rows for {} inputs: few to learn from", rows, inputs),
        "collect more rows, or choose the inputs that matter: --inputs A,B,…");
}

}  // namespace cupel
