// The points of a measured-against-predicted plot, thinned to what a page can carry.
#pragma once

#include <string>
#include <vector>

#include "cupel/report/report_data.hpp"

namespace cupel::report {

struct Points {
  std::vector<double> measured, predicted;
};

struct ThinnedScatter {
  Points held_out, test;
  std::string note;  ///< "1,500 of 36,733 rows are drawn." or empty
};

/// At most 1,500 rows in all, the two parts in proportion, evenly spaced.
ThinnedScatter thin(const Scatter& scatter);

/// The rows that errors are judged on: test rows, or the held-out rows where there are none.
/// Pairs with a value that is not finite are left out.
Points judged_points(const Scatter& scatter);

}  // namespace cupel::report
