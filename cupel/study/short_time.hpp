// What is left of a design whose time limit ended its last trainings.
#pragma once

#include "cupel/base/error.hpp"
#include "cupel/study/design.hpp"

namespace cupel {

/// After refit_front(): members of the front that were not trained on all design rows are dropped.
/// Without the pick among those that were, the networks of the first fold of `repeat` stand for
/// all: trained on fewer rows, but to the end; as a part of another recipe's run, nothing is left.
/// `scored`: a trial on that repeat for each member.
void keep_what_was_trained(DesignRun& run, int repeat, const std::vector<Trial>& scored);

/// The time limit ended the work before there was a result: exit code 5.
class OutOfTime : public Error {
 public:
  using Error::Error;
};

/// Throws OutOfTime: what to do for a study that has nothing to show yet.
[[noreturn]] void no_time_for_a_network(const StudyFile& study);

}  // namespace cupel
