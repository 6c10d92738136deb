#include "cupel/base/evenly_spaced.hpp"

#include <algorithm>

namespace cupel {

std::vector<int> evenly_spaced(long count, long most) {
  const long kept = std::min(count, most);
  std::vector<int> numbers(static_cast<std::size_t>(std::max(kept, 0L)));
  for (long k = 0; k < kept; ++k)
    numbers[static_cast<std::size_t>(k)] = static_cast<int>(k * count / kept);
  return numbers;
}

}  // namespace cupel
