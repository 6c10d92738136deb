// The pick beside simple methods trained on the same rows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/report/html.hpp"
#include "cupel/report/pick_figures.hpp"
#include "cupel/report/sections.hpp"

namespace cupel::report {
namespace {

struct Entry {
  std::string name, explanation;
  ErrorFigures validation, test, judged;
  bool pick = false;
};

std::vector<Entry> entries(const ReportData& data, int target) {
  std::vector<Entry> all;
  for (const BaselineRow& row : data.baselines)
    all.push_back({row.name, row.explanation, figures_of(row.validation, target),
                   figures_of(row.test, target), judged(data, row, target)});
  if (const FrontRow* row = picked_row(data))
    all.push_back({"◆ the chosen network", row->structure, figures_of(row->validation, target),
                   figures_of(row->test, target), judged(data, *row, target), true});
  const auto key = [](const Entry& e) {
    return std::isnan(e.judged.rmse) ? INFINITY : e.judged.rmse;
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const Entry& a, const Entry& b) { return key(a) < key(b); });
  return all;
}

std::string comparison_table(const ReportData& data, int target) {
  const std::vector<Entry> all = entries(data, target);
  std::vector<double> validation, test, shown;
  double largest = 0;
  for (const Entry& entry : all) {
    validation.push_back(entry.validation.rmse);
    test.push_back(entry.test.rmse);
    if (std::isfinite(entry.judged.rmse)) largest = std::max(largest, entry.judged.rmse);
  }
  const auto validation_texts = aligned_texts(validation), test_texts = aligned_texts(test);
  const std::string unit = target_unit(data, target);
  std::vector<Heading> headings = {{"Method"}, {label_text("Error, held-out rows", unit), true}};
  if (has_test(data)) headings.push_back({label_text("Error, test rows", unit), true});
  headings.insert(headings.end(), {{has_test(data) ? "R², test rows" : "R², held-out rows", true},
                                   {"Mean relative error", true},
                                   {"Error (shorter is better)"}});
  HtmlTable table(headings);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Entry& entry = all[i];
    std::vector<Cell> cells = {
        {escape(entry.name) + element("span", "class=\"small block\"", escape(entry.explanation))},
        {validation_texts[i], validation[i]}};
    if (has_test(data)) cells.push_back({test_texts[i], test[i]});
    cells.insert(cells.end(),
                 {{r2_text(entry.judged.r2), entry.judged.r2},
                  {escape(percent_text(entry.judged.mape)), entry.judged.mape},
                  {bar(entry.judged.rmse / largest, entry.pick ? "fill" : "fill-plain")}});
    table.row(cells, entry.pick ? "hit" : "");
  }
  return table.html();
}

std::string published_table(const ReportData& data) {
  if (data.published.empty()) return {};
  HtmlTable table(
      {{"Method"}, {"Design"}, {"Training error"}, {"Test error"}, {"Parameter uncertainty"}});
  for (const PublishedRow& row : data.published)
    table.row({text_cell(row.method), text_cell(row.design), text_cell(row.training),
               text_cell(row.test), text_cell(row.uncertainty)},
              "");
  return element("h3", "", "Published figures for these data") + table.html() +
         paragraph(escape(data.published_source), "small");
}

}  // namespace

std::string comparison_section(const ReportData& data) {
  if (data.baselines.empty()) return paragraph("No simple methods were run.");
  std::string out;
  for (int t = 0; t < target_count(data); ++t) {
    if (target_count(data) > 1)
      out += element("h3", "", escape(label_text(target_name(data, t), target_unit(data, t))));
    out += comparison_table(data, t);
  }
  return out +
         paragraph(
             "All methods saw the same rows. Error is the root of the mean squared error "
             "(RMSE): large misses count more than small ones.",
             "small") +
         published_table(data);
}

}  // namespace cupel::report
