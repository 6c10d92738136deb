#include "cupel/study/recipes/path_choice.hpp"

#include <limits>

namespace cupel {
namespace {

constexpr double kCompactTolerance = 1.05;

/// The point of the lowest value among those that fit; NaN is never lower.
template <class Fits, class Value>
int lowest(std::span<const PathPoint> points, Fits fits, Value value) {
  int best = -1;
  double least = std::numeric_limits<double>::infinity();
  for (int k = 0; k < static_cast<int>(points.size()); ++k) {
    if (!fits(points[k]) || !(value(points[k]) < least)) continue;
    best = k;
    least = value(points[k]);
  }
  return best;
}

}  // namespace

int choose_point(std::span<const PathPoint> points, const ChoiceRule& rule) {
  const auto small = [&](const PathPoint& p) { return p.connections <= rule.most; };
  const auto error = [](const PathPoint& p) { return p.error; };
  if (rule.choose == "paper")
    return lowest(
        points,
        [&](const PathPoint& p) { return small(p) && p.training_rmse <= rule.training_rmse; },
        [](const PathPoint& p) { return p.trace; });
  const int best = lowest(points, small, error);
  if (best < 0 || rule.choose == "accuracy") return best;
  const double limit = kCompactTolerance * points[best].error;
  // Of equally many connections the one of less error: first the count, then the error.
  const int fewest = lowest(
      points, [&](const PathPoint& p) { return small(p) && p.error <= limit; },
      [](const PathPoint& p) { return static_cast<double>(p.connections); });
  return lowest(
      points, [&](const PathPoint& p) { return p.connections == points[fewest].connections; },
      error);
}

}  // namespace cupel
