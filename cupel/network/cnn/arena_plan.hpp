// Places buffers that live for a part of a computation in one piece of memory, so that buffers
// which never live at the same time may share their place.
#pragma once

#include <cstddef>
#include <vector>

namespace cupel {

struct ArenaBuffer {
  std::size_t bytes = 0;
  int first = 0, last = 0;  ///< moments of its life, both included
};

struct ArenaPlan {
  std::vector<std::size_t> offsets;  ///< one a buffer, each a multiple of 64
  std::size_t bytes = 0;             ///< of the whole arena
};

/// Largest buffers first, each at the lowest place that is free during its life.
ArenaPlan plan_arena(const std::vector<ArenaBuffer>& buffers);

}  // namespace cupel
