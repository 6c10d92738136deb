#include "cupel/report/collect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/version.hpp"
#include "cupel/report/collect_families.hpp"
#include "cupel/report/collect_trust.hpp"
#include "cupel/report/published_figures.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/study/linear_formula.hpp"

namespace cupel {
namespace {

/// A formula with more terms is no use to anybody.
constexpr int kMostTerms = 40;

std::vector<double> to_vector(const Matrix& matrix, Eigen::Index column) {
  return {matrix.col(column).data(), matrix.col(column).data() + matrix.rows()};
}

std::string role_of(const std::string& name, const StudyData& data, const DesignOptions& options) {
  const auto has = [&](const std::vector<Column>& columns) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const Column& column) { return column.name == name; });
  };
  if (has(data.data.targets)) return "target";
  if (has(data.data.inputs)) return "input";
  if (name == options.roles.group) return "group";
  if (!data.data.time.empty()) {
    const int at = data.table.find(name);
    if (name == options.roles.time || data.table.columns[at].kind == ColumnKind::time)
      return "time";
  }
  return "ignored";
}

ColumnSummary summarize(const Column& column, std::string role) {
  constexpr std::array kinds = {"number", "text", "time"};
  ColumnSummary summary{.name = column.name,
                        .unit = column.unit,
                        .role = std::move(role),
                        .kind = kinds[static_cast<std::size_t>(column.kind)]};
  std::vector<double> present;
  for (double value : column.values)
    if (!std::isnan(value)) present.push_back(value);
  summary.missing = static_cast<int>(column.values.size() - present.size());
  summary.levels = static_cast<int>(column.words.size());
  if (present.empty() || column.kind == ColumnKind::text) return summary;
  const auto [low, high] = std::minmax_element(present.begin(), present.end());
  summary.low = *low;
  summary.high = *high;
  const auto middle = present.begin() + static_cast<std::ptrdiff_t>(present.size() / 2);
  std::nth_element(present.begin(), middle, present.end());
  summary.median = *middle;
  return summary;
}

std::string stop_text(const DesignResult& result) {
  switch (result.end) {
    case DesignEnd::complete:
      return "all trials done";
    case DesignEnd::time_limit:
      return "time limit";
    case DesignEnd::interrupted:
      return "interrupted";
  }
  return "";
}

FrontRow front_row(const FrontMember& member, const StudyData& data, bool picked) {
  return {.trial = member.trial,
          .structure = member.structure,
          .parameters = member.parameters,
          .inputs_used = static_cast<int>(input_names(data.encoder, features_of(member)).size()),
          .objectives = member.objectives,
          .validation = member.validation,
          .test = member.test,
          .picked = picked};
}

std::vector<Scatter> scatters(const StudyData& data, const DesignResult& result) {
  std::vector<Scatter> all;
  for (int t = 0; t < data.targets(); ++t) {
    const Column& target = data.data.targets[t];
    Scatter scatter{.target = target.name, .unit = target.unit};
    if (result.held_out_measured.rows() > 0) {
      scatter.measured_held_out = to_vector(result.held_out_measured, t);
      scatter.predicted_held_out = to_vector(result.held_out_predicted, t);
    }
    scatter.half_width = std::numeric_limits<double>::infinity();
    if (!result.test_trust.kinds.empty()) {
      scatter.half_width = result.test_trust.kinds.front().half_width[t];
      scatter.coverage = result.test_trust.kinds.front().coverage[t];
    }
    if (result.test_predicted.rows() > 0) {
      scatter.measured_test = to_vector(data.test_values, t);
      scatter.predicted_test = to_vector(result.test_predicted, t);
    }
    scatter.ordered = data.ordered();
    all.push_back(std::move(scatter));
  }
  return all;
}

std::vector<InputEffect> effects(const StudyData& data, const DesignResult& result) {
  const auto used = input_names(data.encoder, features_of(picked_member(result)));
  std::vector<InputEffect> all;
  // Of a window, the last step: its effects are those of all.
  const std::size_t columns = data.encoder.columns.size();
  for (std::size_t c = columns - columns / static_cast<std::size_t>(data.data.steps); c < columns;
       ++c) {
    const EncodedColumn& column = data.encoder.columns[c];
    all.push_back({.name = column.name,
                   .unit = column.unit,
                   .importance = 100 * result.input_effects[c],
                   .used = std::find(used.begin(), used.end(), column.name) != used.end()});
  }
  return all;
}

}  // namespace

std::string split_sentence(const StudyData& data, const DesignOptions& options) {
  const auto folds = data.split.folds.size();
  std::string text;
  const Together& together = data.data.together;
  if (data.split.kind == SplitKind::random) text = "The test rows were drawn at random. ";
  if (data.split.kind == SplitKind::ordered) text = "The test rows are the last in time. ";
  if (data.split.kind == SplitKind::fixed) text = "The test rows are those that the user gave. ";
  if (!data.ordered() && !together.unit.empty())
    text += fmt::format("Rows with equal inputs stay together ({} rows, {} different settings). ",
                        together.setting.size(), together.settings);
  if (options.as_published()) return text + "As published, candidates were scored on them.";
  if (folds > 1)
    return text + fmt::format(
                      "Candidates were scored on design rows that they were not trained "
                      "on, in {} folds.",
                      folds);
  return text +
         fmt::format("Candidates were scored on {} design rows that they were not trained on.",
                     data.split.folds.front().validation.size());
}

ReportData collect_report(const StudyData& data, const DesignOptions& options,
                          const DesignResult& result, const ReportContext& context) {
  const Recipe& recipe = find_recipe(options.recipe);
  const FrontMember& pick = picked_member(result);
  ReportData report;
  for (const Column& target : data.data.targets) report.target_names.push_back(target.name);
  report.title = fmt::format("{}", fmt::join(report.target_names, ", "));
  report.data_file = data.table.source;
  report.recipe = recipe.name;
  report.recipe_summary = fmt::format("{} ({})", recipe.summary, recipe.source);
  report.program_version = kVersion;
  report.command = context.command;
  report.created = context.created;
  report.fingerprint = data.data.fingerprint;
  report.rows = data.table.rows;
  report.design_rows = static_cast<int>(data.split.design.size());
  report.test_rows = static_cast<int>(data.split.test.size());
  report.rows_without_target = data.data.rows_without_target;
  report.split = split_sentence(data, options);
  report.as_published = options.as_published();
  for (const Column& column : data.table.columns)
    report.columns.push_back(summarize(column, role_of(column.name, data, options)));
  report.findings = data.findings;
  report.header_lines = data.table.header_lines;
  for (std::string_view name : recipe.objectives) report.objective_names.emplace_back(name);
  for (const Trial& trial : result.trials) {
    const bool failed = trial.state == TrialState::failed;
    report.trials.push_back(
        {.number = trial.number,
         .error = failed ? 0 : trial.score.objectives.front(),
         .parameters = failed ? 0 : static_cast<int>(trial.measures.at("parameters").as_integer()),
         .failed = failed});
  }
  report.failed_trials = result.failed_trials;
  report.early_stopping = early_stopping_of(result.trials);
  report.families = family_rows(result);
  report.scored_again = result.confirmations == 0 ? ""
                        : data.ordered()          ? "from other initial weights"
                                                  : "on other rows";
  for (std::size_t k = 0; k < result.front.size(); ++k)
    report.front.push_back(front_row(result.front[k], data, static_cast<int>(k) == result.picked));
  report.why = result.why;
  for (const Choice& choice : result.other_choices)
    report.other_choices.push_back(
        {.rule = std::string(choice.rule),
         .why = choice.why,
         .trial = result.front[static_cast<std::size_t>(choice.index)].trial,
         .same = choice.index == result.picked});
  const Member& drawn = pick.networks.front();
  report.pick = drawn.network;
  for (int f : drawn.features) report.feature_names.push_back(data.encoder.features[f].name);
  for (int f = 0; f < data.encoder.inputs(); ++f)
    if (std::find(drawn.features.begin(), drawn.features.end(), f) == drawn.features.end())
      report.dropped_features.push_back(data.encoder.features[f].name);
  report.scatters = scatters(data, result);
  report.confidence = options.confidence;
  if (data.encoder.inputs() <= kMostTerms) report.linear_formulas = linear_formulas(data);
  for (const BaselineResult& baseline : result.baselines)
    report.baselines.push_back(
        {baseline.name, baseline.explanation, baseline.validation, baseline.test});
  add_published_figures(data, result, report);
  report.effects = effects(data, result);
  report.trust = collect_trust(data, options, result);
  report.options = to_json(options);
  report.seed = static_cast<std::uint64_t>(options.seed);
  report.elapsed_s = context.elapsed_s;
  if (!context.energy.method.empty()) report.energy = energy_text(context.energy);
  report.stop_reason = stop_text(result);
  return report;
}

}  // namespace cupel
