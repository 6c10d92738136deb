#include "cupel/study/race.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/search/pareto.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/study/recipe.hpp"

namespace cupel {
namespace {

constexpr int kAuditEvery = 20;

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// Even when luck was against it, `a` has larger errors than `b` on the same groups of rows.
bool is_worse(std::span<const double> a, std::span<const double> b, double margin) {
  const auto count = static_cast<double>(a.size());
  double sum = 0, squares = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double difference = a[k] - b[k];
    sum += difference;
    squares += difference * difference;
  }
  const double mean = sum / count;
  const double variance = std::max(0.0, squares / count - mean * mean) / (count - 1);
  return mean > margin * std::sqrt(variance) && mean > 0;
}

}  // namespace

void Race::add(const Trial& trial) {
  if (trial.state != TrialState::complete || was_stopped_early(trial)) return;
  const Json* errors = trial.measures.find("fold_errors");
  if (errors == nullptr || trial.score.objectives.size() != 2) return;
  const auto behind = [&](const Rival& rival) {
    return dominates(rival.objectives, trial.score.objectives) ||
           rival.objectives == trial.score.objectives;
  };
  if (std::any_of(rivals_.begin(), rivals_.end(), behind)) return;
  std::erase_if(rivals_, [&](const Rival& rival) {
    return dominates(trial.score.objectives, rival.objectives);
  });
  rivals_.push_back(
      {trial.score.objectives, trial.measures.at("nmse").as_number(), errors->as_numbers()});
}

const Race::Rival* Race::beats(double size, std::span<const double> errors) const {
  for (const Rival& rival : rivals_)
    if (rival.objectives[1] <= size && errors.size() <= rival.errors.size() &&
        is_worse(errors, std::span(rival.errors).first(errors.size()), margin_))
      return &rival;
  return nullptr;
}

bool stop_early(const RecipeContext& context, const HeldOut& held_out, double size, Trial& trial) {
  if (context.race == nullptr || was_stopped_early(trial)) return false;
  const FoldErrors errors = held_out.fold_errors(kRaceBlocks);
  if (!std::isfinite(mean_of(errors))) return false;  // the end of the trial says what is wrong
  const Race::Rival* rival = context.race->beats(size, errors);
  if (rival == nullptr) return false;
  if (trial.number % kAuditEvery == 0) {
    trial.measures["would_stop"] = true;
    return false;
  }
  const double ratio = mean_of(errors) / mean_of(std::span(rival->errors).first(errors.size()));
  trial.measures["stopped_after"] = static_cast<int>(errors.size()) / kRaceBlocks;
  trial.measures["folds"] = static_cast<int>(rival->errors.size()) / kRaceBlocks;
  trial.measures["nmse"] = ratio * rival->nmse;
  trial.score.objectives = {ratio * rival->objectives[0], size};
  trial.networks.clear();
  return true;
}

void record_race(const HeldOut& held_out, Trial& trial) {
  if (held_out.folds() > 1) trial.measures["fold_errors"] = held_out.fold_errors(kRaceBlocks);
}

bool was_stopped_early(const Trial& trial) {
  return trial.measures.find("stopped_after") != nullptr;
}

EarlyStopping early_stopping_of(std::span<const Trial> trials) {
  EarlyStopping figures;
  double trained = 0;
  std::vector<Point> points;
  std::vector<bool> audited;
  for (const Trial& trial : trials) {
    if (trial.state != TrialState::complete) continue;
    ++figures.trials;
    if (const Json* count = trial.measures.find("iterations"))
      figures.iterations += count->as_integer();
    if (was_stopped_early(trial)) {
      ++figures.stopped;
      figures.folds = static_cast<int>(trial.measures.at("folds").as_integer());
      trained += trial.measures.at("stopped_after").as_number() / figures.folds;
      continue;
    }
    trained += 1;
    audited.push_back(trial.measures.find("would_stop") != nullptr);
    figures.audited += audited.back() ? 1 : 0;
    points.push_back(trial.score.objectives);
  }
  if (figures.trials > 0) figures.folds_trained = trained / figures.trials;
  for (const int k : pareto_front(points))
    figures.wrong += audited[static_cast<std::size_t>(k)] ? 1 : 0;
  return figures;
}

}  // namespace cupel
