// Values that cannot be: a sensor's 1e9 among values of 100 to 200. And those that only look so: a
// flare that burns four times a year, which the target follows.
#pragma once

#include <optional>
#include <vector>

#include "cupel/data/table.hpp"

namespace cupel {

struct ValueRange {
  double low = 0, high = 0;
};

/// The range of a column without single values that lie impossibly far from all others: at most
/// one in 200, beyond a gap of a hundred times what the others spread. Empty: there are none.
std::optional<ValueRange> range_without_spikes(const std::vector<double>& values);

/// Makes the spikes of number columns missing, with a note for each column, except where a target
/// moves in the same rows (and in a target, where another column does): these are data. `targets`
/// are indices of columns.
void drop_spikes(Table& table, const std::vector<int>& targets);

}  // namespace cupel
