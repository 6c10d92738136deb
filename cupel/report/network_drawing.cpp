#include "cupel/report/network_drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "cupel/report/html.hpp"

namespace cupel::report {
namespace {

constexpr int kMostUnits = 48;
constexpr int kMostLines = 300;
constexpr int kMostDropped = 12;
constexpr int kNameLength = 22;
constexpr double kLeft = 170, kRight = 150, kWidth = 760, kTop = 30;

struct Line {
  int layer = 0, from = 0, to = 0;
  double weight = 0;
  double share = 0;  ///< of the strongest weight between the same two layers
};

bool fits(const Mlp& network) {
  const Topology& topology = network.topology;
  return !topology.window && !topology.layers.empty() && topology.inputs > 0 &&
         network.parameters.size() == parameter_count(topology) &&
         (network.mask.empty() || std::ssize(network.mask) == network.parameters.size());
}

int units_at(const Topology& topology, int level) {
  return level == 0 ? topology.inputs : topology.layers[level - 1].units;
}

/// All connections that exist, with their strength relative to their layer.
std::vector<Line> connections(const Mlp& network) {
  std::vector<Line> lines;
  for (int l = 0; l < std::ssize(network.topology.layers); ++l) {
    const int from = units_at(network.topology, l), first = layer_offset(network.topology, l);
    const std::size_t start = lines.size();
    double largest = 0;
    for (int to = 0; to < network.topology.layers[l].units; ++to)
      for (int i = 0; i < from; ++i) {
        const int at = first + to * from + i;
        const double weight = network.parameters[at];
        if ((!network.mask.empty() && !network.mask[at]) || !std::isfinite(weight) || weight == 0)
          continue;
        lines.push_back({l, i, to, weight, std::fabs(weight)});
        largest = std::max(largest, std::fabs(weight));
      }
    for (std::size_t k = start; k < lines.size(); ++k) lines[k].share /= largest;
  }
  return lines;
}

/// Where every unit stands; a unit without a place has y < 0.
struct Places {
  std::vector<double> x;
  std::vector<std::vector<double>> y;
  std::vector<std::vector<bool>> connected;
  double pitch = 0, height = 0;
  int left_out = 0;
};

/// The units of one level that get a place: the strongest ones when there are too many.
std::vector<int> chosen_units(const std::vector<double>& strength) {
  std::vector<int> order(strength.size());
  std::iota(order.begin(), order.end(), 0);
  if (std::ssize(order) <= kMostUnits) return order;
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return strength[a] > strength[b]; });
  order.resize(kMostUnits);
  std::sort(order.begin(), order.end());
  return order;
}

std::vector<std::vector<double>> strengths(const Topology& topology,
                                           const std::vector<Line>& lines) {
  std::vector<std::vector<double>> strength(topology.layers.size() + 1);
  for (int level = 0; level < std::ssize(strength); ++level)
    strength[level].assign(units_at(topology, level), 0.0);
  for (const Line& line : lines) {
    strength[line.layer][line.from] += line.share;
    strength[line.layer + 1][line.to] += line.share;
  }
  return strength;
}

Places arrange(const Topology& topology, const std::vector<Line>& lines, int dropped) {
  const auto strength = strengths(topology, lines);
  const int levels = static_cast<int>(strength.size());
  Places places;
  std::vector<std::vector<int>> chosen;
  std::size_t tallest = 1;
  for (const auto& level : strength) {
    chosen.push_back(chosen_units(level));
    places.left_out += static_cast<int>(level.size() - chosen.back().size());
    tallest = std::max(tallest, chosen.back().size() + (&level == &strength[0] ? dropped : 0));
  }
  const double pitch = places.pitch = tallest <= 8    ? 34
                                      : tallest <= 16 ? 24
                                      : tallest <= 30 ? 18
                                                      : 14;
  places.height = kTop + pitch * static_cast<double>(tallest) + 6;
  for (int level = 0; level < levels; ++level) {
    places.x.push_back(kLeft + (kWidth - kLeft - kRight) * level / (levels - 1));
    places.y.emplace_back(strength[level].size(), -1.0);
    const std::size_t below = level == 0 ? dropped : 0;
    double y =
        kTop + pitch / 2 + pitch * static_cast<double>(tallest - chosen[level].size() - below) / 2;
    for (int unit : chosen[level]) {
      places.y[level][unit] = y;
      y += pitch;
    }
    std::vector<bool> used;
    for (double s : strength[level]) used.push_back(s > 0);
    places.connected.push_back(std::move(used));
  }
  return places;
}

/// The strongest lines whose ends have a place, the weakest first so that strong ones lie on top.
std::vector<Line> drawn_lines(std::vector<Line> lines, const Places& places) {
  std::erase_if(lines, [&](const Line& line) {
    return places.y[line.layer][line.from] < 0 || places.y[line.layer + 1][line.to] < 0;
  });
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.share > b.share; });
  if (std::ssize(lines) > kMostLines) lines.resize(kMostLines);
  std::reverse(lines.begin(), lines.end());
  return lines;
}

std::string lines_svg(const std::vector<Line>& lines, const Places& places) {
  std::string out;
  for (const Line& line : lines)
    fmt::format_to(
        std::back_inserter(out),
        "<path class=\"{}\" stroke-width=\"{:.2f}\" d=\"M{:.0f} {:.1f}L{:.0f} {:.1f}\"/>\n",
        line.weight > 0 ? "w-plus" : "w-minus", 0.3 + 4.2 * line.share, places.x[line.layer],
        places.y[line.layer][line.from], places.x[line.layer + 1],
        places.y[line.layer + 1][line.to]);
  return out;
}

std::string side_label(double x, double y, std::string_view css, const std::string& name) {
  return fmt::format("<text class=\"{}\" x=\"{:.0f}\" y=\"{:.1f}\"><title>{}</title>{}</text>\n",
                     css, x, y + 4, escape(name), escape(shortened_text(name, kNameLength)));
}

std::string name_at(const std::vector<std::string>& names, int i) {
  return i < std::ssize(names) ? names[i] : fmt::format("{}", i + 1);
}

std::string units_svg(const Places& places, const NetworkLabels& labels) {
  std::string out;
  const int last = static_cast<int>(places.x.size()) - 1;
  for (int level = 0; level <= last; ++level)
    for (int unit = 0; unit < std::ssize(places.y[level]); ++unit) {
      const double y = places.y[level][unit];
      if (y < 0) continue;
      const bool used = places.connected[level][unit];
      out += fmt::format("<circle class=\"{}\" cx=\"{:.0f}\" cy=\"{:.1f}\" r=\"5\"/>",
                         used ? "unit" : "unit off", places.x[level], y);
      if (level == 0)
        out +=
            side_label(places.x[0] - 11, y, used ? "in" : "in faint", name_at(labels.inputs, unit));
      if (level == last)
        out += side_label(places.x[last] + 11, y, "out", name_at(labels.outputs, unit));
    }
  return out + "\n";
}

/// Features that the network does not read stand below its inputs, grey and unconnected.
std::string dropped_svg(const std::vector<std::string>& names, int shown, const Places& places) {
  std::string out;
  double y = *std::max_element(places.y[0].begin(), places.y[0].end());
  for (int i = 0; i < shown; ++i) {
    y += places.pitch;
    out +=
        fmt::format("<circle class=\"unit off\" cx=\"{:.0f}\" cy=\"{:.1f}\" r=\"4\"/>", kLeft, y);
    const bool rest = i == shown - 1 && shown < std::ssize(names);
    out += side_label(kLeft - 11, y, "in faint",
                      rest ? fmt::format("and {} more", names.size() - shown + 1) : names[i]);
  }
  return out;
}

std::string level_titles(const Topology& topology, const Places& places) {
  std::string out;
  const int last = static_cast<int>(places.x.size()) - 1;
  for (int level = 0; level <= last; ++level) {
    const int units = units_at(topology, level);
    const std::string title = level == 0      ? count_text(units, "input")
                              : level == last ? count_text(units, "output")
                                              : fmt::format("{} hidden", units);
    out +=
        fmt::format("<text class=\"tx\" x=\"{:.0f}\" y=\"16\">{}</text>", places.x[level], title);
  }
  return out + "\n";
}

}  // namespace

NetworkDrawing draw_network(const Mlp& network, const NetworkLabels& labels) {
  if (!fits(network)) return {};
  const std::vector<Line> all = connections(network);
  const int dropped = std::min(static_cast<int>(labels.dropped.size()), kMostDropped);
  const Places places = arrange(network.topology, all, dropped);
  const std::vector<Line> lines = drawn_lines(all, places);
  NetworkDrawing drawing;
  drawing.connections = static_cast<int>(all.size());
  drawing.drawn = static_cast<int>(lines.size());
  drawing.hidden_units = places.left_out;
  drawing.svg = fmt::format(
      "<svg class=\"plot network\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"The "
      "chosen "
      "network, inputs at the left, outputs at the right\">\n",
      kWidth, places.height);
  drawing.svg += level_titles(network.topology, places) + lines_svg(lines, places) +
                 units_svg(places, labels) + dropped_svg(labels.dropped, dropped, places) +
                 "</svg>";
  return drawing;
}

}  // namespace cupel::report
