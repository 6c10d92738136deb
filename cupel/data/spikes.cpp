#include "cupel/data/spikes.hpp"

#include <algorithm>
#include <cmath>

namespace cupel {

std::optional<ValueRange> range_without_spikes(const std::vector<double>& values) {
  constexpr std::size_t kFewestRows = 20;
  constexpr double kFar = 100;
  std::vector<double> sorted;
  sorted.reserve(values.size());
  for (const double value : values)
    if (!std::isnan(value)) sorted.push_back(value);
  const std::size_t rows = sorted.size();
  if (rows < kFewestRows) return std::nullopt;
  const std::size_t most = std::max<std::size_t>(1, rows / 200);
  const auto place = [&](std::size_t k) { return sorted.begin() + static_cast<std::ptrdiff_t>(k); };
  // Only the ends need to be in order.
  std::nth_element(sorted.begin(), place(most), sorted.end());
  std::sort(sorted.begin(), place(most));
  std::nth_element(place(most + 1), place(rows - most - 1), sorted.end());
  std::sort(place(rows - most), sorted.end());
  const double spread = *place(rows - most - 1) - *place(most);
  ValueRange range{sorted.front(), sorted.back()};
  for (std::size_t k = 0; k < most; ++k) {
    if (*place(k + 1) - *place(k) > kFar * spread) range.low = *place(k + 1);
    if (*place(rows - 1 - k) - *place(rows - 2 - k) > kFar * spread)
      range.high = std::min(range.high, *place(rows - 2 - k));
  }
  if (!(spread > 0) || (range.low == sorted.front() && range.high == sorted.back()))
    return std::nullopt;
  return range;
}

}  // namespace cupel
