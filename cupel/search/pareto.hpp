// Tools for sets of points that are to be small in every coordinate. A point is one vector of
// objectives; all points of a set have the same length.
#pragma once

#include <span>
#include <vector>

namespace cupel {

using Point = std::vector<double>;

/// a is nowhere worse than b and somewhere better.
bool dominates(std::span<const double> a, std::span<const double> b);

/// Indices of the points that no other dominates, in increasing order. Of equal points the
/// first is kept.
std::vector<int> pareto_front(std::span<const Point> points);

/// Volume between the points and `reference` that they dominate (two or more objectives).
/// Points outside the reference add nothing.
double hypervolume(std::span<const Point> points, const Point& reference);

/// Schott's spacing (1995): sqrt(1/(n-1) Σ (mean d - d_i)²), d_i the Manhattan distance to the
/// nearest other point; duplicates are removed first. 0 with fewer than two points.
double spacing(std::span<const Point> points);

/// Zitzler's coverage: the share of `b` that some member of `a` dominates or equals.
double set_coverage(std::span<const Point> a, std::span<const Point> b);

/// Index of the knee of a front of two objectives: the point farthest below the line through
/// the ends, after scaling both objectives to [0, 1]. -1 for an empty front.
int knee(std::span<const Point> front);

}  // namespace cupel
