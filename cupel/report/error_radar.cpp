#include "cupel/report/error_radar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cupel/report/html.hpp"
#include "cupel/report/svg_plot.hpp"

namespace cupel::report {
namespace {

constexpr int kSpokes = 5;
constexpr std::array<std::string_view, kSpokes> kNames = {"MSE", "MAE", "MAPE", "RMSE", "1 − R²"};
constexpr double kCenterX = 220, kCenterY = 170, kRadius = 120;
constexpr double kPi = 3.14159265358979323846;

struct Place {
  double x = 0, y = 0;
};

Place place(int spoke, double share) {
  const double angle = 2 * kPi * spoke / kSpokes;
  return {kCenterX + share * kRadius * std::sin(angle),
          kCenterY - share * kRadius * std::cos(angle)};
}

std::array<double, kSpokes> values_of(const ErrorFigures& figures) {
  return {figures.rmse * figures.rmse, figures.mae, figures.mape, figures.rmse, 1 - figures.r2};
}

std::string outline(const std::array<double, kSpokes>& shares, std::string_view css) {
  std::string path;
  for (int s = 0; s < kSpokes; ++s) {
    const Place at = place(s, shares[static_cast<std::size_t>(s)]);
    path += fmt::format("{}{:.1f} {:.1f}", s == 0 ? "M" : "L", at.x, at.y);
  }
  return fmt::format("<path class=\"{}\" d=\"{}Z\"/>", css, path);
}

}  // namespace

std::string error_radar(const std::vector<RadarOutline>& outlines, const std::string& rows) {
  std::vector<std::array<double, kSpokes>> all;
  std::array<double, kSpokes> largest{};
  for (const RadarOutline& one : outlines) {
    all.push_back(values_of(one.figures));
    for (std::size_t s = 0; s < kSpokes; ++s)
      if (std::isfinite(all.back()[s])) largest[s] = std::max(largest[s], all.back()[s]);
  }
  std::string svg;
  for (const double ring : {0.25, 0.5, 0.75, 1.0})
    svg += outline({ring, ring, ring, ring, ring}, "grid");
  for (int s = 0; s < kSpokes; ++s) {
    const Place end = place(s, 1), name = place(s, 1.16);
    svg += fmt::format("<path class=\"grid\" d=\"M{} {}L{:.1f} {:.1f}\"/>", kCenterX, kCenterY,
                       end.x, end.y);
    svg += fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", name.x,
                       name.y + 4, kNames[static_cast<std::size_t>(s)]);
  }
  constexpr std::array<std::string_view, 4> kColors = {"c-front-line", "c-measured", "w-minus",
                                                       "c-limit"};
  std::vector<LegendEntry> legend;
  for (std::size_t k = 0; k < all.size(); ++k) {
    std::array<double, kSpokes> shares{};
    for (std::size_t s = 0; s < kSpokes; ++s)
      // MAPE does not exist where a measured value is 0: its spoke stays at the center.
      shares[s] = largest[s] > 0 && std::isfinite(all[k][s]) ? all[k][s] / largest[s] : 0;
    const std::string_view css = kColors[k % kColors.size()];
    svg += outline(shares, css);
    legend.push_back({"line", std::string(css), outlines[k].name});
  }
  const std::string chart = fmt::format(
      "<svg class=\"plot\" viewBox=\"0 0 440 330\" role=\"img\"><title>Radar of five "
      "error figures</title>{}</svg>",
      svg);
  return figure(chart, legend,
                "Mean errors on " + rows +
                    ". The rim is the largest of the methods shown; the "
                    "smaller the figure, the better. All but MAPE and MAE follow from the squared "
                    "error, so they often agree.");
}

}  // namespace cupel::report
