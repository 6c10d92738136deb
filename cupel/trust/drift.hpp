// Has the plant moved on since the design rows? Compares two runs of rows, each in its own order,
// by batch means: both are cut into batches of neighbors, and the spread of the batches' means
// says how far the means of stationary, correlated rows may differ by chance (Schmeiser 1982). On
// rows drawn at random the batches are alike, and nothing is found.
#pragma once

#include "cupel/base/matrix.hpp"

namespace cupel {

struct MeanShift {
  double before = 0, after = 0;  ///< means
  double effect = 0;             ///< difference in standard deviations of the rows before
  double evidence = 0;           ///< difference in its standard errors, from batch means
  /// So large that it matters, and more than `certain` standard errors.
  bool found(double certain) const;
};

/// No shift with fewer than 20 rows on one side; NaN values are passed over.
MeanShift mean_shift(ConstVectorRef before, ConstVectorRef after);

struct ShareShift {
  double expected = 0, share = 0;
  double evidence = 0;  ///< difference in its standard errors, from batch means
};

/// How far the share of ones among `hits` (0 or 1) is from what was expected.
ShareShift share_shift(ConstVectorRef hits, double expected);

}  // namespace cupel
