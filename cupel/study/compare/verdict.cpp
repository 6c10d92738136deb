#include "cupel/study/compare/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cupel {
namespace {

/// % of the best simple method's error that a network must save to be worth its trouble.
constexpr double kWorthwhile = 5;

const MethodScores& method_of(const Comparison& comparison, int index) {
  return comparison.methods[static_cast<std::size_t>(index)];
}

std::vector<TestedPair> tested(const Comparison& comparison,
                               const std::vector<std::pair<int, int>>& pairs) {
  std::vector<TestedPair> family;
  std::vector<double> p;
  const double share = test_share(comparison);
  for (const auto& [a, b] : pairs) {
    family.push_back({a, b,
                      corrected_t_test(errors_of(method_of(comparison, a)),
                                       errors_of(method_of(comparison, b)), share)});
    p.push_back(family.back().test.p);
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t k = 0; k < family.size(); ++k) family[k].adjusted_p = adjusted[k];
  return family;
}

/// The one of lowest mean error; -1 without any.
int best_of(const Comparison& comparison, const std::vector<int>& methods) {
  int best = -1;
  for (const int m : methods)
    if (best < 0 || mean_error(method_of(comparison, m)) < mean_error(method_of(comparison, best)))
      best = m;
  return best;
}

bool different(const std::vector<TestedPair>& family, int a, int b) {
  return std::any_of(family.begin(), family.end(), [&](const TestedPair& pair) {
    return ((pair.a == a && pair.b == b) || (pair.a == b && pair.b == a)) && pair.different();
  });
}

std::string error_text(const Comparison& comparison, int index) {
  const double error = mean_error(method_of(comparison, index));
  if (comparison.targets.size() != 1)
    return fmt::format("{:.3g} % of the targets' spread", 100 * error);
  const ComparedTarget& target = comparison.targets.front();
  return fmt::format("{:.4g}{}{}", error * target.spread, target.unit.empty() ? "" : " ",
                     target.unit);
}

std::string names_of(const Comparison& comparison, const std::vector<int>& methods) {
  std::string names;
  for (std::size_t k = 0; k < methods.size(); ++k)
    names += fmt::format("{}{}",
                         k == 0                    ? ""
                         : k + 1 == methods.size() ? " and "
                                                   : ", ",
                         method_of(comparison, methods[k]).name);
  return names;
}

/// Times the best recipe's error up to which another is about as good.
constexpr double kNearBest = 1.1;
/// Splits below which only large differences can be told from chance.
constexpr int kFewSplits = 5;

std::string recipe_sentence(const Comparison& comparison, const Verdict& verdict) {
  const std::string best = method_of(comparison, verdict.best_recipe).name;
  const std::string error = error_text(comparison, verdict.best_recipe);
  if (comparison.splits.size() < 2)
    return fmt::format(
        "On the one split the recipe {} has the lowest test error ({}); one split "
        "does not tell a difference from chance.",
        best, error);
  if (verdict.equals.size() < 2)
    return verdict.recipes.empty()
               ? fmt::format("The recipe {} has a mean test error of {}.", best, error)
               : fmt::format(
                     "The recipe {} is best: its mean test error is {}, and its lead over "
                     "every other recipe is more than chance.",
                     best, error);
  std::vector<int> others;
  for (const int m : verdict.equals)
    if (m != verdict.best_recipe) others.push_back(m);
  std::string text = fmt::format(
      "The recipe {} has the lowest mean test error ({}), but over {} splits {} cannot be told "
      "from it",
      best, error, comparison.splits.size(), names_of(comparison, others));
  // By size; far larger errors are no reason to take a smaller network, told apart or not.
  const auto near = [&](int m) {
    return mean_error(method_of(comparison, m)) <=
           kNearBest * mean_error(method_of(comparison, verdict.best_recipe));
  };
  const auto first_near = std::find_if(verdict.equals.begin(), verdict.equals.end(), near);
  const MethodScores& smallest =
      method_of(comparison, first_near != verdict.equals.end() ? *first_near : verdict.best_recipe);
  if (smallest.name != best)
    text += fmt::format("; {} errs at most 10 % more and gives smaller networks ({:.0f} weights)",
                        smallest.name, mean_parameters(smallest));
  else if (verdict.equals.front() == verdict.best_recipe)
    text += ", and its networks are the smallest";
  text += '.';
  if (static_cast<int>(comparison.splits.size()) < kFewSplits)
    text += fmt::format(" {} splits tell little: take more --repeats.", comparison.splits.size());
  return text;
}

std::string network_sentence(const Comparison& comparison, const Verdict& verdict) {
  const MethodScores& recipe = method_of(comparison, verdict.best_recipe);
  const MethodScores& simple = method_of(comparison, verdict.best_baseline);
  const double saved = 100 * (1 - mean_error(recipe) / mean_error(simple));
  const bool sure = different(verdict.baselines, verdict.best_recipe, verdict.best_baseline);
  const std::string error = error_text(comparison, verdict.best_baseline);
  if (verdict.network_needed)
    return fmt::format(
        "A network is worth it here: {} errs {:.0f} % less than the best simple "
        "method, {} ({}).",
        recipe.name, saved, simple.name, error);
  if (saved <= 0)
    return fmt::format("You do not need a network here: {} ({}) is {}.", simple.name, error,
                       sure ? "better than every recipe" : "as good as the best recipe or better");
  return fmt::format(
      "You do not need a network here: {} ({}) errs only {:.1f} % more than the "
      "best recipe, {}.",
      simple.name, error, 100 * (mean_error(simple) / mean_error(recipe) - 1),
      sure ? "too little to matter" : "which may be chance");
}

}  // namespace

Verdict judge(const Comparison& comparison) {
  Verdict verdict;
  std::vector<int> recipes, simple;
  for (int m = 0; m < static_cast<int>(comparison.methods.size()); ++m) {
    const MethodScores& method = method_of(comparison, m);
    if (!failed_somewhere(method)) {
      (method.recipe ? recipes : simple).push_back(m);
      continue;
    }
    for (const MethodScore& score : method.splits)
      if (!score.failure.empty()) {
        verdict.sentences.push_back(
            fmt::format("{} is left out of the tests: {}.", method.name, score.failure));
        break;
      }
  }
  std::vector<std::pair<int, int>> among, against;
  for (std::size_t i = 0; i < recipes.size(); ++i) {
    for (std::size_t j = i + 1; j < recipes.size(); ++j) among.emplace_back(recipes[i], recipes[j]);
    for (const int other : simple) against.emplace_back(recipes[i], other);
  }
  verdict.recipes = tested(comparison, among);
  verdict.baselines = tested(comparison, against);
  verdict.best_recipe = best_of(comparison, recipes);
  verdict.best_baseline = best_of(comparison, simple);
  if (verdict.best_recipe < 0) {
    verdict.sentences.insert(verdict.sentences.begin(), "No recipe ran on every split.");
    return verdict;
  }
  for (const int m : recipes)
    if (!different(verdict.recipes, m, verdict.best_recipe)) verdict.equals.push_back(m);
  std::stable_sort(verdict.equals.begin(), verdict.equals.end(), [&](int a, int b) {
    return mean_parameters(method_of(comparison, a)) < mean_parameters(method_of(comparison, b));
  });
  std::vector<std::string> first = {recipe_sentence(comparison, verdict)};
  if (verdict.best_baseline >= 0) {
    const double saved = 100 * (1 - mean_error(method_of(comparison, verdict.best_recipe)) /
                                        mean_error(method_of(comparison, verdict.best_baseline)));
    verdict.network_needed =
        saved >= kWorthwhile &&
        (comparison.splits.size() < 2 ||
         different(verdict.baselines, verdict.best_recipe, verdict.best_baseline));
    first.push_back(network_sentence(comparison, verdict));
  }
  verdict.sentences.insert(verdict.sentences.begin(), first.begin(), first.end());
  return verdict;
}

namespace {

Json pairs_json(const Comparison& comparison, const std::vector<TestedPair>& family) {
  Json list = Json::Array{};
  for (const TestedPair& pair : family) {
    Json item;
    item["a"] = method_of(comparison, pair.a).name;
    item["b"] = method_of(comparison, pair.b).name;
    item["difference"] = pair.test.difference;
    item["t"] = pair.test.t;
    item["p"] = pair.test.p;
    item["p_holm"] = pair.adjusted_p;
    item["different"] = pair.different();
    list.push_back(std::move(item));
  }
  return list;
}

}  // namespace

Json to_json(const Comparison& comparison, const Verdict& verdict) {
  Json json = to_json(comparison);
  json["tests"]["method"] = "corrected resampled t-test (Nadeau & Bengio), Holm's correction";
  json["tests"]["level"] = kTestLevel;
  json["tests"]["recipes"] = pairs_json(comparison, verdict.recipes);
  json["tests"]["baselines"] = pairs_json(comparison, verdict.baselines);
  const auto name = [&](int m) { return m < 0 ? Json() : Json(method_of(comparison, m).name); };
  json["best_recipe"] = name(verdict.best_recipe);
  json["best_baseline"] = name(verdict.best_baseline);
  json["network_needed"] = verdict.network_needed;
  json["verdict"] = verdict.sentences;
  return json;
}

}  // namespace cupel
