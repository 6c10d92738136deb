// The recipes, each defined in the file of its name. recipe.cpp lists them.
#pragma once

#include "cupel/study/recipe.hpp"

namespace cupel {

const Recipe& qnn_recipe();
const Recipe& oa_ann_recipe();
const Recipe& auto_recipe();

}  // namespace cupel
