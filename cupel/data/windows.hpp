// Windows over a table in time: the last `steps` rows of every input side by side as the columns
// of one wide row, the oldest step first, so that all that works on rows works on windows.
// Rows are put in the order of time inside each run (equal values of the group column); a gap in
// time ends a run too, and no window reaches over its ends.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/check.hpp"
#include "cupel/data/dataset.hpp"

namespace cupel {

struct WindowOptions {
  int steps = 1;              ///< rows of a window
  int horizon = 0;            ///< steps by which the target lies ahead of the window's last row
  double step_s = 0;          ///< average rows to this step first; 0: the steps as they are
  bool past_targets = false;  ///< earlier targets, as far as they are known then, are inputs
};

/// What making windows of another file's rows takes.
struct Windows {
  int steps = 0;  ///< 0: rows stand for themselves
  int horizon = 0;
  double step_s = 0;
  std::string time = {}, group = {};      ///< columns of the file; empty: none
  std::vector<std::string> inputs = {};   ///< columns of the file, in their order within a step
  std::vector<std::string> targets = {};  ///< past ones, after the inputs of a step; empty: none
  bool any() const { return steps > 0; }
  int width() const { return static_cast<int>(inputs.size() + targets.size()); }  ///< of a step
  bool operator==(const Windows&) const = default;
};

struct WindowedTable {
  Windows windows;
  Table table;              ///< one row a complete window: time, group, inputs by steps, targets
  Roles roles;              ///< of `table`
  std::vector<int> source;  ///< row of the file that each window ends at
  /// Targets before the window's end: [lag - first lag][target], beside the rows of `table`; NaN
  /// where not known. The first lag is 0 with a horizon, else 1.
  std::vector<std::vector<std::vector<double>>> past;
  /// The target a day before what is to be predicted, [target] as `past`; empty where a day is no
  /// whole number of steps, or not yet over when the window ends.
  std::vector<std::vector<double>> day_before;
  std::vector<Finding> findings;  ///< missing and repeated stamps, clock changes, gaps, short runs
};

/// Earlier targets that `past` holds.
constexpr int kPastTargets = 5;

/// Throws Error{bad_data} when no window is complete, Error{usage} for impossible options.
WindowedTable make_windows(const Table& table, const Roles& roles, const WindowOptions& options);

/// For prediction: one row a row of the file, in its order, and the reason where a row has no
/// complete window (its cells are then missing).
struct PredictionWindows {
  Table table;
  std::vector<std::string> incomplete;
};
/// Throws Error{bad_data} naming a column that is not there.
PredictionWindows prediction_windows(const Table& table, const Windows& windows);

/// "T", and "T[-3]" three steps earlier.
std::string lagged_name(const std::string& name, int lag);
/// The column of the file that a window's column shows.
std::string plain_name(const Windows& windows, const std::string& name);

Json to_json(const Windows& windows);
Windows windows_from_json(const Json& json);

}  // namespace cupel
