// A part of many rows that stands for all of them, the same one every time.
#pragma once

#include <vector>

namespace cupel {

/// At most `most` of the numbers 0 to count - 1, evenly spaced and rising; all where they suffice.
std::vector<int> evenly_spaced(long count, long most);

}  // namespace cupel
