// The front: error against size, as a picture and as a table.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/report/families_table.hpp"
#include "cupel/report/html.hpp"
#include "cupel/report/pick_figures.hpp"
#include "cupel/report/sections.hpp"
#include "cupel/report/svg_plot.hpp"

namespace cupel::report {
namespace {

constexpr int kTrialDots = 1500;
constexpr int kTableRows = 40;

struct Points {
  std::vector<double> size, error;
};

std::string objective_name(const ReportData& data, int objective) {
  std::string name = objective < std::ssize(data.objective_names)
                         ? data.objective_names[objective]
                         : fmt::format("objective {}", objective + 1);
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

double first_objective(const FrontRow& row) {
  return row.objectives.empty() ? std::nan("") : row.objectives[0];
}

/// By size, so that the line does not run back.
Points front_points(const ReportData& data) {
  std::vector<const FrontRow*> rows;
  for (const FrontRow& row : data.front) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [](const FrontRow* a, const FrontRow* b) {
    return a->parameters < b->parameters;
  });
  Points points;
  for (const FrontRow* row : rows) {
    points.size.push_back(row->parameters);
    points.error.push_back(first_objective(*row));
  }
  return points;
}

Points trial_points(const ReportData& data) {
  Points points;
  for (const TrialPoint& trial : data.trials)
    if (!trial.failed && std::isfinite(trial.error)) {
      points.size.push_back(trial.parameters);
      points.error.push_back(trial.error);
    }
  return points;
}

/// Trials that went astray must not squeeze the chart: what 95 % reach, or the front's worst.
double highest_shown(const Points& trials, const Points& front) {
  std::vector<double> errors = trials.error;
  std::sort(errors.begin(), errors.end());
  double top = errors.empty() ? 0 : errors[(errors.size() - 1) * 95 / 100];
  for (double error : front.error)
    if (std::isfinite(error)) top = std::max(top, error);
  return top;
}

bool is_wide(std::span<const double> a, std::span<const double> b, double factor) {
  double low = INFINITY, high = 0;
  for (const auto& part : {a, b})
    for (double v : part)
      if (std::isfinite(v)) {
        low = std::min(low, v);
        high = std::max(high, v);
      }
  return low > 0 && high > factor * low;
}

std::string early_stopping_text(const EarlyStopping& figures) {
  if (figures.stopped == 0) return {};
  std::string text = fmt::format(
      " {} of {} candidates were stopped early, when they had fallen behind a smaller network on "
      "the same rows (their errors are estimates): {:.0f} % of the trainings were done.",
      count_text(figures.stopped), count_text(figures.trials), 100 * figures.folds_trained);
  if (figures.audited > 0)
    text += fmt::format(" As a check, {} went on all the same; {} of them belonged on the front.",
                        count_text(figures.audited),
                        figures.wrong == 0 ? "none" : count_text(figures.wrong));
  return text;
}

std::string chart(const ReportData& data) {
  const Points front = front_points(data);
  Points trials = trial_points(data);
  const double top = highest_shown(trials, front);
  const auto beyond = std::count_if(trials.error.begin(), trials.error.end(),
                                    [&](double error) { return error > top; });
  const auto all = std::ssize(trials.error);
  const std::vector<int> kept = thinned(static_cast<int>(all), kTrialDots);
  trials = {picked_values(trials.size, kept), picked_values(trials.error, kept)};
  std::vector<double> visible = trials.error;
  std::erase_if(visible, [&](double error) { return error > top; });

  SvgPlot plot({520, 380},
               fitted_axis("network size (weights and biases)", {front.size, trials.size},
                           is_wide(front.size, trials.size, 10)),
               fitted_axis(fmt::format("error on held-out rows ({})", objective_name(data, 0)),
                           {front.error, visible}, is_wide(front.error, visible, 10)));
  plot.dots(trials.size, trials.error, "c-trial");
  plot.line(front.size, front.error, "c-front-line");
  plot.dots(front.size, front.error, "c-front");
  if (const FrontRow* pick = picked_row(data)) {
    plot.diamond(pick->parameters, first_objective(*pick), "c-pick");
    plot.text(pick->parameters, first_objective(*pick), 14, "pick");
  }
  std::string caption =
      "Each dot is one network that was tried; the line joins those for which no "
      "other is both smaller and more accurate, and the diamond is the one chosen.";
  if (!data.scored_again.empty())
    caption +=
        fmt::format(" The networks on the line were scored again {}: a dot below it was lucky.",
                    data.scored_again);
  if (std::ssize(kept) < all)
    caption +=
        fmt::format(" {} of {} trials are drawn.", count_text(std::ssize(kept)), count_text(all));
  caption += early_stopping_text(data.early_stopping);
  if (beyond > 0)
    caption += fmt::format(" {} with still larger errors {} above the chart.",
                           count_text(beyond, "trial"), beyond == 1 ? "lies" : "lie");
  return figure(plot.svg("Error of every network tried against its size"),
                {{"dots", "c-trial", "networks tried"},
                 {"dots", "c-front", "the front"},
                 {"diamond", "c-pick", "the pick"}},
                caption);
}

/// Objectives that repeat the size say nothing new in a table.
std::vector<int> told_objectives(const ReportData& data) {
  std::vector<int> told;
  const int count = data.front.empty() ? 0 : static_cast<int>(data.front[0].objectives.size());
  for (int m = 0; m < count; ++m)
    if (!std::all_of(data.front.begin(), data.front.end(), [&](const FrontRow& row) {
          return m < std::ssize(row.objectives) && row.objectives[m] == row.parameters;
        }))
      told.push_back(m);
  return told;
}

/// The values of one column with as many decimals everywhere.
std::vector<Cell> number_cells(const std::vector<double>& values) {
  const std::vector<std::string> texts = aligned_texts(values);
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < values.size(); ++i) cells.push_back({texts[i], values[i]});
  return cells;
}

/// Rows of the table: all, or evenly spaced ones and the pick.
std::vector<const FrontRow*> table_rows(const ReportData& data) {
  const std::vector<int> kept = thinned(static_cast<int>(data.front.size()), kTableRows);
  std::vector<const FrontRow*> rows;
  for (int i = 0; i < std::ssize(data.front); ++i)
    if (data.front[i].picked || std::binary_search(kept.begin(), kept.end(), i))
      rows.push_back(&data.front[i]);
  std::stable_sort(rows.begin(), rows.end(), [](const FrontRow* a, const FrontRow* b) {
    return a->parameters < b->parameters;
  });
  return rows;
}

struct NumberColumns {
  std::vector<Heading> headings;
  std::vector<std::vector<Cell>> cells;
};

void add_column(NumberColumns& columns, std::string title, const std::vector<double>& values) {
  columns.headings.push_back({std::move(title), true});
  columns.cells.push_back(number_cells(values));
}

NumberColumns number_columns(const ReportData& data, const std::vector<const FrontRow*>& rows) {
  NumberColumns columns;
  const auto gather = [&](auto value) {
    std::vector<double> out;
    for (const FrontRow* row : rows) out.push_back(value(*row));
    return out;
  };
  for (int m : told_objectives(data))
    add_column(columns, objective_name(data, m), gather([&](const FrontRow& row) {
                 return m < std::ssize(row.objectives) ? row.objectives[m] : std::nan("");
               }));
  const bool both = target_count(data) <= 2;
  for (int t = 0; t < target_count(data); ++t) {
    const std::string label = label_text(target_name(data, t), target_unit(data, t));
    if (both || !has_test(data))
      add_column(columns, label + " error, held-out rows",
                 gather([&](const FrontRow& row) { return figures_of(row.validation, t).rmse; }));
    if (has_test(data))
      add_column(columns, label + " error, test rows",
                 gather([&](const FrontRow& row) { return figures_of(row.test, t).rmse; }));
  }
  return columns;
}

std::string table(const ReportData& data) {
  const std::vector<const FrontRow*> rows = table_rows(data);
  const NumberColumns numbers = number_columns(data, rows);
  std::vector<Heading> headings = {
      {""}, {"Trial", true}, {"Structure"}, {"Weights", true}, {"Columns", true}};
  headings.insert(headings.end(), numbers.headings.begin(), numbers.headings.end());
  HtmlTable out(headings);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const FrontRow& row = *rows[i];
    std::vector<Cell> cells = {row.picked ? Cell{"<strong>◆&nbsp;pick</strong>", 1} : Cell{"", 0},
                               count_cell(row.trial),
                               {element("span", "class=\"nowrap\"", escape(row.structure))},
                               count_cell(row.parameters),
                               count_cell(row.inputs_used)};
    for (const auto& column : numbers.cells) cells.push_back(column[i]);
    out.row(cells, row.picked ? "hit" : "");
  }
  std::string note = "Errors are RMSE in the target's own unit.";
  if (rows.size() < data.front.size())
    note += fmt::format(" {} of {} networks are listed, evenly spaced.",
                        count_text(std::ssize(rows)), count_text(std::ssize(data.front)));
  if (has_test(data) && !data.as_published)
    note += " The pick was made without looking at the test rows.";
  return out.html() + paragraph(escape(note), "small");
}

/// Help for those who weigh error against size otherwise.
std::string other_choices(const ReportData& data) {
  if (data.other_choices.empty()) return {};
  HtmlTable out({{"Rule"}, {"Trial", true}, {"Why"}});
  for (const auto& choice : data.other_choices)
    out.row({{element("code", "", escape("--pick " + choice.rule))},
             count_cell(choice.trial),
             {escape(choice.same ? "The same network as the pick. " + choice.why : choice.why)}},
            choice.same ? "hit" : "");
  return element("h3", "", "Other ways to choose") + out.html() +
         paragraph(
             escape("'cupel resume' of the finished study with one of these options makes its "
                    "model, without training anew."),
             "small");
}

}  // namespace

std::string front_section(const ReportData& data) {
  std::string out;
  if (!data.why.empty())
    out += paragraph("<strong>Why this one:</strong> " + escape(data.why), "why");
  if (data.front.empty()) return out + paragraph("No network was found.");
  out += chart(data);
  return out + table(data) + families_table(data) + other_choices(data);
}

}  // namespace cupel::report
