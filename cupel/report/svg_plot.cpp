#include "cupel/report/svg_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "cupel/report/html.hpp"

namespace cupel::report {
namespace {

constexpr double kCharacter = 7.0;  ///< width of a digit in a tick's label

std::vector<std::string> tick_labels(const Axis& axis, const std::vector<double>& ticks) {
  std::vector<std::string> labels;
  if (axis.log || ticks.size() < 2) {
    for (double tick : ticks) labels.push_back(number_text(tick, 4));
    return labels;
  }
  const double step = ticks[1] - ticks[0];
  const double largest = std::max(std::fabs(ticks.front()), std::fabs(ticks.back()));
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  const int whole = std::max(0, static_cast<int>(std::floor(std::log10(largest)))) + 1;
  for (double tick : ticks) {
    if (std::fabs(tick) < step * 1e-6) tick = 0;
    labels.push_back(number_text(tick, std::clamp(decimals + whole, 1, 12)));
  }
  return labels;
}

std::vector<double> log_ticks(const Axis& axis) {
  const double decades = std::log10(axis.high / axis.low);
  const auto first = static_cast<int>(std::floor(std::log10(axis.low)));
  const auto last = static_cast<int>(std::ceil(std::log10(axis.high)));
  const int stride = std::max(1, static_cast<int>(std::ceil(decades / 8)));
  std::vector<double> ticks;
  for (int exponent = first; exponent <= last; exponent += stride)
    for (double digit : {1.0, 2.0, 5.0}) {
      const double tick = digit * std::pow(10.0, exponent);
      if ((digit == 1 || decades < 3) && tick >= axis.low && tick <= axis.high)
        ticks.push_back(tick);
    }
  return ticks;
}

std::string mark_sample(const LegendEntry& entry) {
  std::string_view shape = "<path class=\"{}\" d=\"M1 6H21\"/>";
  if (entry.mark == "dots") shape = "<path class=\"{} dots\" d=\"M11 6h0\"/>";
  if (entry.mark == "crosses") shape = "<path class=\"{} crosses\" d=\"M8 6h6m-3-3v6\"/>";
  if (entry.mark == "diamond") shape = "<path class=\"{}\" d=\"M11 0l6 6-6 6-6-6z\"/>";
  if (entry.mark == "area") shape = "<path class=\"{}\" d=\"M1 1h20v10h-20z\"/>";
  return "<svg class=\"key\" viewBox=\"0 0 22 12\" aria-hidden=\"true\">" +
         fmt::format(fmt::runtime(shape), entry.css) + "</svg>";
}

}  // namespace

Axis fitted_axis(std::string label, std::initializer_list<std::span<const double>> values,
                 bool log) {
  Axis axis{std::move(label), std::numeric_limits<double>::infinity(),
            -std::numeric_limits<double>::infinity(), log};
  for (const auto& part : values)
    for (double v : part)
      if (std::isfinite(v) && (!log || v > 0)) {
        axis.low = std::min(axis.low, v);
        axis.high = std::max(axis.high, v);
      }
  if (axis.low > axis.high) {
    axis.low = log ? 1 : 0;
    axis.high = log ? 10 : 1;
  }
  if (log) {
    const double factor = axis.high > axis.low ? std::pow(axis.high / axis.low, 0.05) : 2;
    axis.low /= factor;
    axis.high *= factor;
    return axis;
  }
  // Halves first: the difference of huge values may overflow.
  double margin = (axis.high * 0.05 - axis.low * 0.05);
  if (!(margin > std::fabs(axis.high) * 1e-9)) margin = std::max(std::fabs(axis.high) * 0.05, 1e-9);
  axis.low -= margin;
  axis.high += margin;
  return axis;
}

std::vector<double> axis_ticks(const Axis& axis, int about) {
  if (axis.log) {
    const std::vector<double> ticks = log_ticks(axis);
    if (ticks.size() >= 2) return ticks;
  }
  const double rough = (axis.high - axis.low) / about;
  if (!(rough > 0) || !std::isfinite(rough)) return {};
  const double decade = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * decade;
  for (double digit : {5.0, 2.0, 1.0})
    if (digit * decade >= rough * 0.75) step = digit * decade;
  std::vector<double> ticks;
  for (double n = std::ceil(axis.low / step); n * step <= axis.high; ++n) ticks.push_back(n * step);
  return ticks;
}

std::vector<int> thinned(int count, int most) {
  std::vector<int> rows;
  const int kept = std::min(count, std::max(most, 2));
  for (std::int64_t i = 0; i < kept; ++i)
    rows.push_back(kept < 2 ? 0 : static_cast<int>(i * (count - 1) / (kept - 1)));
  return rows;
}

std::vector<double> picked_values(std::span<const double> values, std::span<const int> rows) {
  std::vector<double> out;
  out.reserve(rows.size());
  for (int row : rows) out.push_back(values[row]);
  return out;
}

SvgPlot::SvgPlot(PlotSize size, Axis x, Axis y) : size_(size), x_(std::move(x)), y_(std::move(y)) {
  std::size_t longest = 1;
  for (const std::string& label : tick_labels(y_, axis_ticks(y_, 6)))
    longest = std::max(longest, label.size());
  left_ = 34 + kCharacter * std::min<std::size_t>(longest, 11);
  top_ = 10;
  width_ = size_.width - left_ - 14;
  height_ = size_.height - top_ - 48;
}

double SvgPlot::place_x(double value) const {
  const double share = x_.log ? std::log(value / x_.low) / std::log(x_.high / x_.low)
                              : (value - x_.low) / (x_.high - x_.low);
  return left_ + width_ * std::clamp(share, -9.0, 9.0);
}

double SvgPlot::place_y(double value) const {
  const double share = y_.log ? std::log(value / y_.low) / std::log(y_.high / y_.low)
                              : (value - y_.low) / (y_.high - y_.low);
  return top_ + height_ * (1 - std::clamp(share, -9.0, 9.0));
}

bool SvgPlot::drawable(double x, double y) const {
  return std::isfinite(x) && std::isfinite(y) && (!x_.log || x > 0) && (!y_.log || y > 0);
}

void SvgPlot::dots(std::span<const double> x, std::span<const double> y, std::string_view css) {
  marks_ += fmt::format("<path class=\"dots {}\" d=\"", css);
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    if (drawable(x[i], y[i]))
      fmt::format_to(std::back_inserter(marks_), "M{:.1f} {:.1f}h0", place_x(x[i]), place_y(y[i]));
  marks_ += "\"/>\n";
}

void SvgPlot::crosses(std::span<const double> x, std::span<const double> y, std::string_view css) {
  marks_ += fmt::format("<path class=\"crosses {}\" d=\"", css);
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    if (drawable(x[i], y[i]))
      fmt::format_to(std::back_inserter(marks_), "M{:.1f} {:.1f}h6m-3-3v6", place_x(x[i]) - 3,
                     place_y(y[i]));
  marks_ += "\"/>\n";
}

void SvgPlot::diamond(double x, double y, std::string_view css) {
  if (drawable(x, y))
    marks_ += fmt::format("<path class=\"{}\" d=\"M{:.1f} {:.1f}l8 8-8 8-8-8z\"/>\n", css,
                          place_x(x), place_y(y) - 8);
}

void SvgPlot::line(std::span<const double> x, std::span<const double> y, std::string_view css) {
  marks_ += fmt::format("<path class=\"{}\" d=\"", css);
  bool open = false;
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    if (!drawable(x[i], y[i])) {
      open = false;
      continue;
    }
    fmt::format_to(std::back_inserter(marks_), "{}{:.1f} {:.1f}", open ? 'L' : 'M', place_x(x[i]),
                   place_y(y[i]));
    open = true;
  }
  marks_ += "\"/>\n";
}

void SvgPlot::polygon(std::span<const double> x, std::span<const double> y, std::string_view css) {
  line(x, y, css);
}

void SvgPlot::bars(std::span<const double> x, std::span<const double> low,
                   std::span<const double> high, std::string_view css) {
  marks_ += fmt::format("<path class=\"{}\" d=\"", css);
  for (std::size_t i = 0; i < std::min({x.size(), low.size(), high.size()}); ++i)
    if (drawable(x[i], low[i]) && drawable(x[i], high[i]))
      fmt::format_to(std::back_inserter(marks_), "M{:.1f} {:.1f}V{:.1f}", place_x(x[i]),
                     place_y(low[i]), place_y(high[i]));
  marks_ += "\"/>\n";
}

void SvgPlot::column(double low, double high, double top, std::string_view css) {
  if (!drawable(low, top) || !std::isfinite(high)) return;
  const double x = place_x(low), y = place_y(top);
  marks_ += fmt::format(
      "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", css, x,
      y, std::max(0.5, place_x(high) - x - 1), std::max(0.0, top_ + height_ - y));
}

void SvgPlot::text(double x, double y, double lift, std::string_view text) {
  if (!drawable(x, y)) return;
  const double at = std::clamp(place_x(x), left_ + 20, left_ + width_ - 20);
  marks_ += fmt::format("<text class=\"note\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", at,
                        place_y(y) - lift, escape(text));
}

std::string SvgPlot::grid() const {
  std::string out;
  const double bottom = top_ + height_, right = left_ + width_;
  const auto ys = axis_ticks(y_, std::max(3, static_cast<int>(height_ / 50)));
  const auto y_labels = tick_labels(y_, ys);
  for (std::size_t i = 0; i < ys.size(); ++i)
    out += fmt::format(
        "<path class=\"grid\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>"
        "<text class=\"ty\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
        left_, place_y(ys[i]), right, left_ - 6, place_y(ys[i]) + 4, y_labels[i]);
  const auto xs = axis_ticks(x_, std::max(3, static_cast<int>(width_ / 75)));
  const auto x_labels = tick_labels(x_, xs);
  double free_from = 0;  // labels on a log axis crowd towards the right
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const double at = place_x(xs[i]), half = kCharacter * x_labels[i].size() / 2 + 3;
    out += fmt::format("<path class=\"grid\" d=\"M{:.1f} {:.1f}V{:.1f}\"/>", at, top_, bottom);
    if (at - half < free_from) continue;
    free_from = at + half;
    out += fmt::format("<text class=\"tx\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", at, bottom + 17,
                       x_labels[i]);
  }
  return out + fmt::format("<path class=\"axis\" d=\"M{:.1f} {:.1f}V{:.1f}H{:.1f}\"/>\n", left_,
                           top_, bottom, right);
}

std::string SvgPlot::svg(std::string_view description) const {
  const double middle_x = left_ + width_ / 2, middle_y = top_ + height_ / 2;
  std::string out =
      fmt::format("<svg class=\"plot\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
                  size_.width, size_.height, escape(description));
  out += grid();
  out += fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{}\">{}</text>\n", middle_x,
                     size_.height - 8,
                     escape(shortened_text(x_.label, static_cast<int>(width_ / 6.8))));
  out += fmt::format(
      "<text class=\"label\" transform=\"translate(16 {:.1f}) rotate(-90)\">{}</text>\n", middle_y,
      escape(shortened_text(y_.label, static_cast<int>(height_ / 6.8))));
  // A nested picture cuts off whatever leaves the axes.
  out += fmt::format(
      "<svg x=\"{0:.1f}\" y=\"{1:.1f}\" width=\"{2:.1f}\" height=\"{3:.1f}\" "
      "viewBox=\"{0:.1f} {1:.1f} {2:.1f} {3:.1f}\">\n",
      left_, top_, width_, height_);
  return out + marks_ + "</svg>\n</svg>";
}

std::string figure(std::string_view svg, const std::vector<LegendEntry>& legend,
                   std::string_view caption, std::string_view css) {
  std::string keys;
  for (const LegendEntry& entry : legend)
    keys += element("span", "", mark_sample(entry) + escape(entry.text));
  if (!keys.empty()) keys = element("div", "class=\"legend\"", keys) + "\n";
  return fmt::format(
      "<figure{}>\n{}<div class=\"scroll\">{}</div>\n<figcaption>{}</figcaption>\n"
      "</figure>\n",
      css.empty() ? "" : fmt::format(" class=\"{}\"", css), keys, svg, caption);
}

}  // namespace cupel::report
