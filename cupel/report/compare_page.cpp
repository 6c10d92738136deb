#include "cupel/report/compare_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/base/version.hpp"
#include "cupel/report/error_radar.hpp"
#include "cupel/report/html.hpp"
#include "cupel/report/page_style.hpp"

namespace cupel {
namespace report {
namespace {

const MethodScores& method_of(const Comparison& comparison, int index) {
  return comparison.methods[static_cast<std::size_t>(index)];
}

std::string section(std::string_view id, std::string_view title, const std::string& content) {
  return element("section", fmt::format("id=\"{}\"", id),
                 element("h2", "", escape(title)) + content);
}

std::string page(const std::string& title, const std::string& body) {
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>" +
         escape(title) + "</title><style>" + std::string(page_style()) + "</style></head>\n<body>" +
         element("main", "", body) + "<script>" + std::string(page_script()) +
         "</script></body></html>\n";
}

std::string card(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += paragraph(escape(sentence), "lead");
  return element("div", "class=\"card\"", text);
}

/// Methods by mean error, failed ones last.
std::vector<int> by_error(const Comparison& comparison) {
  std::vector<int> order(comparison.methods.size());
  std::iota(order.begin(), order.end(), 0);
  const auto key = [&](int m) {
    const double error = mean_error(method_of(comparison, m));
    return std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return key(a) < key(b); });
  return order;
}

bool is_equal(const Verdict& verdict, int method) {
  return std::find(verdict.equals.begin(), verdict.equals.end(), method) != verdict.equals.end();
}

std::string error_table(const Comparison& comparison, const Verdict& verdict) {
  const bool one = comparison.targets.size() == 1;
  const double unit = one ? comparison.targets.front().spread : 100;
  const std::string label =
      one ? label_text("Mean RMSE", comparison.targets.front().unit) : "Mean error, % of spread";
  std::vector<double> means, spreads;
  const std::vector<int> order = by_error(comparison);
  for (const int m : order) {
    means.push_back(mean_error(method_of(comparison, m)) * unit);
    spreads.push_back(error_deviation(method_of(comparison, m)) * unit);
  }
  const auto mean_texts = aligned_texts(means, 4), spread_texts = aligned_texts(spreads, 3);
  const double largest = *std::max_element(
      means.begin(), means.end(), [](double a, double b) { return std::isnan(a) || a < b; });
  HtmlTable table({{"Method"},
                   {label, true},
                   {"± between splits", true},
                   {""},
                   {"Weights", true},
                   {"Time a split [s]", true},
                   {"Energy a split [J]", true},
                   {"Failed", true}});
  for (std::size_t k = 0; k < order.size(); ++k) {
    const MethodScores& method = method_of(comparison, order[k]);
    const auto failed =
        std::count_if(method.splits.begin(), method.splits.end(),
                      [](const MethodScore& score) { return !score.failure.empty(); });
    table.row(
        {text_cell(method.name + (method.recipe ? "" : " (simple)")),
         {mean_texts[k], means[k]},
         {spread_texts[k], spreads[k]},
         {bar(means[k] / largest, method.recipe ? "fill" : "fill-plain")},
         method.recipe && !std::isnan(means[k]) ? count_cell(std::lround(mean_parameters(method)))
                                                : text_cell("–"),
         number_cell(mean_elapsed_s(method), 2),
         number_cell(mean_energy_j(method), 2),
         count_cell(failed)},
        is_equal(verdict, order[k]) ? "hit" : "");
  }
  return table.html() +
         paragraph(
             "Marked: the best recipe and those that cannot be told from it. Energy is "
             "estimated from processor time.",
             "small");
}

std::string pair_table(const Comparison& comparison, const std::vector<TestedPair>& family) {
  HtmlTable table({{"Method"},
                   {"against"},
                   {"Difference, % of spread", true},
                   {"p", true},
                   {"p after Holm", true},
                   {"More than chance"}});
  for (const TestedPair& pair : family)
    table.row({text_cell(method_of(comparison, pair.a).name),
               text_cell(method_of(comparison, pair.b).name),
               number_cell(100 * pair.test.difference, 3), number_cell(pair.test.p, 2),
               number_cell(pair.adjusted_p, 2), text_cell(pair.different() ? "yes" : "no")});
  return table.html();
}

std::string difference_section(const Comparison& comparison, const Verdict& verdict) {
  if (comparison.splits.size() < 2) return paragraph("One split: differences cannot be tested.");
  std::string out = paragraph(
      "Splits share most of their rows, so their errors are not independent: the t-test is "
      "corrected for that (Nadeau &amp; Bengio), and Holm's correction holds the chance of any "
      "false difference in a table at 5 %. A negative difference: the first method errs less.");
  if (!verdict.recipes.empty())
    out += element("h3", "", "Recipes among each other") + pair_table(comparison, verdict.recipes);
  if (!verdict.baselines.empty())
    out += element("h3", "", "Recipes against simple methods") +
           pair_table(comparison, verdict.baselines);
  return out;
}

/// The two best recipes and the two best simple methods.
std::vector<int> radar_methods(const Comparison& comparison) {
  std::vector<int> chosen;
  int recipes = 0, simple = 0;
  for (const int m : by_error(comparison)) {
    if (failed_somewhere(method_of(comparison, m))) continue;
    int& count = method_of(comparison, m).recipe ? recipes : simple;
    if (count++ < 2) chosen.push_back(m);
  }
  return chosen;
}

std::string radar_section(const Comparison& comparison) {
  std::string out;
  const std::vector<int> methods = radar_methods(comparison);
  for (std::size_t t = 0; t < comparison.targets.size(); ++t) {
    if (comparison.targets.size() > 1) out += element("h3", "", escape(comparison.targets[t].name));
    std::vector<RadarOutline> outlines;
    for (const int m : methods)
      outlines.push_back({method_of(comparison, m).name,
                          mean_figures(method_of(comparison, m), static_cast<int>(t))});
    out += error_radar(outlines, "test rows");
  }
  return out;
}

std::string split_table(const Comparison& comparison) {
  const bool one = comparison.targets.size() == 1;
  const double unit = one ? comparison.targets.front().spread : 100;
  const std::vector<int> order = by_error(comparison);
  std::vector<Heading> headings = {{"Split", true}, {"Training rows", true}, {"Test rows", true}};
  for (const int m : order) headings.push_back({method_of(comparison, m).name, true});
  HtmlTable table(headings);
  for (std::size_t r = 0; r < comparison.splits.size(); ++r) {
    std::vector<Cell> cells = {count_cell(static_cast<std::int64_t>(r + 1)),
                               count_cell(comparison.splits[r].train),
                               count_cell(comparison.splits[r].test)};
    for (const int m : order)
      cells.push_back(number_cell(unit * method_of(comparison, m).splits[r].error, 4));
    table.row(cells);
  }
  return table.html();
}

std::string protocol_section(const Comparison& comparison, const ComparePageContext& context) {
  const std::string splits =
      comparison.ordered
          ? "Rows are in time order: each split trains on all rows before its test block."
          : "Each split draws its test rows at random; all methods see the same rows.";
  return paragraph(escape(splits) + " The test rows of a split were read once, after its design.") +
         paragraph(escape(context.budget)) + element("pre", "", escape(context.command)) +
         paragraph(escape(fmt::format("Cupel {} · {} · {}", kVersion, context.created,
                                      duration_text(context.elapsed_s))),
                   "small");
}

}  // namespace
}  // namespace report

std::string compare_page(const Comparison& comparison, const Verdict& verdict,
                         const ComparePageContext& context) {
  using namespace report;
  const std::string title = "Comparison on " + comparison.data;
  std::vector<std::string> targets;
  for (const ComparedTarget& target : comparison.targets) targets.push_back(target.name);
  std::string body =
      element("header", "",
              element("h1", "", escape(title)) +
                  paragraph(escape(fmt::format("{} · {} · {}", list_text(targets),
                                               count_text(comparison.rows, "row"),
                                               count_text(std::ssize(comparison.splits), "split"))),
                            "byline"));
  body += card(verdict.sentences);
  body += section("errors", "Errors on test rows", error_table(comparison, verdict));
  body += section("differences", "Which differences are more than chance",
                  difference_section(comparison, verdict));
  body += section("radar", "Five error figures at once", radar_section(comparison));
  body += section("splits", "Split by split", split_table(comparison));
  body += section("protocol", "How this was measured", protocol_section(comparison, context));
  return page(title, body);
}

std::string across_page(const AcrossData& across, const ComparePageContext& context) {
  using namespace report;
  std::string body = element("header", "", element("h1", "", "Comparison over data sets")) +
                     card(across.sentences) + section("ranks", "Mean ranks", rank_diagram(across));
  std::vector<Heading> headings = {{"Data"}};
  for (const std::string& method : across.methods) headings.push_back({method, true});
  HtmlTable table(headings);
  for (std::size_t d = 0; d < across.data.size(); ++d) {
    std::vector<Cell> cells = {text_cell(across.data[d])};
    for (const double error : across.errors[d]) cells.push_back(number_cell(100 * error, 3));
    table.row(cells);
  }
  body += section("errors", "Mean errors, % of the targets' spread", table.html());
  body += section(
      "protocol", "How this was measured",
      element("pre", "", escape(context.command)) +
          paragraph(escape(fmt::format("Cupel {} · {}", kVersion, context.created)), "small"));
  return page("Comparison over data sets", body);
}

}  // namespace cupel
