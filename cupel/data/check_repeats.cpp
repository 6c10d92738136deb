// Rows with equal inputs: readings of one specimen, or a plant that stands still. What a test says
// depends on whether they lie on both sides of the split.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/data/check_parts.hpp"

namespace cupel {
namespace {

std::vector<int> rows_with_targets(const Examination& exam) {
  std::vector<int> rows;
  for (int row = 0; row < exam.table.rows; ++row)
    if (std::none_of(exam.resolved.targets.begin(), exam.resolved.targets.end(), [&](int target) {
          return std::isnan(exam.column(target).values[static_cast<std::size_t>(row)]);
        }))
      rows.push_back(row);
  return rows;
}

std::vector<int> group_numbers(const Examination& exam) {
  if (exam.resolved.group < 0) return {};
  const Column* group = &exam.column(exam.resolved.group);
  return number_equal_rows(std::span(&group, 1), exam.complete_rows);
}

int first_repeat(const Examination& exam) {
  const std::vector<int>& setting = exam.together.setting;
  int next = 0;
  for (std::size_t k = 0; k < setting.size(); ++k, ++next)
    if (setting[k] != next) return exam.complete_rows[k];
  return -1;
}

std::string repeats_text(const Together& together) {
  const auto rows = static_cast<long>(together.setting.size());
  return fmt::format("{} of {} rows {} the inputs of an earlier row: {}", together.repeats, rows,
                     together.repeats == 1 ? "repeats" : "repeat",
                     counted(together.settings, "different setting"));
}

void report_few_settings(Examination& exam) {
  exam.add({.severity = Severity::warning,
            .code = "few_settings",
            .column = {},
            .row = first_repeat(exam),
            .what = repeats_text(exam.together) + ", too few to keep rows with equal inputs "
                                                  "together in the test part and in folds",
            .advice = "errors will be those on settings already seen; measure more settings, or "
                      "name what tells specimens or batches apart: --group COLUMN"});
}

void report_repeats(Examination& exam) {
  const Together& together = exam.together;
  std::string advice =
      exam.resolved.time < 0
          ? "rows with equal inputs stay together in the test part and in every fold, so that "
            "errors are those on settings never seen"
          : "rows in time order are divided by time, which can part them; --split random keeps "
            "rows with equal inputs together";
  if (together.apart > 0)
    advice += fmt::format("; but for {} of settings that more than a fifth of the rows share",
                          counted(together.apart, "row"));
  exam.add({.severity = Severity::note,
            .code = "repeats",
            .column = {},
            .row = first_repeat(exam),
            .what = repeats_text(together),
            .advice = std::move(advice)});
}

}  // namespace

void check_repeats(Examination& exam) {
  exam.complete_rows = rows_with_targets(exam);
  std::vector<const Column*> columns;
  for (const int input : exam.remaining_inputs()) columns.push_back(&exam.column(input));
  if (columns.empty()) return;
  exam.together =
      rows_together(number_equal_rows(columns, exam.complete_rows), group_numbers(exam));
  if (exam.together.repeats == 0) return;
  if (exam.together.settings < kFewestSettings)
    report_few_settings(exam);
  else
    report_repeats(exam);
}

}  // namespace cupel
