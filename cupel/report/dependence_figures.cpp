#include "cupel/report/dependence_figures.hpp"

#include <fmt/format.h>

#include "cupel/report/html.hpp"
#include "cupel/report/pick_figures.hpp"
#include "cupel/report/svg_plot.hpp"

namespace cupel::report {
namespace {

std::string dependence_figure(const PartialDependence& curve) {
  SvgPlot plot(
      {360, 260}, fitted_axis(label_text(curve.input, curve.input_unit), {curve.x}),
      fitted_axis(label_text(curve.target, curve.target_unit), {curve.y, curve.low, curve.high}));
  if (!curve.low.empty()) {
    std::vector<double> x = curve.x, y = curve.low;
    x.insert(x.end(), curve.x.rbegin(), curve.x.rend());
    y.insert(y.end(), curve.high.rbegin(), curve.high.rend());
    plot.polygon(x, y, "c-band");
  }
  plot.line(curve.x, curve.y, "c-predicted");
  return figure(plot.svg(curve.target + " against " + curve.input), {}, "");
}

}  // namespace

std::string dependence_figures(const ReportData& data) {
  std::string figures;
  for (const PartialDependence& curve : data.trust.dependences) figures += dependence_figure(curve);
  if (figures.empty()) return {};
  return element("h3", "", "How the target follows each input") +
         element("div", "class=\"figures\"", figures) +
         paragraph(
             "The mean prediction over the design rows when one input takes each value of its "
             "range and all others stay as they are. The band is twice the parameter uncertainty: "
             "where it is wide, the data say little.",
             "small");
}

std::string slope_table(const ReportData& data) {
  if (data.trust.slopes.empty()) return {};
  std::vector<Heading> headings = {{"Input"}, {"at", true}};
  for (int t = 0; t < target_count(data); ++t) {
    headings.push_back({"d " + target_name(data, t) + " / d input", true});
    headings.push_back({"over a tenth of the range", true});
  }
  HtmlTable table(headings);
  for (const LocalSlope& slope : data.trust.slopes) {
    std::vector<Cell> cells = {text_cell(label_text(slope.input, slope.unit)),
                               number_cell(slope.at)};
    for (std::size_t t = 0; t < slope.slopes.size(); ++t) {
      cells.push_back(number_cell(slope.slopes[t], 3));
      cells.push_back(number_cell(slope.tenths[t], 3));
    }
    table.row(cells);
  }
  return element("h3", "", "Slopes at the median row") + table.html() +
         paragraph(
             "Derivatives of the network where every input has its median, in the units of "
             "the plant. Elsewhere they differ: see the curves.",
             "small");
}

}  // namespace cupel::report
