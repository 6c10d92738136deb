#include "cupel/study/recipe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cupel/base/error.hpp"
#include "cupel/study/recipes/all.hpp"

namespace cupel {

std::string_view search_of(const Recipe& recipe, const DesignOptions& options) {
  return options.search == "auto" ? recipe.search : std::string_view(options.search);
}

std::span<const Recipe> recipes() {
  static const std::array all = {qnn_recipe(),   qnsnn_recipe(),     oa_ann_recipe(),
                                 namdm_recipe(), evolution_recipe(), six_step_recipe(),
                                 auto_recipe()};
  return all;
}

std::span<const Recipe> image_recipes() {
  static const std::array all = {tcnas_recipe(), image_evolution_recipe()};
  return all;
}

bool is_image_recipe(std::string_view name) {
  return std::any_of(image_recipes().begin(), image_recipes().end(),
                     [&](const Recipe& recipe) { return recipe.name == name; });
}

const Recipe& find_recipe(std::string_view name) {
  std::string names;
  for (const auto all : {recipes(), image_recipes()})
    for (const Recipe& recipe : all) {
      if (recipe.name == name) return recipe;
      names += fmt::format("{}{}", names.empty() ? "" : ", ", recipe.name);
    }
  throw Error(ErrorKind::usage, fmt::format("there is no recipe '{}'", name),
              fmt::format("the recipes are: {}", names));
}

std::string structure_text(const NetworkPlan& plan) {
  std::string text =
      fmt::format("{} input{}, ", plan.topology.inputs, plan.topology.inputs == 1 ? "" : "s");
  if (const auto& window = plan.topology.window)
    text = fmt::format("{} inputs x {} rows, {} {}", plan.topology.inputs / window->steps,
                       window->steps, window->units, window_kind_name(window->kind));
  const auto hidden = plan.topology.layers.size() - 1;
  if (hidden == 0 && !plan.topology.window) text += "linear";
  for (std::size_t l = 0; l < hidden; ++l)
    text += fmt::format("{}{} {}", l == 0 ? "" : " + ", plan.topology.layers[l].units,
                        activation_name(plan.topology.layers[l].activation));
  return text;
}

}  // namespace cupel
