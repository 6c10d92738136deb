// Values that stand for "no value": -9999, -200, 1E+20, 65535. They repeat, lie outside what all
// others span, and are numbers that programs choose for it.
#pragma once

#include <vector>

namespace cupel {

/// Those of a column's values (missing ones are NaN). A plain 0 is never one; neither is a value
/// of a column that holds few different values, as settings do, unless no setting looks like it.
/// `elsewhere`: found in other columns of the file, which is evidence, too.
std::vector<double> find_fills(const std::vector<double>& values,
                               const std::vector<double>& elsewhere = {});

}  // namespace cupel
