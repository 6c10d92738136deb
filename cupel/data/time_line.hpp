// The rows of a table on a line of time: which row follows which, one step later. Stamps that are
// missing, repeated or moved by a clock change are found and named.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/check.hpp"

namespace cupel {

struct TimeLineInput {
  const Column* time = nullptr;   ///< null: rows follow each other as they stand
  const Column* group = nullptr;  ///< null: one run
  int rows = 0;
};

/// Rows one step apart, in order.
struct Run {
  std::vector<int> rows;
  int group_row = 0;  ///< a row that shows the run's group
};

struct TimeLine {
  std::vector<Run> runs;
  std::vector<double> time;  ///< of each row of the table, clock changes undone; empty without time
  double step_s = 0;         ///< the usual step; 0 without time
  std::vector<Finding> findings;
};

/// A step of more than 1.5 usual ones ends a run. Of rows with the same stamp the last counts;
/// rows without one are left out. A clock that is put back or forward by an hour on a Sunday night
/// of spring or autumn is put right.
TimeLine make_time_line(const TimeLineInput& input);

}  // namespace cupel
