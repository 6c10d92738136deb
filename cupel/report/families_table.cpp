#include "cupel/report/families_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/report/error_radar.hpp"
#include "cupel/report/html.hpp"
#include "cupel/report/pick_figures.hpp"

namespace cupel::report {
namespace {

std::string loss_text(const std::string& loss) { return loss == "alpha-mix" ? "αMixLoss" : loss; }

std::string table(const ReportData& data, int target) {
  const std::string unit = target_unit(data, target);
  HtmlTable html({{"Family"},
                  {"Loss"},
                  {"α", true},
                  {"Best network"},
                  {"Weights", true},
                  {label_text("RMSE, held-out rows", unit), true},
                  {label_text("MAE", unit), true},
                  {"Mean relative error", true},
                  {"R²", true},
                  {"Trials", true},
                  {"Time in s", true}});
  std::vector<double> rmse, mae;
  for (const FamilyRow& row : data.families) {
    rmse.push_back(figures_of(row.validation, target).rmse);
    mae.push_back(figures_of(row.validation, target).mae);
  }
  const auto rmse_texts = aligned_texts(rmse), mae_texts = aligned_texts(mae);
  for (std::size_t k = 0; k < data.families.size(); ++k) {
    const FamilyRow& row = data.families[k];
    const ErrorFigures figures = figures_of(row.validation, target);
    html.row({text_cell((row.picked ? "◆ " : "") + row.family),
              text_cell(loss_text(row.loss)),
              {std::isnan(row.alpha) ? "" : fmt::format("{:.2f}", row.alpha), row.alpha},
              text_cell(row.structure),
              count_cell(row.parameters),
              {rmse_texts[k], rmse[k]},
              {mae_texts[k], mae[k]},
              {escape(percent_text(figures.mape)), figures.mape},
              {r2_text(figures.r2), figures.r2},
              count_cell(row.trials),
              {fmt::format("{:.1f}", row.seconds), row.seconds}},
             row.picked ? "hit" : "");
  }
  return html.html();
}

std::string radars(const ReportData& data, int target) {
  std::string out;
  std::vector<std::string> done;
  for (const FamilyRow& first : data.families) {
    if (std::find(done.begin(), done.end(), first.family) != done.end()) continue;
    done.push_back(first.family);
    std::vector<RadarOutline> outlines;
    for (const FamilyRow& row : data.families)
      if (row.family == first.family)
        outlines.push_back({loss_text(row.loss), figures_of(row.validation, target)});
    if (outlines.size() > 1)
      out += element("h4", "", escape(first.family)) + error_radar(outlines, "held-out rows");
  }
  return out;
}

}  // namespace

std::string families_table(const ReportData& data) {
  if (data.families.size() < 2) return {};
  std::string out = element("h3", "", "Families of networks");
  for (int t = 0; t < target_count(data); ++t) {
    if (target_count(data) > 1) out += element("h4", "", escape(target_name(data, t)));
    out += table(data, t) + radars(data, t);
  }
  return out +
         paragraph(
             "The best network of every family and loss on held-out rows, before the best of all "
             "were scored again; the time is that of all its trainings.",
             "small");
}

}  // namespace cupel::report
