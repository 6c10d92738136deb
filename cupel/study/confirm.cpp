#include "cupel/study/confirm.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "cupel/search/pareto.hpp"
#include "cupel/study/pick.hpp"
#include "cupel/study/race.hpp"

namespace cupel {
namespace {

int size_of(const Trial& trial) {
  return static_cast<int>(trial.measures.at("parameters").as_integer());
}

std::vector<ErrorFigures> figures_of(const Trial& trial) {
  std::vector<ErrorFigures> figures;
  for (const auto& [target, json] : trial.measures.at("validation").as_object())
    figures.push_back(error_figures_from_json(json));
  return figures;
}

/// Mean of errors that belong to the same blocks or targets.
void add_mean(std::vector<double>& mean, const std::vector<double>& more, double share) {
  mean.resize(more.size());
  for (std::size_t k = 0; k < more.size(); ++k) mean[k] += share * more[k];
}

void add_mean(std::vector<ErrorFigures>& mean, const std::vector<ErrorFigures>& more,
              double share) {
  mean.resize(more.size());
  for (std::size_t k = 0; k < more.size(); ++k) {
    mean[k].rmse += share * more[k].rmse;
    mean[k].mae += share * more[k].mae;
    mean[k].mape += share * more[k].mape;
    mean[k].r2 += share * more[k].r2;
    mean[k].correlation += share * more[k].correlation;
  }
}

}  // namespace

std::vector<double> errors_of(const Trial& trial) {
  if (const Json* blocks = trial.measures.find("block_errors")) return blocks->as_numbers();
  return {trial.measures.at("nmse").as_number()};
}

std::vector<int> worth_confirming(std::span<const Trial> trials, int most, bool scored_again) {
  // Size classes double: 1-8 weights, 9-16, 17-32, …
  std::map<int, std::vector<int>> classes;
  std::vector<double> errors(trials.size());
  for (int k = 0; k < static_cast<int>(trials.size()); ++k) {
    if (trials[k].state != TrialState::complete) continue;
    if (was_stopped_early(trials[k]) && !scored_again) continue;
    errors[k] = mean_error({0, errors_of(trials[k])});
    classes[std::max(3, std::ilogb(size_of(trials[k]) - 0.5) + 1)].push_back(k);
  }
  for (auto& [size, members] : classes)
    std::stable_sort(members.begin(), members.end(),
                     [&](int a, int b) { return errors[a] < errors[b]; });
  std::vector<int> chosen;
  for (std::size_t rank = 0; static_cast<int>(chosen.size()) < most; ++rank) {
    const std::size_t before = chosen.size();
    for (const auto& [size, members] : classes)
      if (rank < members.size() && static_cast<int>(chosen.size()) < most)
        chosen.push_back(members[rank]);
    if (chosen.size() == before) break;
  }
  return chosen;
}

std::vector<FrontMember> confirmed_front(std::span<const Trial> trials,
                                         const std::vector<int>& candidates,
                                         std::span<const Trial> confirmations) {
  std::map<int, std::vector<const Trial*>> of;
  for (const Trial& trial : confirmations)
    of[static_cast<int>(trial.measures.at("confirms").as_integer())].push_back(&trial);
  std::vector<FrontMember> members;
  for (int k : candidates) {
    FrontMember member{.trial = trials[k].number,
                       .structure = trials[k].measures.at("structure").as_string(),
                       .parameters = size_of(trials[k])};
    std::vector<const Trial*> scored = of[trials[k].number];
    if (scored.empty() && !confirmations.empty()) continue;  // cut off: not comparable
    if (scored.empty() && was_stopped_early(trials[k])) continue;
    if (scored.empty()) scored = {&trials[k]};
    bool failed = false;
    for (const Trial* trial : scored) failed = failed || trial->state != TrialState::complete;
    if (failed) continue;
    const double share = 1.0 / static_cast<double>(scored.size());
    for (const Trial* trial : scored) {
      add_mean(member.objectives, trial->score.objectives, share);
      add_mean(member.block_errors, errors_of(*trial), share);
      add_mean(member.validation, figures_of(*trial), share);
    }
    member.error = mean_error({0, member.block_errors});
    members.push_back(std::move(member));
  }
  std::vector<Point> points;
  for (const FrontMember& member : members)
    points.push_back({member.error, static_cast<double>(member.parameters)});
  std::vector<FrontMember> front;
  for (int k : pareto_front(points)) front.push_back(std::move(members[k]));
  std::stable_sort(front.begin(), front.end(), [](const FrontMember& a, const FrontMember& b) {
    return a.parameters < b.parameters;
  });
  return front;
}

}  // namespace cupel
