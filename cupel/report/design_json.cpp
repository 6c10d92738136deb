#include <fmt/format.h>

#include "cupel/report/collect.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/study/race.hpp"

namespace cupel {
namespace {

/// {rmse: {TARGET: x}, mae: {…}, mape: {…}, r2: {…}}; null without rows.
Json figures_json(const StudyData& data, const std::vector<ErrorFigures>& figures) {
  Json json;
  for (std::size_t t = 0; t < figures.size(); ++t) {
    const std::string& target = data.data.targets[t].name;
    json["rmse"][target] = figures[t].rmse;
    json["mae"][target] = figures[t].mae;
    json["mape"][target] = figures[t].mape;
    json["r2"][target] = figures[t].r2;
  }
  return json;
}

Json front_json(const StudyData& data, const DesignOptions& options, const DesignResult& result) {
  const Recipe& recipe = find_recipe(options.recipe);
  Json front = Json::Array{};
  for (const FrontMember& member : result.front) {
    Json item;
    item["trial"] = member.trial;
    item["structure"] = member.structure;
    item["parameters"] = member.parameters;
    for (std::size_t k = 0; k < recipe.objectives.size(); ++k)
      item["objectives"][recipe.objectives[k]] = member.objectives[k];
    item["validation"] = figures_json(data, member.validation);
    item["test"] = figures_json(data, member.test);
    front.push_back(std::move(item));
  }
  return front;
}

Json pick_json(const StudyData& data, const FrontMember& pick) {
  Json json;
  json["trial"] = pick.trial;
  json["structure"] = pick.structure;
  json["parameters"] = pick.parameters;
  json["connections"] = pick.parameters;
  json["inputs"] = input_names(data.encoder, features_of(pick));
  json["validation"] = figures_json(data, pick.validation);
  json["test"] = figures_json(data, pick.test);
  return json;
}

/// {intervals: {TARGET: {method, half_width, coverage}}, outside, drift: [..]}.
Json trust_json(const StudyData& data, const DesignResult& result) {
  Json json;
  if (!result.test_trust.kinds.empty()) {
    const TestTrust::Kind& kind = result.test_trust.kinds.front();
    for (std::size_t t = 0; t < kind.half_width.size(); ++t) {
      Json& target = json["intervals"][data.data.targets[t].name];
      target["method"] = interval_method_name(kind.method);
      target["half_width"] = kind.half_width[t];
      target["test_coverage"] = kind.coverage[t];
    }
  }
  json["test_rows_outside"] = result.test_trust.outside;
  json["drift"] = result.test_trust.drift;
  return json;
}

Json baselines_json(const StudyData& data, const DesignResult& result) {
  Json json = Json::Array{};
  for (const BaselineResult& baseline : result.baselines) {
    Json item;
    item["name"] = baseline.name;
    item["validation"] = figures_json(data, baseline.validation);
    item["test"] = figures_json(data, baseline.test);
    json.push_back(std::move(item));
  }
  return json;
}

Json early_stopping_json(const DesignResult& result) {
  const EarlyStopping figures = early_stopping_of(result.trials);
  Json json;
  json["trials"] = figures.trials;
  json["stopped"] = figures.stopped;
  json["folds_trained"] = figures.folds_trained;
  json["iterations"] = figures.iterations;
  json["audited"] = figures.audited;
  json["wrong"] = figures.wrong;
  return json;
}

/// What other rules would have taken of the front.
Json choices_json(const DesignResult& result) {
  Json list = Json::Array{};
  for (const Choice& choice : result.other_choices) {
    const FrontMember& member = result.front[static_cast<std::size_t>(choice.index)];
    Json item;
    item["rule"] = choice.rule;
    item["trial"] = member.trial;
    item["parameters"] = member.parameters;
    item["why"] = choice.why;
    list.push_back(std::move(item));
  }
  return list;
}

}  // namespace

Json findings_json(const Table& table, const std::vector<Finding>& findings) {
  constexpr std::array severities = {"note", "warning", "error"};
  Json list = Json::Array{};
  for (const Finding& finding : findings) {
    Json item;
    item["severity"] = severities[static_cast<std::size_t>(finding.severity)];
    item["code"] = finding.code;
    item["column"] = finding.column.empty() ? Json() : Json(finding.column);
    item["row"] = finding.row >= 0 ? Json(sheet_row(table, finding.row)) : Json();
    item["data_row"] = finding.row >= 0 ? Json(finding.row) : Json();
    item["what"] = finding.what;
    item["advice"] = finding.advice;
    list.push_back(std::move(item));
  }
  return list;
}

Json canonical_result(const StudyData& data, const DesignOptions& options,
                      const DesignResult& result) {
  Json json;
  json["recipe"] = options.recipe;
  json["seed"] = options.seed;
  json["trials"] = static_cast<int>(result.trials.size());
  json["failed_trials"] = result.failed_trials;
  json["confirmations"] = result.confirmations;
  json["stop_reason"] = end_name(result.end);
  json["rows"] = static_cast<int>(data.split.design.size() + data.split.test.size());
  json["pick"] = pick_json(data, picked_member(result));
  json["pick"]["why"] = result.why;
  if (result.single >= 0)
    json["single"] = pick_json(data, result.front[static_cast<std::size_t>(result.single)]);
  json["front"] = front_json(data, options, result);
  json["early_stopping"] = early_stopping_json(result);
  json["other_choices"] = choices_json(result);
  json["baselines"] = baselines_json(data, result);
  json["trust"] = trust_json(data, result);
  return json;
}

Json design_json(const StudyData& data, const DesignOptions& options, const DesignResult& result,
                 const ReportContext& context) {
  Json json;
  json["study"] = context.study_path;
  json["model"] = context.model_path;
  json["report"] = context.report_path;
  const Json canonical = canonical_result(data, options, result);
  for (const auto& [name, value] : canonical.as_object()) json[name] = value;
  json["elapsed_s"] = context.elapsed_s;
  json["energy"] = to_json(context.energy);
  json["search_s"] = result.search_s;
  json["findings"] = findings_json(data.table, data.findings);
  return json;
}

}  // namespace cupel
