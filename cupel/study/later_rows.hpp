// Networks made like the pick, but from earlier rows only, where rows are in time order: how far
// off they are on the rows that came after says how far off the model will be on rows to come.
#pragma once

#include <span>
#include <vector>

#include "cupel/study/design.hpp"

namespace cupel {

/// Trains each candidate on every fold of StudyData::later: one trial a candidate, in order. Empty
/// when rows have no order or are too few, scores are as published, or the time is over.
std::vector<Trial> later_trials(StudyData& data, const DesignOptions& options, TrialRunner& runner,
                                std::span<const Candidate> candidates);

}  // namespace cupel
