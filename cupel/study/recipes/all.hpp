// The recipes, each defined in the file of its name. recipe.cpp lists them.
#pragma once

#include "cupel/study/recipe.hpp"

namespace cupel {

const Recipe& auto_recipe();
const Recipe& evolution_recipe();
const Recipe& image_evolution_recipe();
const Recipe& namdm_recipe();
const Recipe& oa_ann_recipe();
const Recipe& qnn_recipe();
const Recipe& qnsnn_recipe();
const Recipe& six_step_recipe();
const Recipe& tcnas_recipe();

}  // namespace cupel
