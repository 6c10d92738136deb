#include "cupel/baselines/nearest_rows.hpp"

#include <algorithm>
#include <numeric>

namespace cupel {
namespace {

constexpr int kLeafRows = 64;
/// A bound on distances is rounded otherwise than the distances are.
constexpr double kRounding = 1 - 1e-12;

bool before(const Neighbor& a, const Neighbor& b) {
  return a.distance < b.distance || (a.distance == b.distance && a.row < b.row);
}

void insert(Neighbors& neighbors, const Neighbor& candidate) {
  std::size_t place = kNeighbors - 1;
  for (; place > 0 && before(candidate, neighbors[place - 1]); --place)
    neighbors[place] = neighbors[place - 1];
  neighbors[place] = candidate;
}

}  // namespace

struct NearestRows::Search {
  Vector sample;
  Vector offsets;  ///< from the sample to the box that is visited, one a feature
  Neighbors found = {};
};

NearestRows::NearestRows(ConstMatrixRef rows) : features_(rows.cols()) {
  order_.resize(static_cast<std::size_t>(rows.rows()));
  std::iota(order_.begin(), order_.end(), 0);
  values_.resize(static_cast<std::size_t>(rows.size()));
  nodes_.emplace_back();
  build(0, 0, static_cast<int>(order_.size()), rows);
}

void NearestRows::build(int node, int first, int end, ConstMatrixRef rows) {
  if (end - first <= kLeafRows) return make_leaf(nodes_[node], first, end, rows);
  const auto begin = order_.begin();
  int widest = -1;
  double width = 0;
  for (int f = 0; f < static_cast<int>(features_); ++f) {
    double low = std::numeric_limits<double>::infinity(), up = -low;
    for (int k = first; k < end; ++k) {
      low = std::min(low, rows(order_[k], f));
      up = std::max(up, rows(order_[k], f));
    }
    if (!(up - low > width)) continue;
    width = up - low;
    widest = f;
  }
  if (widest < 0) {  // all alike: the first ones are the nearest of them
    const int kept = std::min(end, first + kNeighbors);
    std::partial_sort(begin + first, begin + kept, begin + end);
    return make_leaf(nodes_[node], first, kept, rows);
  }
  const int middle = first + (end - first) / 2;
  const auto value = [&](int row) { return rows(row, widest); };
  std::nth_element(begin + first, begin + middle, begin + end,
                   [&](int a, int b) { return value(a) < value(b); });
  double low = -std::numeric_limits<double>::infinity();
  for (int k = first; k < middle; ++k) low = std::max(low, value(order_[k]));
  const int child = static_cast<int>(nodes_.size());
  nodes_[node] = {widest, low, value(order_[middle]), child, 0};
  nodes_.resize(nodes_.size() + 2);
  build(child, first, middle, rows);
  build(child + 1, middle, end, rows);
}

void NearestRows::make_leaf(Node& node, int first, int end, ConstMatrixRef rows) {
  node = {-1, 0, 0, first, end - first};
  double* value = values_.data() + first * features_;
  for (Eigen::Index f = 0; f < features_; ++f)
    for (int k = first; k < end; ++k) *value++ = rows(order_[k], f);
}

Neighbors NearestRows::find(ConstVectorRef sample) const {
  Search search{.sample = sample, .offsets = Vector::Zero(features_)};
  visit(0, 0, search);
  return search.found;
}

void NearestRows::visit(int node_number, double bound, Search& search) const {
  const Node& node = nodes_[static_cast<std::size_t>(node_number)];
  if (node.feature < 0) {
    std::array<double, kLeafRows> distances = {};
    const double* value = values_.data() + node.first * features_;
    for (Eigen::Index f = 0; f < features_; ++f, value += node.count) {
      const double at = search.sample[f];
      for (int k = 0; k < node.count; ++k) distances[k] += (value[k] - at) * (value[k] - at);
    }
    for (int k = 0; k < node.count; ++k) {
      const Neighbor candidate{distances[k], order_[static_cast<std::size_t>(node.first + k)]};
      if (before(candidate, search.found.back())) insert(search.found, candidate);
    }
    return;
  }
  const double at = search.sample[node.feature];
  const bool second_is_near = at - node.low > node.up - at;
  visit(node.first + (second_is_near ? 1 : 0), bound, search);
  const double gap = second_is_near ? std::max(0.0, at - node.low) : std::max(0.0, node.up - at);
  const double before_gap = search.offsets[node.feature];
  const double far = bound - before_gap * before_gap + gap * gap;
  if (far * kRounding > search.found.back().distance) return;
  search.offsets[node.feature] = gap;
  visit(node.first + (second_is_near ? 0 : 1), far, search);
  search.offsets[node.feature] = before_gap;
}

}  // namespace cupel
