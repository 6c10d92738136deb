#include "cupel/report/pick_figures.hpp"

#include <algorithm>
#include <cctype>
#include <limits>

namespace cupel::report {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool begins_with(const std::string& text, const std::string& start) {
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) ==
                  std::tolower(static_cast<unsigned char>(b));
         });
}

}  // namespace

const FrontRow* picked_row(const ReportData& data) {
  const auto found = std::find_if(data.front.begin(), data.front.end(),
                                  [](const FrontRow& row) { return row.picked; });
  return found == data.front.end() ? nullptr : &*found;
}

const BaselineRow* baseline(const ReportData& data, const std::string& name) {
  const auto found =
      std::find_if(data.baselines.begin(), data.baselines.end(),
                   [&](const BaselineRow& row) { return begins_with(row.name, name); });
  return found == data.baselines.end() ? nullptr : &*found;
}

bool has_test(const ReportData& data) {
  const FrontRow* row = picked_row(data);
  return row && !row->test.empty();
}

std::string judged_rows(const ReportData& data) {
  return has_test(data) ? "test rows" : "held-out rows";
}

ErrorFigures figures_of(const std::vector<ErrorFigures>& all, int target) {
  if (target < 0 || target >= std::ssize(all)) return {kNone, kNone, kNone, kNone};
  return all[target];
}

ErrorFigures judged(const ReportData& data, const FrontRow& row, int target) {
  return figures_of(has_test(data) ? row.test : row.validation, target);
}

ErrorFigures judged(const ReportData& data, const BaselineRow& row, int target) {
  return figures_of(has_test(data) ? row.test : row.validation, target);
}

double saved_percent(const ReportData& data, const std::string& baseline_name, int target) {
  const FrontRow* pick = picked_row(data);
  const BaselineRow* simple = baseline(data, baseline_name);
  if (!pick || !simple) return kNone;
  const double simple_error = judged(data, *simple, target).rmse;
  if (!(simple_error > 0)) return kNone;
  return 100 * (1 - judged(data, *pick, target).rmse / simple_error);
}

int target_count(const ReportData& data) { return static_cast<int>(data.target_names.size()); }

std::string target_name(const ReportData& data, int target) { return data.target_names[target]; }

std::string target_unit(const ReportData& data, int target) {
  const std::string& name = data.target_names[target];
  for (const ColumnSummary& column : data.columns)
    if (column.name == name) return column.unit;
  for (const Scatter& scatter : data.scatters)
    if (scatter.target == name) return scatter.unit;
  return {};
}

double half_width(const ReportData& data, int target) {
  for (const Scatter& scatter : data.scatters)
    if (scatter.target == data.target_names[target]) return scatter.half_width;
  return kNone;
}

InputCount input_count(const ReportData& data) {
  if (!data.effects.empty()) {
    const auto used = std::count_if(data.effects.begin(), data.effects.end(),
                                    [](const InputEffect& effect) { return effect.used; });
    return {static_cast<int>(used), static_cast<int>(data.effects.size())};
  }
  const auto offered =
      std::count_if(data.columns.begin(), data.columns.end(),
                    [](const ColumnSummary& column) { return column.role == "input"; });
  const FrontRow* row = picked_row(data);
  return {row ? row->inputs_used : 0, static_cast<int>(offered)};
}

}  // namespace cupel::report
