// After the pick: networks trained on all design rows, the one look at the test part, simple
// methods to compare with, and the model.
#pragma once

#include "cupel/study/design.hpp"

namespace cupel {

/// Trains every front member on all design rows (stored refits answer at once) and measures it
/// on the test part. A stop request leaves members without a network.
void refit_front(const RecipeContext& context, const Recipe& recipe, StudyFile& study,
                 DesignResult& result, const ProgressSink& sink);

/// Held-out and test predictions of the pick, and what each input does to its error.
/// `scored`: a stored trial of the pick with its fold networks, on folds of repeat `repeat`.
void measure_pick(const RecipeContext& context, const Trial& scored, int repeat,
                  DesignResult& result);

std::vector<BaselineResult> measure_baselines(const StudyData& data);

Model make_model(const RecipeContext& context, const Recipe& recipe, const DesignResult& result);

}  // namespace cupel
