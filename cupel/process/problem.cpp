#include "cupel/process/problem.hpp"

#include <fmt/format.h>

namespace cupel {

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
