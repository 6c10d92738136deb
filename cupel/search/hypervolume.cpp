// Two objectives: one sweep. More: slices along the last objective, each the hypervolume of
// the points up to there in one objective less (Zitzler 1999; Knowles 2002).
#include <algorithm>
#include <limits>

#include "cupel/search/pareto.hpp"

namespace cupel {
namespace {

/// Points sorted by the first coordinate, none of which dominates another.
double area(const std::vector<Point>& sorted, const Point& reference) {
  double sum = 0, floor = reference[1];
  for (const Point& p : sorted) {
    sum += (reference[0] - p[0]) * (floor - p[1]);
    floor = p[1];
  }
  return sum;
}

/// Volume in the first `size` objectives of points that all lie inside the
/// reference, none of which dominates another there.
double volume(std::vector<Point> points, const Point& reference, int size) {
  const auto by = [](int m) { return [m](const Point& a, const Point& b) { return a[m] < b[m]; }; };
  if (points.empty()) return 0;
  if (size == 1) return reference[0] - (*std::min_element(points.begin(), points.end(), by(0)))[0];
  const int last = size - 1;
  std::sort(points.begin(), points.end(), by(size == 2 ? 0 : last));
  if (size == 2) return area(points, reference);
  double sum = 0;
  std::vector<Point> slice;  // non-dominated in the first size - 1 objectives
  for (int i = 0; i < std::ssize(points); ++i) {
    const std::span<const double> shadow = std::span(points[i]).first(last);
    std::erase_if(slice,
                  [&](const Point& p) { return dominates(shadow, std::span(p).first(last)); });
    slice.push_back(points[i]);
    const double end = i + 1 < std::ssize(points) ? points[i + 1][last] : reference[last];
    if (end > points[i][last]) sum += (end - points[i][last]) * volume(slice, reference, last);
  }
  return sum;
}

bool inside(const Point& point, const Point& reference) {
  for (std::size_t m = 0; m < reference.size(); ++m)
    if (!(point[m] < reference[m])) return false;
  return true;
}

}  // namespace

double hypervolume(std::span<const Point> points, const Point& reference) {
  std::vector<Point> counted;
  for (int i : pareto_front(points))
    if (inside(points[i], reference)) counted.push_back(points[i]);
  return volume(std::move(counted), reference, static_cast<int>(reference.size()));
}

}  // namespace cupel
