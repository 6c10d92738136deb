// Recipe image-evolution: a genetic algorithm on bit strings that code the cells, widths and
// penalties of an image network. Written out in docs/methods/evolution.md. A candidate is trained
// and scored as in tcnas.cpp; the stages of the search are in study/images/image_design.cpp.
#include "cupel/study/recipes/all.hpp"

namespace cupel {
namespace {

MethodOptions search_options(const RecipeContext&) {
  return {.population = 20, .crossover_probability = 0.9, .patience = 15};
}

Recipe make_recipe() {
  Recipe recipe = tcnas_recipe();
  recipe.name = "image-evolution";
  recipe.summary =
      "For images: bit strings of cells, widths and penalties, bred by a genetic algorithm "
      "('evolution' on a folder is this)";
  recipe.source =
      "the general scheme of evolutionary architecture search (docs/methods/evolution.md)";
  recipe.search = "genetic";
  recipe.search_options = search_options;
  return recipe;
}

}  // namespace

const Recipe& image_evolution_recipe() {
  static const Recipe recipe = make_recipe();
  return recipe;
}

}  // namespace cupel
