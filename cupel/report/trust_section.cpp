// How far the model may be believed: intervals, the valid region, drift.
#include <fmt/format.h>

#include <cmath>

#include "cupel/report/html.hpp"
#include "cupel/report/pick_figures.hpp"
#include "cupel/report/sections.hpp"

namespace cupel::report {
namespace {

std::string coverage_text(double share) {
  return std::isnan(share) ? "–" : percent_text(100 * share);
}

std::string interval_table(const ReportData& data) {
  std::vector<Heading> headings = {{"90 % interval"}, {"How it is made"}};
  headings[0].text = percent_text(100 * data.confidence) + " interval";
  for (int t = 0; t < target_count(data); ++t) {
    const std::string name = target_count(data) > 1 ? target_name(data, t) + ": " : "";
    headings.push_back({name + "typical half width", true});
    if (has_test(data)) headings.push_back({name + "test rows inside", true});
  }
  HtmlTable table(headings);
  for (std::size_t k = 0; k < data.trust.intervals.size(); ++k) {
    const IntervalRow& row = data.trust.intervals[k];
    std::vector<Cell> cells = {text_cell((k == 0 ? "◆ " : "") + row.name),
                               text_cell(row.explanation)};
    for (int t = 0; t < target_count(data); ++t) {
      const auto at = static_cast<std::size_t>(t);
      cells.push_back(
          {escape(quantity_text(row.half_width[at], target_unit(data, t))), row.half_width[at]});
      if (has_test(data)) cells.push_back({coverage_text(row.coverage[at]), row.coverage[at]});
    }
    table.row(cells, k == 0 ? "picked" : "");
  }
  std::string text = "◆ is what the model gives; --intervals chooses another.";
  if (data.trust.intervals.size() > 1 &&
      data.trust.intervals[1].rows < data.trust.intervals[0].rows)
    text += fmt::format(" The others were looked at on {} rows.", data.trust.intervals[1].rows);
  return table.html() + paragraph(escape(text), "small");
}

std::string uncertainty_text(const ReportData& data) {
  if (!data.trust.problem.empty())
    return paragraph(
        escape("The uncertainty of the network's parameters is unknown: " + data.trust.problem +
               ". Intervals have the same width for all rows instead."),
        "verdict");
  if (data.trust.parameter_uncertainty.empty()) return {};
  std::vector<std::string> parts;
  for (int t = 0; t < target_count(data); ++t)
    parts.push_back(
        fmt::format("{} for {}",
                    quantity_text(data.trust.parameter_uncertainty[static_cast<std::size_t>(t)],
                                  target_unit(data, t)),
                    target_name(data, t)));
  return paragraph(escape(
      "Parameter uncertainty alone (one standard deviation of what the "
      "network would predict if the data were drawn again) is typically " +
      list_text(parts) + ". It holds no noise of the measurements: never use it as an interval."));
}

std::string region_text(const ReportData& data) {
  std::string text =
      "A row is marked as not valid when an input leaves its training range by more than a tenth, "
      "when its inputs do not go together as in training, or when no training row is near; the "
      "prediction says which inputs are to blame.";
  if (!std::isnan(data.trust.outside))
    text +=
        fmt::format(" Of the test rows, {} are marked.", percent_text(100 * data.trust.outside));
  return paragraph(escape(text));
}

std::string drift_text(const ReportData& data) {
  if (std::isnan(data.trust.outside)) return {};
  if (data.trust.drift.empty())
    return paragraph("No drift was found between the design rows and the test rows.");
  std::string items;
  for (const std::string& sentence : data.trust.drift) items += element("li", "", escape(sentence));
  return element("div", "class=\"verdict\"",
                 paragraph(element("strong", "",
                                   "The test rows differ from the design rows: the "
                                   "plant has drifted.") +
                           " Errors and intervals in use will be as on the test rows or worse. "
                           "Design again with recent rows, and look for what has changed.") +
                     element("ul", "", items));
}

}  // namespace

std::string trust_section(const ReportData& data) {
  std::string out = drift_text(data);
  if (data.trust.intervals.empty())
    out += paragraph("There are no held-out rows to make prediction intervals from.");
  else
    out += interval_table(data);
  return out + uncertainty_text(data) + region_text(data);
}

}  // namespace cupel::report
