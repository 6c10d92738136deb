#include "cupel/report/scatter_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/report/html.hpp"
#include "cupel/report/svg_plot.hpp"

namespace cupel::report {
namespace {

constexpr int kMostPoints = 1500;

Points finite_pairs(const std::vector<double>& measured, const std::vector<double>& predicted) {
  Points points;
  for (std::size_t i = 0; i < std::min(measured.size(), predicted.size()); ++i)
    if (std::isfinite(measured[i]) && std::isfinite(predicted[i])) {
      points.measured.push_back(measured[i]);
      points.predicted.push_back(predicted[i]);
    }
  return points;
}

Points thin_points(const Points& points, int most) {
  const auto rows = thinned(static_cast<int>(points.measured.size()), most);
  return {picked_values(points.measured, rows), picked_values(points.predicted, rows)};
}

}  // namespace

ThinnedScatter thin(const Scatter& scatter) {
  ThinnedScatter out{finite_pairs(scatter.measured_held_out, scatter.predicted_held_out),
                     finite_pairs(scatter.measured_test, scatter.predicted_test),
                     {}};
  const std::int64_t held_out = std::ssize(out.held_out.measured);
  const std::int64_t all = held_out + std::ssize(out.test.measured);
  if (all <= kMostPoints) return out;
  const int held_out_share = static_cast<int>(kMostPoints * held_out / all);
  out.held_out = thin_points(out.held_out, held_out_share);
  out.test = thin_points(out.test, kMostPoints - held_out_share);
  out.note =
      fmt::format("{} of {} rows are drawn, evenly spaced.",
                  count_text(std::ssize(out.held_out.measured) + std::ssize(out.test.measured)),
                  count_text(all));
  return out;
}

Points judged_points(const Scatter& scatter) {
  if (!scatter.measured_test.empty())
    return finite_pairs(scatter.measured_test, scatter.predicted_test);
  return finite_pairs(scatter.measured_held_out, scatter.predicted_held_out);
}

}  // namespace cupel::report
