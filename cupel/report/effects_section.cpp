// What each input does for the prediction.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/report/dependence_figures.hpp"
#include "cupel/report/html.hpp"
#include "cupel/report/sections.hpp"

namespace cupel::report {
namespace {

constexpr std::size_t kMostBars = 30;

std::vector<InputEffect> used_by_importance(const ReportData& data) {
  std::vector<InputEffect> used;
  for (const InputEffect& effect : data.effects)
    if (effect.used) used.push_back(effect);
  const auto key = [](const InputEffect& e) {
    return std::isnan(e.importance) ? -1e300 : e.importance;
  };
  std::stable_sort(used.begin(), used.end(),
                   [&](const InputEffect& a, const InputEffect& b) { return key(a) > key(b); });
  return used;
}

std::string rest_text(const ReportData& data, const std::vector<InputEffect>& used) {
  std::string out;
  std::vector<std::string> names;
  for (std::size_t i = kMostBars; i < used.size(); ++i) names.push_back(used[i].name);
  if (!names.empty())
    out += paragraph(
        escape(fmt::format("Below these: {}, each worth {} or less.", list_text(names, 100),
                           percent_text(used[kMostBars].importance))));
  names.clear();
  for (const InputEffect& effect : data.effects)
    if (!effect.used) names.push_back(effect.name);
  if (!names.empty()) out += paragraph(escape("Not used: " + list_text(names, 100) + "."), "faint");
  return out;
}

}  // namespace

std::string effects_section(const ReportData& data) {
  const std::vector<InputEffect> used = used_by_importance(data);
  if (used.empty())
    return paragraph("The effect of the inputs was not examined.") + rest_text(data, used) +
           dependence_figures(data) + slope_table(data);
  double largest = 0;
  for (const InputEffect& effect : used)
    if (std::isfinite(effect.importance)) largest = std::max(largest, effect.importance);
  HtmlTable table({{"Input"}, {"Importance"}, {"Error grows by", true}});
  for (std::size_t i = 0; i < std::min(used.size(), kMostBars); ++i)
    table.row({text_cell(label_text(used[i].name, used[i].unit)),
               {bar(largest > 0 ? used[i].importance / largest : 0)},
               {escape(percent_text(used[i].importance)), used[i].importance}});
  return element("div", "class=\"bars\"", table.html()) +
         paragraph(
             "How much the error on held-out rows grows when one input's values are mixed up "
             "among the rows: a long bar means the prediction depends on it. Inputs that move "
             "together share their importance.",
             "small") +
         rest_text(data, used) + dependence_figures(data) + slope_table(data);
}

}  // namespace cupel::report
