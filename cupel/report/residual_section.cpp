// What remains: the errors against the predicted value, and how often each size occurs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/report/html.hpp"
#include "cupel/report/scatter_points.hpp"
#include "cupel/report/sections.hpp"
#include "cupel/report/svg_plot.hpp"

namespace cupel::report {
namespace {

std::vector<double> residuals(const Points& points) {
  std::vector<double> out;
  for (std::size_t i = 0; i < points.measured.size(); ++i)
    out.push_back(points.measured[i] - points.predicted[i]);
  return out;
}

void add_half_widths(SvgPlot& plot, const Scatter& scatter) {
  if (!std::isfinite(scatter.half_width) || !(scatter.half_width > 0)) return;
  const std::vector<double> x = {plot.x_axis().low, plot.x_axis().high};
  for (double level : {scatter.half_width, -scatter.half_width})
    plot.line(x, std::vector{level, level}, "c-limit");
}

std::string residual_figure(const Scatter& scatter) {
  const ThinnedScatter points = thin(scatter);
  const auto held_out = residuals(points.held_out), test = residuals(points.test);
  SvgPlot plot({480, 340},
               fitted_axis("predicted " + label_text(scatter.target, scatter.unit),
                           {points.held_out.predicted, points.test.predicted}),
               fitted_axis(label_text("measured − predicted", scatter.unit), {held_out, test}));
  const std::vector<double> x = {plot.x_axis().low, plot.x_axis().high};
  plot.line(x, std::vector{0.0, 0.0}, "c-diagonal");
  add_half_widths(plot, scatter);
  plot.dots(points.held_out.predicted, held_out, "c-held");
  plot.crosses(points.test.predicted, test, "c-test");
  std::vector<LegendEntry> legend;
  if (!held_out.empty()) legend.push_back({"dots", "c-held", "held-out rows"});
  if (!test.empty()) legend.push_back({"crosses", "c-test", "test rows"});
  if (std::isfinite(scatter.half_width) && scatter.half_width > 0)
    legend.push_back({"line", "c-limit", "± interval"});
  return figure(
      plot.svg("Errors of " + scatter.target + " against the predicted value"), legend,
      escape("The errors should form an even, shapeless cloud around zero; a bow or a funnel "
             "means that something is still unexplained." +
             (points.note.empty() ? "" : " " + points.note)));
}

struct Histogram {
  double low = 0, step = 1;
  std::vector<int> counts;
  int beyond = 0;  ///< values outside, counted in the outermost bars
};

/// About 15 bars of a round width over the middle 99 % of `sorted`.
Histogram histogram(const std::vector<double>& sorted) {
  const std::size_t tail = sorted.size() / 200;
  const double low = sorted[tail], high = sorted[sorted.size() - 1 - tail];
  Axis axis = fitted_axis("", {std::vector{low, high}});
  const std::vector<double> ticks = axis_ticks(axis, 15);
  Histogram out;
  out.step = ticks.size() > 1 ? ticks[1] - ticks[0] : axis.high - axis.low;
  out.low = std::floor(low / out.step) * out.step;
  const int bars = std::clamp(static_cast<int>(std::floor((high - out.low) / out.step)) + 1, 1, 60);
  out.counts.assign(bars, 0);
  for (double v : sorted) {
    const double at = std::floor((v - out.low) / out.step);
    out.beyond += at < 0 || at >= bars;
    ++out.counts[static_cast<int>(std::clamp(at, 0.0, bars - 1.0))];
  }
  return out;
}

std::string summary(const Scatter& scatter, const std::vector<double>& sorted) {
  double sum = 0;
  for (double v : sorted) sum += v / static_cast<double>(sorted.size());
  const double worst = -sorted.front() > sorted.back() ? sorted.front() : sorted.back();
  return fmt::format(
      " Over {}, the errors average {} and the largest is {}.",
      count_text(std::ssize(sorted), scatter.measured_test.empty() ? "held-out row" : "test row"),
      quantity_text(sum, scatter.unit, 2), quantity_text(worst, scatter.unit));
}

std::string histogram_figure(const Scatter& scatter) {
  std::vector<double> sorted = residuals(judged_points(scatter));
  if (sorted.empty()) return {};
  std::sort(sorted.begin(), sorted.end());
  const Histogram bars = histogram(sorted);
  const double end = bars.low + bars.step * static_cast<double>(bars.counts.size());
  const int highest = *std::max_element(bars.counts.begin(), bars.counts.end());
  SvgPlot plot({480, 340},
               {.label = label_text("measured − predicted", scatter.unit),
                .low = bars.low - bars.step * 0.3,
                .high = end + bars.step * 0.3},
               {.label = "number of rows", .low = 0, .high = highest * 1.12});
  for (std::size_t i = 0; i < bars.counts.size(); ++i) {
    const double low = bars.low + bars.step * static_cast<double>(i);
    plot.column(low, low + bars.step, bars.counts[i], "fill");
    if (bars.counts.size() <= 24 && bars.counts[i] > 0)
      plot.text(low + bars.step / 2, bars.counts[i], 4, count_text(bars.counts[i]));
  }
  std::string caption =
      "How many rows have an error of each size; a narrow hill around zero is good." +
      summary(scatter, sorted);
  if (bars.beyond > 0)
    caption += fmt::format(" The outermost bars also hold {} beyond the chart.",
                           count_text(bars.beyond, "row"));
  return figure(plot.svg("How often errors of each size occur for " + scatter.target), {},
                escape(caption));
}

}  // namespace

std::string residual_section(const ReportData& data) {
  std::string out;
  for (const Scatter& scatter : data.scatters) {
    if (scatter.measured_held_out.empty() && scatter.measured_test.empty()) continue;
    if (data.scatters.size() > 1) out += element("h3", "", escape(scatter.target));
    out +=
        element("div", "class=\"figures\"", residual_figure(scatter) + histogram_figure(scatter)) +
        "\n";
  }
  return out.empty() ? paragraph("There are no predictions to compare.") : out;
}

}  // namespace cupel::report
