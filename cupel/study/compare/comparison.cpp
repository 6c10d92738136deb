#include "cupel/study/compare/comparison.hpp"

#include <cmath>

namespace cupel {
namespace {

/// Mean over the splits that did not fail.
template <class Value>
double mean_of(const MethodScores& method, Value value) {
  double sum = 0;
  int count = 0;
  for (const MethodScore& score : method.splits) {
    if (!score.failure.empty()) continue;
    sum += value(score);
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

Json method_json(const Comparison& comparison, const MethodScores& method) {
  const bool one = comparison.targets.size() == 1;
  const double unit = one ? comparison.targets.front().spread : 1;
  Json json;
  json["name"] = method.name;
  std::vector<double> rmse = errors_of(method);
  for (double& value : rmse) value *= unit;
  json["rmse"] = rmse;
  json["mean"] = mean_error(method) * unit;
  json["sd"] = error_deviation(method) * unit;
  json["parameters"] = mean_parameters(method);
  json["elapsed_s"] = mean_elapsed_s(method);
  json["energy_j"] = mean_energy_j(method);
  json["splits"] = Json::Array{};
  for (const MethodScore& score : method.splits) json["splits"].push_back(to_json(score));
  return json;
}

MethodScores method_from_json(const Json& json, bool recipe) {
  MethodScores method{.name = json.at("name").as_string(), .recipe = recipe};
  for (const Json& score : json.at("splits").as_array())
    method.splits.push_back(method_score_from_json(score));
  return method;
}

}  // namespace

std::vector<double> errors_of(const MethodScores& method) {
  std::vector<double> errors;
  for (const MethodScore& score : method.splits) errors.push_back(score.error);
  return errors;
}

bool failed_somewhere(const MethodScores& method) {
  for (const MethodScore& score : method.splits)
    if (!score.failure.empty()) return true;
  return false;
}

double mean_error(const MethodScores& method) {
  return mean_of(method, [](const MethodScore& score) { return score.error; });
}

double error_deviation(const MethodScores& method) {
  const double mean = mean_error(method);
  double squares = 0;
  int count = 0;
  for (const MethodScore& score : method.splits) {
    if (!score.failure.empty()) continue;
    squares += (score.error - mean) * (score.error - mean);
    ++count;
  }
  return count > 1 ? std::sqrt(squares / (count - 1)) : std::numeric_limits<double>::quiet_NaN();
}

double mean_parameters(const MethodScores& method) {
  return mean_of(method, [](const MethodScore& score) { return score.parameters; });
}

double mean_elapsed_s(const MethodScores& method) {
  return mean_of(method, [](const MethodScore& score) { return score.elapsed_s; });
}

double mean_energy_j(const MethodScores& method) {
  return mean_of(method, [](const MethodScore& score) { return score.energy_j; });
}

ErrorFigures mean_figures(const MethodScores& method, int target) {
  const auto of = [target](double ErrorFigures::*figure) {
    return [=](const MethodScore& score) {
      return score.test[static_cast<std::size_t>(target)].*figure;
    };
  };
  return {.rmse = mean_of(method, of(&ErrorFigures::rmse)),
          .mae = mean_of(method, of(&ErrorFigures::mae)),
          .mape = mean_of(method, of(&ErrorFigures::mape)),
          .r2 = mean_of(method, of(&ErrorFigures::r2)),
          .correlation = mean_of(method, of(&ErrorFigures::correlation))};
}

double test_share(const Comparison& comparison) {
  double sum = 0;
  for (const SplitSize& split : comparison.splits)
    sum += static_cast<double>(split.test) / split.train;
  return comparison.splits.empty() ? 0 : sum / static_cast<double>(comparison.splits.size());
}

Json to_json(const MethodScore& score) {
  Json json;
  json["error"] = score.error;
  json["parameters"] = score.parameters;
  json["structure"] = score.structure;
  json["failure"] = score.failure;
  json["elapsed_s"] = score.elapsed_s;
  json["energy_j"] = score.energy_j;
  json["test"] = Json::Array{};
  for (const ErrorFigures& figures : score.test) json["test"].push_back(to_json(figures));
  return json;
}

MethodScore method_score_from_json(const Json& json) {
  MethodScore score{.error = json.at("error").as_number(),
                    .parameters = static_cast<int>(json.at("parameters").as_integer()),
                    .structure = json.at("structure").as_string(),
                    .failure = json.at("failure").as_string(),
                    .elapsed_s = json.at("elapsed_s").as_number()};
  if (const Json* energy = json.find("energy_j")) score.energy_j = energy->as_number();
  for (const Json& figures : json.at("test").as_array())
    score.test.push_back(error_figures_from_json(figures));
  return score;
}

Json to_json(const Comparison& comparison) {
  Json json;
  json["data"] = comparison.data;
  json["rows"] = comparison.rows;
  json["ordered"] = comparison.ordered;
  json["targets"] = Json::Array{};
  for (const ComparedTarget& target : comparison.targets) {
    Json item;
    item["name"] = target.name;
    item["unit"] = target.unit;
    item["spread"] = target.spread;
    json["targets"].push_back(std::move(item));
  }
  json["splits"] = Json::Array{};
  for (const SplitSize& split : comparison.splits) {
    Json item;
    item["train_rows"] = split.train;
    item["test_rows"] = split.test;
    json["splits"].push_back(std::move(item));
  }
  json["recipes"] = Json::Array{};
  json["baselines"] = Json::Array{};
  for (const MethodScores& method : comparison.methods)
    json[method.recipe ? "recipes" : "baselines"].push_back(method_json(comparison, method));
  return json;
}

Comparison comparison_from_json(const Json& json) {
  Comparison comparison{.data = json.at("data").as_string(),
                        .rows = static_cast<int>(json.at("rows").as_integer()),
                        .ordered = json.at("ordered").as_bool()};
  for (const Json& target : json.at("targets").as_array())
    comparison.targets.push_back({target.at("name").as_string(), target.at("unit").as_string(),
                                  target.at("spread").as_number()});
  for (const Json& split : json.at("splits").as_array())
    comparison.splits.push_back({static_cast<int>(split.at("train_rows").as_integer()),
                                 static_cast<int>(split.at("test_rows").as_integer())});
  for (const bool recipe : {true, false})
    for (const Json& method : json.at(recipe ? "recipes" : "baselines").as_array())
      comparison.methods.push_back(method_from_json(method, recipe));
  return comparison;
}

}  // namespace cupel
