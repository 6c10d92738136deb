#include "cupel/report/image_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "cupel/report/html.hpp"
#include "cupel/report/svg_plot.hpp"

namespace cupel::report {
namespace {

constexpr int kRankedRows = 20;

Cell decimals(double value, int places) {
  return std::isfinite(value) ? Cell{fmt::format("{:.{}f}", value, places), value} : Cell{"–"};
}
Cell percent_cell(double share) { return decimals(100 * share, 1); }
Cell milliseconds(double seconds) { return seconds > 0 ? decimals(1000 * seconds, 2) : Cell{"–"}; }

std::string ranked_table(const ImageDesignResult& result) {
  HtmlTable table({{"Rank", true},
                   {"Cells"},
                   {"Widths"},
                   {"Accuracy [%]", true},
                   {"T", true},
                   {"Parameters", true},
                   {"Latency [ms]", true},
                   {"S", true},
                   {"Epochs", true}});
  const auto count = std::min<std::size_t>(kRankedRows, result.ranked.size());
  for (std::size_t k = 0; k < count; ++k) {
    const ImageMember& member = result.ranked[k];
    const CellChain& chain = member.candidate.chain;
    table.row(
        {count_cell(static_cast<int>(k) + 1),
         text_cell(fmt::format("{}", fmt::join(chain.cells, " "))),
         text_cell(fmt::format("{}", fmt::join(chain.widths, " "))), percent_cell(member.accuracy),
         count_cell(member.cost.topology), count_cell(member.cost.parameters),
         milliseconds(member.latency_s), decimals(member.score, 4), decimals(member.epochs, 1)},
        static_cast<int>(k) == result.picked ? "hit" : "");
  }
  return table.html();
}

std::string front_chart(const DesignOptions& options, const ImageDesignResult& result) {
  std::vector<double> cost, error, front_cost, front_error;
  const auto add = [&](const ImageMember& member, std::vector<double>& x, std::vector<double>& y) {
    x.push_back(cost_value(options, member.cost, member.latency_s));
    y.push_back(100 * (1 - member.accuracy));
  };
  for (const ImageMember& member : result.ranked) add(member, cost, error);
  for (const ImageMember& member : result.front) add(member, front_cost, front_error);
  SvgPlot plot({520, 360}, fitted_axis(options.cost, {cost}, true),
               fitted_axis("validation images misclassified [%]", {error}));
  plot.dots(cost, error, "c-trial");
  plot.line(front_cost, front_error, "c-front-line");
  plot.dots(front_cost, front_error, "c-front");
  std::vector<double> x, y;
  add(result.pick(), x, y);
  plot.diamond(x[0], y[0], "c-pick");
  plot.text(x[0], y[0], 14, "pick");
  return figure(plot.svg("Share of misclassified images against cost"),
                {{"dots", "c-trial", "networks of the last stage"},
                 {"dots", "c-front", "the front"},
                 {"diamond", "c-pick", "the pick"}},
                "The line joins the networks that no other beats in both accuracy and cost.");
}

std::string beta_table(const ImageDesignResult& result) {
  if (result.beta_sweep.empty()) return {};
  HtmlTable table(
      {{"β", true}, {"Accuracy [%]", true}, {"Parameters", true}, {"T", true}, {"S", true}});
  for (const BetaRow& row : result.beta_sweep)
    table.row({decimals(row.beta, 1), percent_cell(row.accuracy),
               count_cell(std::llround(row.parameters)), count_cell(std::llround(row.topology)),
               decimals(row.score, 4)});
  return "<h3>How much accuracy should count</h3>" +
         paragraph(
             "Means over the six networks of best S for other weights β of the accuracy, "
             "from the same trials.") +
         table.html();
}

std::string effectiveness_table(const ImageDesignResult& result) {
  if (!result.effectiveness) return {};
  const Effectiveness& found = *result.effectiveness;
  constexpr const char* kNames[kSubSpaces] = {"cells 1-3", "cells 5-7", "cells 4 and 8"};
  HtmlTable table({{"Places"}, {"Probability that a cell is in a good network"}, {"Kept"}});
  for (std::size_t s = 0; s < kSubSpaces; ++s) {
    std::string values;
    for (std::size_t c = 0; c < found.cells[s].size(); ++c)
      values += fmt::format("{}{} {:.3f}", c == 0 ? "" : ", ", found.cells[s][c],
                            found.probability(static_cast<int>(s), c));
    table.row({text_cell(kNames[s]), text_cell(values),
               text_cell(fmt::format("{}", fmt::join(result.kept[s], " ")))});
  }
  return "<h3>Which cells good networks are made of</h3>" +
         paragraph(
             "Uses among the best networks of the first stage over uses among all. The "
             "search went on with the cells of highest probability.") +
         table.html();
}

}  // namespace

std::string confusion_table(const std::vector<std::string>& classes, const ClassFigures& figures) {
  std::vector<Heading> headings = {{"Right class"}};
  for (const std::string& name : classes) headings.push_back({"taken for " + name, true});
  HtmlTable table(headings);
  for (std::size_t r = 0; r < classes.size(); ++r) {
    std::vector<Cell> cells = {text_cell(classes[r])};
    for (std::size_t c = 0; c < classes.size(); ++c)
      cells.push_back(count_cell(
          figures.confusion(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c))));
    table.row(cells);
  }
  return table.html();
}

std::string class_table(const std::vector<std::string>& classes, const ClassFigures& figures) {
  HtmlTable table({{"Class"}, {"Recall [%]", true}, {"Precision [%]", true}, {"F1", true}});
  for (std::size_t c = 0; c < std::min(classes.size(), figures.class_recall.size()); ++c)
    table.row({text_cell(classes[c]), percent_cell(figures.class_recall[c]),
               percent_cell(figures.class_precision[c]), decimals(figures.class_f1[c], 3)});
  return table.html() + paragraph(
                            "Recall: share of the images of a class that are named so. "
                            "Precision: share of the images named so that are of it.",
                            "small");
}

std::string cells_table(const CellTable& table, const CellChain& chain) {
  std::vector<std::string> names = chain.cells;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  HtmlTable rows(
      {{"Cell"}, {"Operations (I, O: width that enters and leaves; dw: depthwise 3x3)"}});
  for (const std::string& name : names)
    rows.row({text_cell(name), text_cell(name == kEmptyCell ? "nothing, or 1x1 where widths differ"
                                                            : table.find(name).text)});
  return rows.html();
}

std::string image_search_tables(const ImageStudyData& data, const DesignOptions& options,
                                const ImageDesignResult& result) {
  std::string stages;
  for (int s = 0; s < kImageStages; ++s) {
    const ImageStagePlan& stage = data.plan.stages[s];
    const std::string_view name = stage_name(static_cast<ImageStage>(s));
    const auto trained = std::ranges::count_if(result.trials, [&](const Trial& trial) {
      const Json* of = trial.measures.find("stage");
      return of != nullptr && of->as_string() == name;
    });
    if (trained > 0)
      stages += fmt::format("{}{}: {} of {:.3g} {}", stages.empty() ? "" : "; ", name,
                            count_text(trained, "training"), stage.epochs,
                            stage.epochs == 1 ? "epoch" : "epochs");
  }
  return paragraph(escape(fmt::format("Stages: {}. The pick was trained again for {:.3g} epochs.",
                                      stages, data.plan.final_epochs))) +
         element("div", "class=\"figures\"", front_chart(options, result)) +
         "<h3>The best networks</h3>" + ranked_table(result) +
         paragraph(
             "Accuracy on validation images. T: topological complexity. S: the weighted "
             "score of accuracy and cost.",
             "small") +
         beta_table(result) + effectiveness_table(result);
}

std::string references_table(const DesignOptions& options, const ImageDesignResult& result) {
  if (result.references.empty())
    return paragraph(options.references == "no"
                         ? "Left out (--references no)."
                         : "Not trained within this budget; --references yes trains them.");
  HtmlTable table({{"Network"},
                   {"F1", true},
                   {"Recall", true},
                   {"Accuracy [%]", true},
                   {"on validation [%]", true},
                   {"Parameters", true},
                   {"T", true},
                   {"Multiply-adds", true},
                   {"Latency [ms]", true}});
  const auto row = [&](const std::string& name, const ClassFigures& validation,
                       const std::optional<ClassFigures>& test, const ImageNetworkCost& cost,
                       double latency_s, std::string_view css) {
    const ClassFigures& figures = test ? *test : validation;
    table.row({text_cell(name), decimals(figures.f1, 3), decimals(figures.recall, 3),
               percent_cell(figures.accuracy), percent_cell(validation.accuracy),
               count_cell(cost.parameters), count_cell(cost.topology),
               count_cell(cost.multiply_adds), milliseconds(latency_s)},
              css);
  };
  const ImageMember& pick = result.pick();
  row("this design", result.validation, result.test, pick.cost, pick.latency_s, "hit");
  for (const ReferenceResult& reference : result.references)
    row(reference.scale == 1 ? reference.name
                             : fmt::format("{}, widths / {}", reference.name, reference.scale),
        reference.validation, reference.test, reference.cost, reference.latency_s, "");
  return paragraph(
             "Known networks in forms for small images, trained on as many images as the "
             "pick. F1, recall and accuracy are on test images where there are some.") +
         table.html();
}

}  // namespace cupel::report
