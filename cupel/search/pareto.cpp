#include "cupel/search/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cupel {
namespace {

bool has_nan(const Point& point) {
  return std::any_of(point.begin(), point.end(), [](double x) { return std::isnan(x); });
}

bool weakly_dominates(std::span<const double> a, std::span<const double> b) {
  for (std::size_t m = 0; m < a.size(); ++m)
    if (!(a[m] <= b[m])) return false;
  return true;
}

std::vector<Point> distinct(std::span<const Point> points) {
  std::vector<Point> sorted(points.begin(), points.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

double manhattan(const Point& a, const Point& b) {
  double sum = 0;
  for (std::size_t m = 0; m < a.size(); ++m) sum += std::abs(a[m] - b[m]);
  return sum;
}

/// Distance of each point to the nearest other one.
std::vector<double> nearest_distances(std::span<const Point> points) {
  std::vector<double> nearest(points.size(), std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const double distance = manhattan(points[i], points[j]);
      nearest[i] = std::min(nearest[i], distance);
      nearest[j] = std::min(nearest[j], distance);
    }
  return nearest;
}

struct Range {
  double low, width;
  double scaled(double x) const { return width > 0 ? (x - low) / width : 0; }
};

Range range_of(std::span<const Point> points, int objective) {
  double low = points[0][objective], up = low;
  for (const Point& p : points) {
    low = std::min(low, p[objective]);
    up = std::max(up, p[objective]);
  }
  return {low, up - low};
}

}  // namespace

bool dominates(std::span<const double> a, std::span<const double> b) {
  bool better = false;
  for (std::size_t m = 0; m < a.size(); ++m) {
    if (!(a[m] <= b[m])) return false;
    better = better || a[m] < b[m];
  }
  return better;
}

std::vector<int> pareto_front(std::span<const Point> points) {
  std::vector<int> order;
  for (int i = 0; i < std::ssize(points); ++i)
    if (!has_nan(points[i])) order.push_back(i);
  // In this order whatever dominates or equals a point comes before it, and a point that was
  // itself dropped is covered by the one that dropped it.
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return points[a] < points[b]; });
  const bool plane = !points.empty() && points[0].size() == 2;
  std::vector<int> front;
  for (int i : order) {
    const auto covers = [&](int kept) { return weakly_dominates(points[kept], points[i]); };
    // With two objectives the last one kept is the lowest in the second objective so far.
    const bool covered = plane ? !front.empty() && covers(front.back())
                               : std::any_of(front.begin(), front.end(), covers);
    if (!covered) front.push_back(i);
  }
  std::sort(front.begin(), front.end());
  return front;
}

double spacing(std::span<const Point> points) {
  const std::vector<Point> set = distinct(points);
  if (set.size() < 2) return 0;
  const std::vector<double> nearest = nearest_distances(set);
  const auto n = static_cast<double>(set.size());
  const double mean = std::accumulate(nearest.begin(), nearest.end(), 0.0) / n;
  double sum = 0;
  for (double d : nearest) sum += (mean - d) * (mean - d);
  return std::sqrt(sum / (n - 1));
}

double set_coverage(std::span<const Point> a, std::span<const Point> b) {
  if (b.empty()) return 0;
  const auto covered = std::count_if(b.begin(), b.end(), [&](const Point& q) {
    return std::any_of(a.begin(), a.end(), [&](const Point& p) { return weakly_dominates(p, q); });
  });
  return static_cast<double>(covered) / static_cast<double>(b.size());
}

int knee(std::span<const Point> front) {
  if (front.empty()) return -1;
  const Range first = range_of(front, 0), second = range_of(front, 1);
  // The ends are scaled to (0, 1) and (1, 0), so the line through them is x + y = 1.
  int best = 0;
  double lowest = std::numeric_limits<double>::infinity();
  for (int i = 0; i < std::ssize(front); ++i) {
    const double sum = first.scaled(front[i][0]) + second.scaled(front[i][1]);
    if (sum < lowest) {
      lowest = sum;
      best = i;
    }
  }
  return best;
}

}  // namespace cupel
