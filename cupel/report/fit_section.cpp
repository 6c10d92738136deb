// Measured against predicted values, both over time where the rows are ordered, and with error
// bars.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/report/error_bars.hpp"
#include "cupel/report/html.hpp"
#include "cupel/report/scatter_points.hpp"
#include "cupel/report/sections.hpp"
#include "cupel/report/svg_plot.hpp"

namespace cupel::report {
namespace {

constexpr int kTrendPoints = 400;  ///< a line; two lines a chart

bool has_band(const Scatter& scatter) {
  return std::isfinite(scatter.half_width) && scatter.half_width > 0;
}

void add_band(SvgPlot& plot, double half) {
  const double low = plot.x_axis().low, high = plot.x_axis().high;
  const std::vector<double> xs = {low, high, high, low};
  const std::vector<double> ys = {low + half, high + half, high - half, low - half};
  plot.polygon(xs, ys, "c-band");
}

std::string held_band_text(const ReportData& data, const Scatter& scatter) {
  if (!has_band(scatter)) return " There are too few rows for a prediction interval.";
  std::string text = fmt::format(
      " The band is ± {} wide, as the interval of a typical row; intervals are meant "
      "to hold {} of new values",
      quantity_text(scatter.half_width, scatter.unit), percent_text(100 * data.confidence));
  if (std::isfinite(scatter.coverage))
    text += fmt::format("; of the test rows they hold {}", percent_text(100 * scatter.coverage));
  return text + ".";
}

std::string scatter_figure(const ReportData& data, const Scatter& scatter) {
  const ThinnedScatter points = thin(scatter);
  Axis axis = fitted_axis("", {points.held_out.measured, points.held_out.predicted,
                               points.test.measured, points.test.predicted});
  Axis x = axis, y = axis;
  x.label = "measured " + label_text(scatter.target, scatter.unit);
  y.label = "predicted " + label_text(scatter.target, scatter.unit);
  SvgPlot plot({480, 430}, x, y);
  std::vector<LegendEntry> legend;
  if (has_band(scatter)) {
    add_band(plot, scatter.half_width);
    legend.push_back({"area", "c-band", percent_text(100 * data.confidence) + " band"});
  }
  plot.line(std::vector{axis.low, axis.high}, std::vector{axis.low, axis.high}, "c-diagonal");
  plot.dots(points.held_out.measured, points.held_out.predicted, "c-held");
  plot.crosses(points.test.measured, points.test.predicted, "c-test");
  if (!points.test.measured.empty())
    legend.insert(legend.begin(), {"crosses", "c-test", "test rows"});
  if (!points.held_out.measured.empty())
    legend.insert(legend.begin(), {"dots", "c-held", "held-out rows"});
  return figure(
      plot.svg("Measured against predicted values of " + scatter.target), legend,
      escape("The nearer the marks lie to the diagonal line, the better the prediction." +
             held_band_text(data, scatter) + (points.note.empty() ? "" : " " + points.note)));
}

std::string trend_figure(const Scatter& scatter) {
  const Points all = judged_points(scatter);
  const auto count = static_cast<int>(all.measured.size());
  const std::vector<int> rows = thinned(count, kTrendPoints);
  std::vector<double> x(rows.begin(), rows.end());
  for (double& v : x) ++v;
  const std::vector<double> measured = picked_values(all.measured, rows);
  const std::vector<double> predicted = picked_values(all.predicted, rows);
  const std::string kind = scatter.measured_test.empty() ? "held-out" : "test";
  SvgPlot plot({960, 320}, fitted_axis(kind + " row, in time order", {x}),
               fitted_axis(label_text(scatter.target, scatter.unit), {measured, predicted}));
  plot.line(x, measured, "c-measured");
  plot.line(x, predicted, "c-predicted");
  std::string caption = "Where the two lines part, the network misses what happened.";
  if (std::ssize(rows) < count)
    caption += fmt::format(" {} of {} rows are drawn, evenly spaced.", count_text(std::ssize(rows)),
                           count_text(count));
  return figure(plot.svg("Measured and predicted values of " + scatter.target + " over time"),
                {{"line", "c-measured", "measured"}, {"line", "c-predicted", "predicted"}}, caption,
                "wide");
}

}  // namespace

std::string fit_section(const ReportData& data) {
  std::string squares, trends;
  for (const Scatter& scatter : data.scatters) {
    if (scatter.measured_held_out.empty() && scatter.measured_test.empty()) continue;
    squares += scatter_figure(data, scatter);
    if (scatter.ordered) trends += trend_figure(scatter);
  }
  if (squares.empty()) return paragraph("There are no predictions to compare.");
  return element("div", "class=\"figures\"", squares) + "\n" + trends + error_bar_figures(data);
}

}  // namespace cupel::report
