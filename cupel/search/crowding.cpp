#include "cupel/search/crowding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "cupel/search/nondominated_sort.hpp"

namespace cupel {
namespace {

/// `sorted`: the value of one objective and the index, in increasing order.
void add_gaps(const std::vector<std::pair<double, int>>& sorted, std::span<double> distance) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  distance[sorted.front().second] = infinity;
  distance[sorted.back().second] = infinity;
  const double range = sorted.back().first - sorted.front().first;
  if (!(range > 0) || !std::isfinite(range)) return;
  for (std::size_t i = 1; i + 1 < sorted.size(); ++i)
    distance[sorted[i].second] += (sorted[i + 1].first - sorted[i - 1].first) / range;
}

}  // namespace

void crowding_distance(std::span<const Evaluated> all, std::span<const int> front,
                       std::span<double> distance) {
  for (int i : front) distance[i] = 0;
  if (front.empty() || is_failed(all[front[0]].score)) return;
  std::vector<std::pair<double, int>> sorted(front.size());
  const std::size_t objectives = all[front[0]].score.objectives.size();
  for (std::size_t m = 0; m < objectives; ++m) {
    for (std::size_t i = 0; i < front.size(); ++i)
      sorted[i] = {all[front[i]].score.objectives[m], front[i]};
    std::sort(sorted.begin(), sorted.end());
    add_gaps(sorted, distance);
  }
}

}  // namespace cupel
