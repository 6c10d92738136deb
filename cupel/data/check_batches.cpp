// Rows that belong together: a batch, a campaign, a specimen measured several times.
#include <fmt/format.h>

#include <cmath>
#include <set>

#include "cupel/base/shell_word.hpp"
#include "cupel/data/check_parts.hpp"

namespace cupel {
namespace {

/// A batch number goes up by one from batch to batch; a setting that steps does not.
bool counts_up(const std::vector<double>& runs) {
  for (std::size_t k = 1; k < runs.size(); ++k)
    if (runs[k] - runs[k - 1] != 1) return false;
  return true;
}

/// The value of each run of equal cells; empty when a cell is missing.
std::vector<double> runs_of(const Column& column) {
  std::vector<double> runs;
  for (double value : column.values) {
    if (std::isnan(value)) return {};
    if (runs.empty() || runs.back() != value) runs.push_back(value);
  }
  return runs;
}

}  // namespace

void check_batches(Examination& exam) {
  constexpr int kFewest = 10;
  if (exam.resolved.group >= 0) return;
  for (const int index : exam.resolved.inputs) {
    const Column& column = exam.column(index);
    const std::vector<double> runs = runs_of(column);
    const auto count = static_cast<int>(runs.size());
    const auto values = static_cast<int>(std::set<double>(runs.begin(), runs.end()).size());
    if (count < kFewest || values < count || 2 * count > exam.table.rows) continue;
    if (column.kind == ColumnKind::number && !counts_up(runs)) continue;
    exam.add({.severity = Severity::warning,
              .code = "batches",
              .column = column.name,
              .row = 0,
              .what = fmt::format("{} values, each in rows that follow one another, as a batch "
                                  "number has",
                                  count),
              .advice = fmt::format("if such rows belong together, {}: else the test "
                                    "rows come from batches that the network knows, and flatter",
                                    shell_option("--group", column.name))});
  }
}

}  // namespace cupel
