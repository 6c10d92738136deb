#include "cupel/data/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "cupel/base/shell_word.hpp"
#include "cupel/data/check_parts.hpp"

namespace cupel {
namespace {

ColumnFacts facts_about(const Column& column) {
  ColumnFacts facts;
  facts.sorted.reserve(column.values.size());
  for (const double value : column.values)
    if (!std::isnan(value)) facts.sorted.push_back(value);
  facts.missing = static_cast<int>(column.values.size() - facts.sorted.size());
  std::sort(facts.sorted.begin(), facts.sorted.end());
  for (std::size_t i = 0; i < facts.sorted.size(); ++i)
    facts.distinct += i == 0 || facts.sorted[i] != facts.sorted[i - 1];
  return facts;
}

std::vector<ColumnFacts> facts_about(const Table& table, const ColumnRoles& roles) {
  std::vector<ColumnFacts> facts(table.columns.size());
  const auto examine = [&](int index) {
    const auto at = static_cast<std::size_t>(index);
    facts[at] = facts_about(table.columns[at]);
  };
  for (const int index : roles.inputs) examine(index);
  for (const int index : roles.targets) examine(index);
  return facts;
}

/// Errors first; within a severity the whole table's, then by column as in the file.
void sort_findings(const Table& table, std::vector<Finding>& findings) {
  const auto rank = [](Severity severity) { return -static_cast<int>(severity); };
  std::vector<std::pair<std::pair<int, int>, std::size_t>> order;
  for (std::size_t i = 0; i < findings.size(); ++i)
    order.push_back({{rank(findings[i].severity), table.find(findings[i].column)}, i});
  std::sort(order.begin(), order.end());
  std::vector<Finding> sorted;
  for (const auto& [key, index] : order) sorted.push_back(std::move(findings[index]));
  findings = std::move(sorted);
}

}  // namespace

bool Examination::kept(int index) const {
  const auto& keep = roles.keep;
  return std::find(keep.begin(), keep.end(), column(index).name) != keep.end();
}

bool Examination::dropped(int index) const {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.drop && finding.column == column(index).name;
  });
}

bool Examination::leaks(int input, int target) const {
  return std::find(leaking.begin(), leaking.end(), std::pair(input, target)) != leaking.end();
}

std::vector<int> Examination::remaining_inputs() const {
  std::vector<int> inputs;
  for (const int index : resolved.inputs)
    if (!dropped(index)) inputs.push_back(index);
  return inputs;
}

std::vector<int> Examination::numeric_inputs() const {
  std::vector<int> inputs;
  for (const int index : remaining_inputs())
    if (column(index).kind == ColumnKind::number) inputs.push_back(index);
  return inputs;
}

std::vector<int> Examination::numeric_columns() const {
  std::vector<int> columns = numeric_inputs();
  for (const int index : resolved.targets)
    if (column(index).kind == ColumnKind::number) columns.push_back(index);
  return columns;
}

std::string typed_name(const std::string& name) { return shell_word(name); }

std::string typed_names(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    const bool divided = name.find(',') != std::string::npos;
    list += (list.empty() ? "" : ",") + (divided ? '"' + name + '"' : name);
  }
  return shell_word(list);
}

std::string counted(long count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string percent(double share) {
  const double value = 100 * share;
  if (value < 0.1) return "less than 0.1 %";
  return value < 9.95 ? fmt::format("{:.1f} %", value) : fmt::format("{:.0f} %", value);
}

std::vector<Finding> check_table(const Table& table, const Roles& roles) {
  Examination exam{.table = table,
                   .roles = roles,
                   .resolved = resolve_roles(table, roles),
                   .facts = {},
                   .findings = {}};
  exam.facts = facts_about(table, exam.resolved);
  check_reading(exam);
  check_targets(exam);
  check_inputs(exam);
  check_copies(exam);
  check_coded(exam);
  check_tags(exam);
  check_repeats(exam);
  check_leaks(exam);
  check_joint_leaks(exam);
  check_time(exam);
  check_batches(exam);
  check_row_count(exam);
  sort_findings(table, exam.findings);
  return std::move(exam.findings);
}

Roles without_dropped(const Roles& roles, const std::vector<Finding>& findings) {
  Roles result = roles;
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const Finding& finding : findings) {
    if (!finding.drop || has(result.keep, finding.column) || has(result.ignore, finding.column))
      continue;
    std::erase(result.inputs, finding.column);
    result.ignore.push_back(finding.column);
  }
  return result;
}

}  // namespace cupel
