#include "cupel/network/cnn/arena_plan.hpp"

#include <algorithm>
#include <numeric>

namespace cupel {

ArenaPlan plan_arena(const std::vector<ArenaBuffer>& buffers) {
  constexpr std::size_t kLine = 64;
  const auto rounded = [](std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; };
  std::vector<std::size_t> order(buffers.size()), placed;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return buffers[a].bytes > buffers[b].bytes;
  });
  ArenaPlan plan;
  plan.offsets.resize(buffers.size());
  for (const std::size_t k : order) {
    // `placed` is in order of offsets: the first gap among those alive at the same time.
    std::size_t offset = 0;
    for (const std::size_t other : placed) {
      if (buffers[other].last < buffers[k].first || buffers[k].last < buffers[other].first)
        continue;
      if (offset + rounded(buffers[k].bytes) <= plan.offsets[other]) break;
      offset = std::max(offset, plan.offsets[other] + rounded(buffers[other].bytes));
    }
    plan.offsets[k] = offset;
    plan.bytes = std::max(plan.bytes, offset + rounded(buffers[k].bytes));
    placed.insert(std::upper_bound(placed.begin(), placed.end(), k,
                                   [&](std::size_t a, std::size_t b) {
                                     return plan.offsets[a] < plan.offsets[b];
                                   }),
                  k);
  }
  return plan;
}

}  // namespace cupel
