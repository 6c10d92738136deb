#include "cupel/process/problem.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cupel/model/model_inputs.hpp"

namespace cupel {
namespace {

bool a_network_reads(const Problem& problem, const std::string& name) {
  return std::any_of(problem.models.begin(), problem.models.end(),
                     [&](const Model& model) { return reads(model, name); });
}

}  // namespace

bool allows_for_search(const Problem& problem) {
  return std::any_of(problem.allowance.begin(), problem.allowance.end(),
                     [](double z) { return z > 0; });
}

std::vector<bool> variables_that_matter(const Problem& problem) {
  std::vector<std::string> expressions;
  for (const NamedFormula& formula : problem.formulas) expressions.push_back(formula.expression);
  for (const Objective& objective : problem.objectives) expressions.push_back(objective.expression);
  for (const Limit& limit : problem.limits) expressions.push_back(limit.expression);
  std::vector<bool> matters;
  for (const Variable& variable : problem.variables)
    matters.push_back(
        a_network_reads(problem, variable.name) ||
        std::any_of(expressions.begin(), expressions.end(), [&](const std::string& expression) {
          return expression.find(variable.name) != std::string::npos;
        }));
  return matters;
}

std::vector<std::string> output_names(const Problem& problem) {
  std::vector<std::string> names;
  for (const Model& model : problem.models)
    for (const TargetScale& target : model.encoder.targets) names.push_back(target.name);
  return names;
}

Space search_space(const Problem& problem) {
  Space space;
  for (const Variable& variable : problem.variables)
    if (variable.kind == VariableKind::varied) space.genes.push_back(variable.gene);
  return space;
}

std::string objective_text(const Objective& objective) {
  switch (objective.sense) {
    case Sense::maximize:
      return "maximize " + objective.expression;
    case Sense::minimize:
      return "minimize " + objective.expression;
    case Sense::target:
      return fmt::format("{} near {}", objective.expression, objective.low);
    case Sense::range:
      return fmt::format("{} in {} ... {}", objective.expression, objective.low, objective.up);
  }
  return {};
}

}  // namespace cupel
