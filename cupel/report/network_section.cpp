// The chosen network, drawn.
#include <fmt/format.h>

#include "cupel/report/html.hpp"
#include "cupel/report/network_drawing.hpp"
#include "cupel/report/pick_figures.hpp"
#include "cupel/report/sections.hpp"
#include "cupel/report/svg_plot.hpp"

namespace cupel::report {
namespace {

std::string left_out_text(const NetworkDrawing& drawing) {
  std::string text;
  if (drawing.drawn < drawing.connections)
    text += fmt::format(" Only the strongest {} of {} connections are drawn.",
                        count_text(drawing.drawn), count_text(drawing.connections));
  if (drawing.hidden_units > 0)
    text += fmt::format(" {} with weaker connections {} no place in the picture.",
                        count_text(drawing.hidden_units, "unit"),
                        drawing.hidden_units == 1 ? "has" : "have");
  return text;
}

}  // namespace

std::string network_section(const ReportData& data) {
  std::string out;
  if (const FrontRow* pick = picked_row(data))
    out += paragraph(
        escape(fmt::format("{}; {}.", pick->structure, count_text(pick->parameters, "weight"))));
  const NetworkDrawing drawing =
      draw_network(data.pick, {data.feature_names, data.target_names, data.dropped_features});
  if (drawing.svg.empty()) return out + paragraph("There is no network to draw.");
  std::string caption =
      "Values flow from the inputs at the left to the outputs at the right; a thicker line passes "
      "on more (relative to the strongest line between the same two layers).";
  if (!data.dropped_features.empty())
    caption += " Grey names are columns the network does not use.";
  out += figure(drawing.svg,
                {{"line", "w-plus key-line", "raises the next value"},
                 {"line", "w-minus key-line", "lowers it"}},
                caption + left_out_text(drawing), "wide");
  return out;
}

}  // namespace cupel::report
