#include "cupel/study/repeat_findings.hpp"

#include <fmt/format.h>

namespace cupel {
namespace {

constexpr double kMany = 0.1;

std::string advice_of(const StudyData& study) {
  switch (study.split.kind) {
    case SplitKind::random:
      return "errors on them are those on settings already seen; measure more settings to learn "
             "of new ones";
    case SplitKind::ordered:
      return "if rows with equal inputs are readings of one specimen, --split random keeps them "
             "together; if the plant returns to a setting, all is well";
    case SplitKind::fixed:
      return "if they are readings of the same specimens, give all of a specimen's rows to one "
             "part";
  }
  return {};
}

}  // namespace

std::vector<Finding> repeat_findings(const StudyData& study) {
  const Together& together = study.data.together;
  if (together.repeats == 0 || study.split.test.empty()) return {};
  std::vector<bool> seen(static_cast<std::size_t>(together.settings), false);
  const auto setting = [&](int row) {
    return static_cast<std::size_t>(together.setting[static_cast<std::size_t>(row)]);
  };
  for (const int row : study.split.design) seen[setting(row)] = true;
  int count = 0, first = -1;
  for (const int row : study.split.test)
    if (seen[setting(row)] && count++ == 0) first = row;
  if (count == 0) return {};
  const auto tested = static_cast<double>(study.split.test.size());
  return {{.severity = count > kMany * tested ? Severity::warning : Severity::note,
           .code = "repeats_on_both_sides",
           .column = {},
           .row = study.data.table_rows[static_cast<std::size_t>(first)],
           .what = fmt::format("{} of {} test rows {} the same inputs as a design row", count,
                               study.split.test.size(), count == 1 ? "has" : "have"),
           .advice = advice_of(study)}};
}

}  // namespace cupel
