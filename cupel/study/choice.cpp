#include "cupel/study/choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/search/pareto.hpp"

namespace cupel {
namespace {

/// One point a network: {share of the spread, log10 of the weights}.
std::vector<Point> points_of(std::span<const SizedError> front) {
  if (front.empty()) throw Error(ErrorKind::runtime, "there is no network to choose from");
  std::vector<Point> points;
  for (const SizedError& member : front)
    points.push_back({std::sqrt(member.error), std::log10(member.parameters)});
  return points;
}

Point lowest(std::span<const Point> points) {
  Point low = points.front();
  for (const Point& point : points)
    for (std::size_t m = 0; m < low.size(); ++m) low[m] = std::min(low[m], point[m]);
  return low;
}

Point highest(std::span<const Point> points) {
  Point high = points.front();
  for (const Point& point : points)
    for (std::size_t m = 0; m < high.size(); ++m) high[m] = std::max(high[m], point[m]);
  return high;
}

std::string figures(const SizedError& member) {
  return fmt::format("{} weights, error {:.3g} % of the target's spread", member.parameters,
                     100 * std::sqrt(member.error));
}

template <class Badness>
int least(std::span<const Point> points, const Badness& badness) {
  int best = 0;
  for (int k = 1; k < std::ssize(points); ++k)
    if (badness(points[static_cast<std::size_t>(k)]) <
        badness(points[static_cast<std::size_t>(best)]))
      best = k;
  return best;
}

const SizedError& member_of(std::span<const SizedError> front, int index) {
  return front[static_cast<std::size_t>(index)];
}

}  // namespace

Choice knee_choice(std::span<const SizedError> front) {
  const int index = knee(points_of(front));
  return {"knee", index,
          fmt::format("It is the knee of the front ({}): before it every further weight takes "
                      "much off the error, after it little.",
                      figures(member_of(front, index)))};
}

Choice weighted_choice(std::span<const SizedError> front, double error_weight) {
  const std::vector<Point> points = points_of(front);
  const Point low = lowest(points), high = highest(points);
  const auto scaled = [&](const Point& point, std::size_t m) {
    return high[m] > low[m] ? (point[m] - low[m]) / (high[m] - low[m]) : 0;
  };
  const int index = least(points, [&](const Point& point) {
    return error_weight * scaled(point, 0) + (1 - error_weight) * scaled(point, 1);
  });
  return {"weights", index,
          fmt::format("It has the least sum of error and size ({}) when the error counts {:.3g} "
                      "and the size {:.3g}, each from 0 (the front's best) to 1 (its worst).",
                      figures(member_of(front, index)), error_weight, 1 - error_weight)};
}

Choice reference_point_choice(std::span<const SizedError> front, double error_weight) {
  std::vector<Point> points = points_of(front);
  const Point weight = {error_weight, 1 - error_weight};
  for (std::size_t m = 0; m < weight.size(); ++m) {
    double squares = 0;
    for (const Point& point : points) squares += point[m] * point[m];
    for (Point& point : points) point[m] *= squares > 0 ? weight[m] / std::sqrt(squares) : 0;
  }
  const Point ideal = lowest(points), worst = highest(points);
  const auto distance = [](const Point& a, const Point& b) {
    return std::hypot(a[0] - b[0], a[1] - b[1]);
  };
  const int index = least(points, [&](const Point& point) {
    const double good = distance(point, worst), bad = distance(point, ideal);
    return good + bad > 0 ? -good / (good + bad) : 0;
  });
  return {"reference-point", index,
          fmt::format("It lies nearest to an ideal network with the front's lowest error and "
                      "fewest weights, and far from its worst (TOPSIS, error {:.3g} against size "
                      "{:.3g}; {}).",
                      error_weight, 1 - error_weight, figures(member_of(front, index)))};
}

std::vector<Choice> other_choices(std::span<const SizedError> front, double error_weight) {
  if (front.empty()) return {};
  return {knee_choice(front), weighted_choice(front, error_weight),
          reference_point_choice(front, error_weight)};
}

}  // namespace cupel
