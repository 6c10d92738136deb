// A chart as inline SVG text: two axes with round ticks, marks, lines and bars inside.
// Values that are not finite are left out (and break a line); what lies outside the axes is
// cut off, so that the caller decides the range.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::report {

struct Axis {
  std::string label;  ///< plain text, with the unit
  double low = 0, high = 1;
  bool log = false;  ///< low > 0
};

/// Covers all finite values (positive ones when log) with a small margin. A single value gets
/// room on both sides; no value at all gives 0 … 1.
Axis fitted_axis(std::string label, std::initializer_list<std::span<const double>> values,
                 bool log = false);
/// Round numbers within the axis: 1-2-5 steps, or decades (with 2 and 5 when there are few).
std::vector<double> axis_ticks(const Axis& axis, int about);

/// At most `most` of 0 … count-1, evenly spaced with first and last: the same rows every time.
std::vector<int> thinned(int count, int most);
std::vector<double> picked_values(std::span<const double> values, std::span<const int> rows);

struct PlotSize {
  int width = 480, height = 340;
};

class SvgPlot {
 public:
  SvgPlot(PlotSize size, Axis x, Axis y);

  const Axis& x_axis() const { return x_; }
  const Axis& y_axis() const { return y_; }

  /// `css`: class of the mark, see page_style.
  void dots(std::span<const double> x, std::span<const double> y, std::string_view css);
  void crosses(std::span<const double> x, std::span<const double> y, std::string_view css);
  void diamond(double x, double y, std::string_view css);
  void line(std::span<const double> x, std::span<const double> y, std::string_view css);
  void polygon(std::span<const double> x, std::span<const double> y, std::string_view css);
  /// Upright lines from `low` to `high`.
  void bars(std::span<const double> x, std::span<const double> low, std::span<const double> high,
            std::string_view css);
  /// From the bottom of the chart up to `top`.
  void column(double low, double high, double top, std::string_view css);
  /// Plain text, centered `lift` pixels above the place.
  void text(double x, double y, double lift, std::string_view text);

  /// `description`: plain text for readers who cannot see the chart.
  std::string svg(std::string_view description) const;

 private:
  double place_x(double value) const;
  double place_y(double value) const;
  bool drawable(double x, double y) const;
  std::string grid() const;

  PlotSize size_;
  Axis x_, y_;
  double left_, top_, width_, height_;
  std::string marks_;
};

struct LegendEntry {
  std::string mark;  ///< "dots", "crosses", "diamond", "line" or "area"
  std::string css;
  std::string text;
};

/// A figure of chart, key and a caption of one sentence. `caption` is HTML.
std::string figure(std::string_view svg, const std::vector<LegendEntry>& legend,
                   std::string_view caption, std::string_view css = {});

}  // namespace cupel::report
