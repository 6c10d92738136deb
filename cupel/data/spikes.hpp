// Values that cannot be: a sensor's 1e9 among values of 100 to 200.
#pragma once

#include <optional>
#include <vector>

namespace cupel {

struct ValueRange {
  double low = 0, high = 0;
};

/// The range of a column without single values that lie impossibly far from all others: at most
/// one in 200, beyond a gap of a hundred times what the others spread. Empty: there are none.
std::optional<ValueRange> range_without_spikes(const std::vector<double>& values);

}  // namespace cupel
