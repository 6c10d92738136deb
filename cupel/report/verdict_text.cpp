#include "cupel/report/verdict_text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "cupel/report/html.hpp"
#include "cupel/report/pick_figures.hpp"

namespace cupel::report {
namespace {

/// R² that no measurement leaves to chance.
constexpr double kTooGood = 0.9999;
/// % of the network's error that another method must save to be named.
constexpr double kMuchBetter = 20;

std::string useless_text(const ReportData& data, int target) {
  for (const Finding& finding : data.findings)
    if (finding.code == "outliers" && finding.column == target_name(data, target))
      return fmt::format(
          "The network hardly explains {}, but a few values of it lie far from all others, and they "
          "decide the errors: look at that finding first ({}).",
          target_name(data, target), finding.what);
  return fmt::format(
      "These inputs hardly explain {}: predicting its plain mean is about as good. Look for "
      "columns that carry more information.",
      target_name(data, target));
}

std::string linear_text(const ReportData& data, int target, double saved) {
  const double more = 100 * (1 / (1 - saved / 100) - 1);  // error than the network's
  const std::string compared =
      std::abs(more) < 0.5 ? "as good as the network"
                           : fmt::format("{} {} than the network", percent_text(std::abs(more)),
                                         more < 0 ? "better" : "worse");
  std::string text =
      fmt::format("{}: a linear formula is {} on {}. Use it: it is easier to explain and to check.",
                  target_name(data, target), compared, judged_rows(data));
  if (target < std::ssize(data.linear_formulas))
    text += " " + data.linear_formulas[static_cast<std::size_t>(target)];
  return text;
}

/// The simple method that is better by most, when it is by much; empty otherwise.
std::string better_text(const ReportData& data, int target) {
  const double own = judged(data, *picked_row(data), target).rmse;
  const BaselineRow* best = nullptr;
  double least = own * (1 - kMuchBetter / 100);
  for (const BaselineRow& row : data.baselines) {
    const double error = judged(data, row, target).rmse;
    if (!(error < least)) continue;
    least = error;
    best = &row;
  }
  if (best == nullptr) return {};
  return fmt::format(
      "{}: {} has an error {} smaller than the network's on {}. Give the search more --trials, or "
      "try --recipe auto.",
      target_name(data, target), best->name, percent_text(100 * (1 - least / own)),
      judged_rows(data));
}

}  // namespace

bool needs_no_network(const ReportData& data) {
  for (int t = 0; t < target_count(data); ++t)
    if (!(saved_percent(data, "linear", t) < kWorthwhile)) return false;
  return target_count(data) > 0;
}

std::vector<std::string> verdict_sentences(const ReportData& data) {
  std::vector<std::string> sentences;
  if (!picked_row(data)) return sentences;
  for (int t = 0; t < target_count(data); ++t) {
    const double saved = saved_percent(data, "linear", t);
    const double r2 = judged(data, *picked_row(data), t).r2;
    if (saved_percent(data, "mean", t) < kWorthwhile)
      sentences.push_back(useless_text(data, t));
    else if (r2 > kTooGood)
      sentences.push_back(fmt::format(
          "{} follows almost exactly from the inputs (R² {:.5f}): is it computed from them? If so, "
          "no model is needed; if an input is known only afterwards, leave it out with --ignore.",
          target_name(data, t), r2));
    else if (saved < kWorthwhile)
      sentences.push_back(linear_text(data, t, saved));
    else if (std::string better = better_text(data, t); !better.empty())
      sentences.push_back(std::move(better));
  }
  return sentences;
}

}  // namespace cupel::report
