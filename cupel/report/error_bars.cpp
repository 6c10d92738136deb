#include "cupel/report/error_bars.hpp"

#include <fmt/format.h>

#include <cmath>

#include "cupel/report/html.hpp"
#include "cupel/report/svg_plot.hpp"

namespace cupel::report {
namespace {

constexpr double kSpreads = 2;  ///< parameter uncertainties on each side

bool any_finite(const std::vector<double>& values) {
  for (const double value : values)
    if (std::isfinite(value)) return true;
  return false;
}

/// Predicted value plus `share` times the spread.
std::vector<double> shifted(const BarRows& rows, double share) {
  std::vector<double> out;
  for (std::size_t i = 0; i < rows.sd.size(); ++i)
    out.push_back(rows.predicted[i] + share * rows.sd[i]);
  return out;
}

std::string caption(const ReportData& data, const BarRows& rows, bool intervals, bool spreads) {
  std::string text =
      fmt::format("{} rows from the lowest to the highest measured value", rows.part);
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  if (std::ssize(rows.measured) < rows.rows)
    text += fmt::format(", {} of {}, evenly spaced", count_text(std::ssize(rows.measured)),
                        count_text(rows.rows));
  text += ".";
  if (intervals)
    text += fmt::format(" Light bars: the interval that is meant to hold {} of new values.",
                        percent_text(100 * data.confidence));
  if (spreads)
    text +=
        " Dark bars: twice the parameter uncertainty on each side, which holds no noise of the "
        "measurements.";
  return escape(text);
}

std::string bar_figure(const ReportData& data, const BarRows& rows) {
  const bool intervals = any_finite(rows.low) && any_finite(rows.high);
  const bool spreads = any_finite(rows.sd);
  if (!intervals && !spreads) return {};
  std::vector<double> places;
  for (std::size_t i = 0; i < rows.measured.size(); ++i)
    places.push_back(static_cast<double>(i + 1));
  const std::vector<double> low = shifted(rows, -kSpreads), high = shifted(rows, kSpreads);
  SvgPlot plot({960, 320}, fitted_axis(rows.part + " row, by measured value", {places}),
               fitted_axis(label_text(rows.target, rows.unit),
                           {rows.measured, rows.predicted, rows.low, rows.high, low, high}));
  std::vector<LegendEntry> legend = {{"dots", "c-held", "measured"},
                                     {"crosses", "c-test", "predicted"}};
  if (intervals) {
    plot.bars(places, rows.low, rows.high, "c-interval");
    legend.push_back({"line", "c-interval", percent_text(100 * data.confidence) + " interval"});
  }
  if (spreads) {
    plot.bars(places, low, high, "c-spread");
    legend.push_back({"line", "c-spread", "parameter uncertainty"});
  }
  plot.crosses(places, rows.predicted, "c-test");
  plot.dots(places, rows.measured, "c-held");
  return figure(plot.svg(fmt::format("{} with error bars, {} rows", rows.target, rows.part)),
                legend, caption(data, rows, intervals, spreads), "wide");
}

}  // namespace

std::string error_bar_figures(const ReportData& data) {
  std::string out;
  for (const BarRows& rows : data.trust.bars) out += bar_figure(data, rows);
  return out;
}

}  // namespace cupel::report
