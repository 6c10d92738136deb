// The splits on which methods are compared. Rows without an order: random halves drawn anew each
// time. Rows in time order: a rolling origin, each split trains on everything before its test
// block, so that no method ever sees the future of what it is tested on.
#pragma once

#include <cstdint>
#include <vector>

#include "cupel/data/split.hpp"
#include "cupel/study/study_data.hpp"

namespace cupel {

struct CompareSplitOptions {
  int repeats = 10;
  bool ordered = false;
  double test_fraction = 0.25;  ///< random splits; ordered ones test the second half in blocks
  int gap = 0;                  ///< ordered: rows left out before each test block
  std::uint64_t seed = 1;
};

/// Throws Error{usage} when the rows do not suffice for so many blocks.
std::vector<RowChoice> compare_splits(const Dataset& data, const CompareSplitOptions& options);

}  // namespace cupel
