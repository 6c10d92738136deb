// How much work follows the search, to tell the time left of a whole run from its first trials. A
// guess from the numbers of rows and trainings: nothing is decided by it.
#pragma once

#include "cupel/study/design.hpp"

namespace cupel {

/// In units of one trial of the search.
struct WorkAhead {
  double confirmation = 0;  ///< one scoring of one candidate
  double confirmations = 0;
  double refit = 0;  ///< of one network on all rows
  double refits = 0, later = 0, measuring = 0;

  double after_search() const { return confirmations + refits + later + measuring; }
  /// In units of one confirmation, of one refit.
  double after_confirmation() const { return (refits + later + measuring) / confirmation; }
  double after_refits() const { return (later + measuring) / refit; }
};

WorkAhead work_ahead(const DesignRun& run);

}  // namespace cupel
