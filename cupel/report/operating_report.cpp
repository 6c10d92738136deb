#include "cupel/report/operating_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/shown_number.hpp"
#include "cupel/report/html.hpp"
#include "cupel/report/page_style.hpp"
#include "cupel/report/svg_plot.hpp"

namespace cupel {
namespace report {
namespace {

constexpr int kTableRows = 40;

std::string setting_text(const Variable& variable, double value) {
  if (variable.gene.kind == GeneKind::category)
    return variable.gene.labels[static_cast<std::size_t>(value)];
  return number_text(value, 5);
}

std::vector<double> objective_values(const std::vector<PointState>& points, std::size_t m) {
  std::vector<double> values;
  for (const PointState& point : points) values.push_back(point.objectives[m].middle);
  return values;
}

std::vector<double> setting_values(const std::vector<PointState>& points, std::size_t v) {
  std::vector<double> values;
  for (const PointState& point : points) values.push_back(point.settings[v]);
  return values;
}

std::vector<std::size_t> varied(const Problem& problem) {
  std::vector<std::size_t> variables;
  for (std::size_t v = 0; v < problem.variables.size(); ++v)
    if (problem.variables[v].kind == VariableKind::varied &&
        problem.variables[v].gene.kind != GeneKind::category)
      variables.push_back(v);
  return variables;
}

std::string objective_label(const Problem& problem, std::size_t m) {
  return problem.objectives[m].expression;
}

std::string value_with_band(const Band& band) {
  if (band.low == band.up) return escape(number_text(band.middle));
  const auto shown = [&](double value) {
    return number_text(value, shown_digits(value, band.up - band.low, 4));
  };
  return escape(fmt::format("{} ({} … {})", shown(band.middle), shown(band.low), shown(band.up)));
}

/// Bars of the current point and of the recommended one, where the current one is known.
std::string before_after(const Problem& problem, const PointState& after) {
  Candidate current;
  for (const Variable& variable : problem.variables) {
    if (variable.kind != VariableKind::varied) continue;
    if (!variable.current) return {};
    current.push_back(*variable.current);
  }
  const PointState before = PointEvaluator(problem).states(std::span(&current, 1))[0];
  HtmlTable table({{"What"}, {"Before", true}, {""}, {"After", true}, {""}});
  const auto row = [&](const std::string& name, double from, double to, double low, double up) {
    const auto share = [&](double value) { return up > low ? (value - low) / (up - low) : 0.5; };
    table.row({text_cell(name),
               number_cell(from),
               {bar(share(from))},
               number_cell(to),
               {bar(share(to))}});
  };
  for (std::size_t v = 0; v < problem.variables.size(); ++v) {
    const Variable& variable = problem.variables[v];
    if (variable.kind != VariableKind::varied || variable.gene.kind != GeneKind::real) continue;
    row(label_text(variable.name, variable.unit), before.settings[v], after.settings[v],
        variable.gene.low, variable.gene.up);
  }
  std::size_t k = 0;
  for (const Model& model : problem.models)
    for (const TargetScale& target : model.encoder.targets) {
      row(label_text(target.name, target.unit), before.outputs[k].middle, after.outputs[k].middle,
          target.low, target.up);
      ++k;
    }
  return "<h3>Before and after</h3>\n" + table.html();
}

std::string recommendation(const Problem& problem, const OptimizeResult& result) {
  if (result.recommended < 0) {
    std::string out = paragraph("<strong>Nothing meets all limits.</strong> These clash:", "why");
    HtmlTable table({{"Limit"}, {"Least change of this one alone", true}});
    for (const Clash& clash : result.clashes)
      table.row(
          {text_cell(clash.limit),
           text_cell(
               std::isfinite(clash.relaxation)
                   ? fmt::format("{} {}{}", number_text(clash.relaxation), clash.unit_note,
                                 std::isnan(clash.bound) ? "" : ", to " + number_text(clash.bound))
                   : "never enough")});
    return out + table.html();
  }
  const PointState& point = result.front[result.recommended];
  HtmlTable table({{"What"}, {"Name"}, {"Value", true}, {"Unit"}});
  const std::vector<bool> matters = variables_that_matter(problem);
  for (std::size_t v = 0; v < problem.variables.size(); ++v) {
    const Variable& variable = problem.variables[v];
    const char* what = !matters[v]                             ? "any (nothing depends on it)"
                       : variable.kind == VariableKind::varied ? "set"
                       : variable.kind == VariableKind::fixed  ? "fixed"
                                                               : "disturbance";
    table.row({text_cell(what), text_cell(variable.name),
               text_cell(setting_text(variable, point.settings[v])), text_cell(variable.unit)});
  }
  std::size_t k = 0;
  for (const Model& model : problem.models)
    for (const TargetScale& target : model.encoder.targets)
      table.row({text_cell("predicted"),
                 text_cell(target.name),
                 {value_with_band(point.outputs[k++])},
                 text_cell(target.unit)});
  const std::vector<std::string> outputs = output_names(problem);
  for (std::size_t m = 0; m < problem.objectives.size(); ++m)
    if (std::find(outputs.begin(), outputs.end(), problem.objectives[m].expression) ==
        outputs.end())
      table.row({text_cell("goal"),
                 text_cell(objective_text(problem.objectives[m])),
                 {value_with_band(point.objectives[m])},
                 text_cell("")});
  for (std::size_t m = 0; m < problem.limits.size(); ++m)
    table.row({text_cell("limit"),
               text_cell(problem.limits[m].text),
               {value_with_band(point.limits[m].value)},
               text_cell("")});
  const std::vector<std::string> limits = what_limits(problem, point);
  std::string out =
      paragraph("<strong>Recommended:</strong> " + escape(result.why) + ".", "why") + table.html();
  out += paragraph(escape(limits.empty()
                              ? "No limit holds this point back."
                              : "What keeps it from being better: " + list_text(limits) + "."));
  out += before_after(problem, point);
  return out + paragraph(escape(fmt::format(
                             "Distance to the data: {} (1 is the end of where the model is valid).",
                             number_text(point.distance, 3))),
                         "small");
}

std::string front_chart(const Problem& problem, const OptimizeResult& result,
                        const OperatingReport& context) {
  if (problem.objectives.size() < 2) return paragraph("There is one goal: the front is one point.");
  const auto x = objective_values(result.front, 0), y = objective_values(result.front, 1);
  std::vector<double> true_x, true_y, best_x, best_y;
  if (context.truth) {
    true_x = objective_values(context.truth->points, 0);
    true_y = objective_values(context.truth->points, 1);
    best_x = objective_values(context.truth->reference, 0);
    best_y = objective_values(context.truth->reference, 1);
  }
  SvgPlot plot({560, 400}, fitted_axis(objective_label(problem, 0), {x, true_x, best_x}),
               fitted_axis(objective_label(problem, 1), {y, true_y, best_y}));
  std::vector<LegendEntry> legend = {{"dots", "c-front", "operating points, as predicted"}};
  if (context.truth) {
    plot.dots(best_x, best_y, "c-trial");
    plot.crosses(true_x, true_y, "c-test");
    legend.push_back({"crosses", "c-test", "the same points, simulated"});
    legend.push_back({"dots", "c-trial", "the plant's own best"});
  }
  plot.dots(x, y, "c-front");
  if (result.recommended >= 0) {
    plot.diamond(x[result.recommended], y[result.recommended], "c-pick");
    legend.push_back({"diamond", "c-pick", "recommended"});
  }
  return figure(plot.svg("Front of operating points"), legend,
                "No point of the front is worse than another in every goal: choose by what matters "
                "more.");
}

/// One vertical line a setting and a goal, scaled to its bounds; one line a point.
std::string parallel_chart(const Problem& problem, const OptimizeResult& result) {
  const auto variables = varied(problem);
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;
  for (const std::size_t v : variables) {
    const Gene& gene = problem.variables[v].gene;
    const double low = gene.kind == GeneKind::set ? gene.values.front() : gene.low;
    const double up = gene.kind == GeneKind::set ? gene.values.back() : gene.up;
    names.push_back(problem.variables[v].name);
    std::vector<double>& column = columns.emplace_back(setting_values(result.front, v));
    for (double& value : column) value = up > low ? (value - low) / (up - low) : 0.5;
  }
  for (std::size_t m = 0; m < problem.objectives.size(); ++m) {
    names.push_back(objective_label(problem, m));
    std::vector<double>& column = columns.emplace_back(objective_values(result.front, m));
    const auto [low, up] = std::minmax_element(column.begin(), column.end());
    const double from = *low, width = *up - *low;
    for (double& value : column) value = width > 0 ? (value - from) / width : 0.5;
  }
  SvgPlot plot({640, 320},
               {.label = "settings, then goals",
                .low = -0.3,
                .high = static_cast<double>(columns.size()) - 0.7},
               {.label = "share of the range", .low = -0.05, .high = 1.15});
  std::vector<double> x;
  for (std::size_t k = 0; k < columns.size(); ++k) x.push_back(static_cast<double>(k));
  for (std::size_t p = 0; p < result.front.size(); ++p) {
    std::vector<double> y;
    for (const auto& column : columns) y.push_back(column[p]);
    plot.line(x, y, static_cast<int>(p) == result.recommended ? "c-limit" : "c-front-line");
  }
  for (std::size_t k = 0; k < names.size(); ++k)
    plot.text(static_cast<double>(k), 1.04, 2, shortened_text(names[k], 14));
  return figure(
      plot.svg("Settings of every operating point"),
      {{"line", "c-front-line", "one operating point"}, {"line", "c-limit", "recommended"}},
      "Each line is one operating point: settings as a share of their bounds, goals as a "
      "share of what the front spans.");
}

/// A condition against a goal along the front, for the four settings that change most.
std::string condition_panels(const Problem& problem, const OptimizeResult& result) {
  std::vector<std::pair<double, std::size_t>> by_change;
  for (const std::size_t v : varied(problem)) {
    const auto values = setting_values(result.front, v);
    const auto [low, up] = std::minmax_element(values.begin(), values.end());
    const Gene& gene = problem.variables[v].gene;
    const double width =
        gene.kind == GeneKind::set ? gene.values.back() - gene.values.front() : gene.up - gene.low;
    by_change.emplace_back(width > 0 ? (*up - *low) / width : 0, v);
  }
  std::stable_sort(by_change.begin(), by_change.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  if (by_change.size() > 4) by_change.resize(4);
  std::string out;
  for (const auto& [change, v] : by_change) {
    const Variable& variable = problem.variables[v];
    const auto x = setting_values(result.front, v), y = objective_values(result.front, 0);
    SvgPlot plot({380, 260}, fitted_axis(label_text(variable.name, variable.unit), {x}),
                 fitted_axis(objective_label(problem, 0), {y}));
    plot.dots(x, y, "c-front");
    if (result.recommended >= 0)
      plot.diamond(x[result.recommended], y[result.recommended], "c-pick");
    out += figure(plot.svg(fmt::format("{} along the front", variable.name)), {},
                  escape(fmt::format("{} against {}", variable.name, objective_label(problem, 0))));
  }
  return out;
}

std::string points_table(const Problem& problem, const OptimizeResult& result) {
  std::vector<Heading> headings = {{""}};
  for (std::size_t v = 0; v < problem.variables.size(); ++v)
    if (problem.variables[v].kind == VariableKind::varied)
      headings.push_back({label_text(problem.variables[v].name, problem.variables[v].unit), true});
  for (const Objective& objective : problem.objectives)
    headings.push_back({objective.expression, true});
  for (const std::string& output : output_names(problem)) headings.push_back({output, true});
  headings.push_back({"Distance", true});
  headings.push_back({"Limited by"});
  HtmlTable table(headings);
  for (const int p : thinned(static_cast<int>(result.front.size()), kTableRows)) {
    const PointState& point = result.front[p];
    const bool hit = p == result.recommended;
    std::vector<Cell> cells = {hit ? Cell{"◆", 1} : Cell{"", 0}};
    for (std::size_t v = 0; v < problem.variables.size(); ++v)
      if (problem.variables[v].kind == VariableKind::varied)
        cells.push_back(
            {escape(setting_text(problem.variables[v], point.settings[v])), point.settings[v]});
    for (const Band& band : point.objectives) cells.push_back(number_cell(band.middle));
    for (const Band& band : point.outputs) cells.push_back({value_with_band(band), band.middle});
    cells.push_back(number_cell(point.distance, 3));
    cells.push_back(text_cell(list_text(what_limits(problem, point), 4)));
    table.row(cells, hit ? "hit" : "");
  }
  return table.html();
}

std::string truth_section(const Problem& problem, const TruthCheck& check) {
  std::string out;
  if (std::isfinite(check.hypervolume_ratio))
    out += paragraph(fmt::format(
        "Of what optimising the plant itself gains over ordinary operation (hypervolume; "
        "reference: "
        "the worst of each goal at feasible settings at random), these points gain "
        "<strong>{}</strong>. Within the box of the plant's own front alone it is {}: there, every "
        "margin kept from a limit counts against a small range.",
        percent_text(100 * check.hypervolume_ratio), percent_text(100 * check.own_box_ratio)));
  if (std::isfinite(check.regret))
    out += paragraph(fmt::format("The best point is {} off the plant's own best.",
                                 percent_text(100 * check.regret)));
  HtmlTable table({{"Limit"}, {"Points that break it in truth", true}, {"Allowed", true}});
  for (std::size_t k = 0; k < check.broken.size(); ++k)
    table.row({text_cell(problem.limits[k].text), count_cell(check.broken[k]),
               count_cell(check.most_broken)});
  return out + table.html() +
         paragraph(
             escape(fmt::format("{} points were simulated. Allowed: {} of the points a limit, "
                                "with the scatter of so few (binomial, 95 %).",
                                check.points.size(), percent_text(100 * check.allowed_share))),
             "small");
}

std::string section(std::string_view title, const std::string& html) {
  return element("section", "", fmt::format("<h2>{}</h2>\n", title) + html) + "\n";
}

std::string interval_text(const Problem& problem) {
  const std::string whose =
      problem.interval == IntervalOf::reading ? "one reading" : "the plant's true value";
  return allows_for_search(problem)
             ? whose + ", limits also at that of the plant's true value at all places at once"
             : whose;
}

std::string question(const Problem& problem, const OptimizeResult& result,
                     const OperatingReport& context) {
  HtmlTable facts({{"What"}, {"Value"}});
  facts.row({text_cell("Models"), text_cell(context.models)});
  for (const Objective& objective : problem.objectives)
    facts.row({text_cell("Wanted"), text_cell(objective_text(objective))});
  for (const Limit& limit : problem.limits)
    facts.row({text_cell("Must hold"), text_cell(limit.text)});
  for (const NamedFormula& formula : problem.formulas)
    facts.row({text_cell("Formula"),
               text_cell(label_text(formula.name, formula.unit) + " = " + formula.expression)});
  facts.row(
      {text_cell("Confidence"),
       text_cell(problem.confidence > 0
                     ? fmt::format("{}: goals and limits count at the unfavourable end of the "
                                   "interval of {}",
                                   problem.confidence, interval_text(problem))
                     : "predictions taken as true")});
  facts.row({text_cell("Evaluations"), count_cell(result.evaluations)});
  facts.row({text_cell("Energy used"), text_cell(context.energy)});
  return element("div", "class=\"facts\"", facts.html()) +
         element("pre", "", escape(context.command));
}

}  // namespace
}  // namespace report

std::string operating_report(const Problem& problem, const OptimizeResult& result,
                             const OperatingReport& context) {
  using namespace report;
  std::string body = element(
      "header", "",
      element("h1", "", escape(context.title)) + paragraph(escape(context.created), "byline"));
  body += section("Where to run", recommendation(problem, result));
  if (!result.front.empty()) {
    body += section("The front", front_chart(problem, result, context));
    if (context.truth) body += section("Against the truth", truth_section(problem, *context.truth));
    body += section("Settings", parallel_chart(problem, result));
    body += section("What each condition does", condition_panels(problem, result));
    body += section("All points", points_table(problem, result));
  }
  body += section("The question", question(problem, result, context));
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  page += element("title", "", escape(context.title)) + element("style", "", page_style());
  page += "\n</head>\n<body>\n" + element("main", "", body) + "\n";
  page += element("script", "", page_script());
  return page + "\n</body>\n</html>\n";
}

}  // namespace cupel
