// Critical-difference diagram (Demšar 2006).
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "cupel/report/compare_page.hpp"
#include "cupel/report/html.hpp"
#include "cupel/report/svg_plot.hpp"

namespace cupel::report {
namespace {

constexpr double kWidth = 640, kLeft = 170, kRight = 470, kTop = 44, kLine = 22;

}  // namespace

std::string rank_diagram(const AcrossData& across) {
  const auto& ranks = across.ranks.mean_ranks;
  const int methods = static_cast<int>(ranks.size());
  if (methods < 2 || across.data.size() < 2) return {};
  std::vector<int> order(ranks.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return ranks[a] < ranks[b]; });
  const auto x_of = [&](double rank) {
    return kLeft + (kRight - kLeft) * (rank - 1) / (methods - 1);
  };
  std::string svg = fmt::format("<path class=\"axis\" d=\"M{} {}H{}\"/>", kLeft, kTop, kRight);
  for (int rank = 1; rank <= methods; ++rank)
    svg += fmt::format(
        "<path class=\"axis\" d=\"M{0:.1f} {1}v-6\"/><text class=\"tx\" x=\"{0:.1f}\" "
        "y=\"{2}\">{3}</text>",
        x_of(rank), kTop, kTop - 10, rank);
  const auto groups = indistinct_groups(across.ranks);
  double y = kTop + 10;
  for (const auto& group : groups) {
    svg += fmt::format("<path class=\"c-front\" style=\"stroke-width:4\" d=\"M{:.1f} {}H{:.1f}\"/>",
                       x_of(ranks[group.front()]) - 3, y, x_of(ranks[group.back()]) + 3);
    y += 9;
  }
  const double names = y + 8;
  const int left = (methods + 1) / 2;
  for (int k = 0; k < methods; ++k) {
    const int m = order[static_cast<std::size_t>(k)];
    const bool on_left = k < left;
    const double at = names + kLine * (on_left ? k : methods - 1 - k);
    const double end = on_left ? kLeft - 12 : kRight + 12;
    svg +=
        fmt::format("<path class=\"axis\" d=\"M{:.1f} {}V{}H{}\"/>", x_of(ranks[m]), kTop, at, end);
    svg += fmt::format("<text x=\"{}\" y=\"{}\" style=\"text-anchor:{}\">{} ({:.2f})</text>",
                       end + (on_left ? -6 : 6), at + 4, on_left ? "end" : "start",
                       escape(across.methods[static_cast<std::size_t>(m)]), ranks[m]);
  }
  const double height = names + kLine * left + 10;
  return figure(
      fmt::format("<svg class=\"plot\" viewBox=\"0 0 {} {:.0f}\" role=\"img\"><title>Mean ranks "
                  "of the methods</title>{}</svg>",
                  kWidth, height, svg),
      {},
      fmt::format("Mean rank over {} data sets; 1 is the lowest error. Methods under one bar "
                  "cannot be told apart (Nemenyi's test: their ranks differ by less than {:.2f}).",
                  across.data.size(), across.ranks.critical_difference),
      "wide");
}

}  // namespace cupel::report
