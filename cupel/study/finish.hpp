// After the pick: networks trained on all design rows, the one look at the test part, simple
// methods to compare with, and the model.
#pragma once

#include "cupel/study/design.hpp"

namespace cupel {

/// One entry a target; [rows x targets], own units.
std::vector<ErrorFigures> target_figures(const Matrix& measured, const Matrix& predicted);

/// Trains every front member on all design rows, the pick first (stored refits answer at once). A
/// stop request leaves members without networks.
void refit_front(DesignRun& run);

/// The one look at the test part: figures of every front member, predictions of the pick.
void measure_tests(const StudyData& data, DesignResult& result);

/// Held-out predictions of the pick, and what each input does to its error.
void measure_pick(DesignRun& run);

/// On at most kManyRows rows of each fold and of the test part. A stop request leaves out those
/// methods that were not done.
std::vector<BaselineResult> measure_baselines(const StudyData& data, int jobs,
                                              std::stop_token stop = {});

Model make_model(const DesignRun& run);

}  // namespace cupel
