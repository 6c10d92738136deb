// The card at the top: what was found, and whether a network was worth it.
#include <fmt/format.h>

#include <cmath>

#include "cupel/report/html.hpp"
#include "cupel/report/pick_figures.hpp"
#include "cupel/report/sections.hpp"
#include "cupel/report/verdict_text.hpp"

namespace cupel::report {
namespace {

std::string tile(std::string_view what, std::string_view value, std::string_view note) {
  return element("div", "class=\"tile\"",
                 element("span", "class=\"what\"", escape(what)) +
                     element("span", "class=\"value\"", escape(value)) +
                     element("span", "class=\"small\"", escape(note))) +
         "\n";
}

/// "42 % less" or "3 % more".
std::string less_or_more(double saved) {
  if (!std::isfinite(saved)) return "–";
  return percent_text(std::fabs(saved)) + (saved < 0 ? " more" : " less");
}

std::string interval_text(const ReportData& data, int target) {
  const double half = half_width(data, target);
  if (std::isnan(half)) return "–";
  if (std::isinf(half)) return "too few rows";
  return "± " + quantity_text(half, target_unit(data, target));
}

std::string opening(const ReportData& data) {
  std::vector<std::string> names;
  for (int t = 0; t < target_count(data); ++t) names.push_back(target_name(data, t));
  const InputCount inputs = input_count(data);
  std::string text = fmt::format(
      "A network that predicts {} from {}", list_text(names),
      inputs.offered < inputs.used
          ? count_text(inputs.used, "input")
          : fmt::format("{} of {}", count_text(inputs.used), count_text(inputs.offered, "input")));
  if (const FrontRow* row = picked_row(data))
    text += fmt::format(", with {} (its weights)", count_text(row->parameters, "number"));
  text += ".";
  if (has_test(data))
    text += data.test_rows > 0
                ? fmt::format(" Its error was measured on {} kept aside until the end.",
                              count_text(data.test_rows, "row"))
                : " Its error was measured on rows kept aside until the end.";
  else
    text +=
        " No rows were kept aside as a test: the errors below are of held-out rows, which "
        "helped to choose the network, so expect somewhat larger errors in use.";
  return paragraph(escape(text), "lead");
}

std::string tiles(const ReportData& data) {
  const FrontRow& pick = *picked_row(data);
  const ErrorFigures figures = judged(data, pick, 0);
  const InputCount inputs = input_count(data);
  const std::string rows = judged_rows(data);
  return element("div", "class=\"tiles\"",
                 tile("Typical error (RMSE)", quantity_text(figures.rmse, target_unit(data, 0)),
                      "on " + rows) +
                     tile("Share explained (R²)", r2_text(figures.r2), "1 is perfect, on " + rows) +
                     tile("Against a linear formula",
                          less_or_more(saved_percent(data, "linear", 0)), "error on " + rows) +
                     tile("Against the plain mean", less_or_more(saved_percent(data, "mean", 0)),
                          "error on " + rows) +
                     tile("Inputs used", fmt::format("{} of {}", inputs.used, inputs.offered),
                          "columns of the file") +
                     tile("Prediction interval", interval_text(data, 0),
                          fmt::format("holds {} of values", percent_text(100 * data.confidence)))) +
         "\n";
}

std::string target_table(const ReportData& data) {
  HtmlTable table({{"Target"},
                   {"Typical error (RMSE)", true},
                   {"Share explained (R²)", true},
                   {"Error against linear", true},
                   {"Error against mean", true},
                   {fmt::format("{} interval", percent_text(100 * data.confidence)), true}});
  for (int t = 0; t < target_count(data); ++t) {
    const ErrorFigures figures = judged(data, *picked_row(data), t);
    table.row({text_cell(label_text(target_name(data, t), target_unit(data, t))),
               {escape(quantity_text(figures.rmse, target_unit(data, t))), figures.rmse},
               {r2_text(figures.r2), figures.r2},
               text_cell(less_or_more(saved_percent(data, "linear", t))),
               text_cell(less_or_more(saved_percent(data, "mean", t))),
               text_cell(interval_text(data, t))});
  }
  return table.html() +
         paragraph("Errors on " + judged_rows(data) + "; R² of 1 is perfect.", "small");
}

std::string verdict(const ReportData& data) {
  std::string out;
  if (needs_no_network(data))
    out += paragraph(element("strong", "", "You do not need a network here."), "verdict");
  for (const std::string& sentence : verdict_sentences(data))
    out += paragraph(escape(sentence), "verdict");
  return out;
}

}  // namespace

std::string headline_section(const ReportData& data) {
  if (target_count(data) == 0 || !picked_row(data))
    return element(
        "section", "class=\"card\" id=\"found\"",
        paragraph("No network was chosen. The last section says how the run ended.", "lead"));
  return element("section", "class=\"card\" id=\"found\"",
                 opening(data) + (target_count(data) == 1 ? tiles(data) : target_table(data)) +
                     verdict(data)) +
         "\n";
}

}  // namespace cupel::report
