#include "cupel/report/collect_families.hpp"

#include <algorithm>
#include <limits>

#include "cupel/study/race.hpp"

namespace cupel {
namespace {

/// A trial that was stopped early has an estimate only.
bool is_scored(const Trial& trial) {
  return trial.state == TrialState::complete && !was_stopped_early(trial);
}

void take(const Trial& trial, int picked, FamilyRow& row) {
  ++row.trials;
  row.seconds += trial.elapsed_s;
  if (!is_scored(trial)) return;
  row.picked = row.picked || trial.number == picked;
  if (trial.score.objectives.front() >= row.error) return;
  row.error = trial.score.objectives.front();
  const Json* alpha = trial.measures.find("alpha");
  row.alpha = alpha ? alpha->as_number() : std::numeric_limits<double>::quiet_NaN();
  row.structure = trial.measures.at("structure").as_string();
  row.parameters = static_cast<int>(trial.measures.at("parameters").as_integer());
  row.validation.clear();
  for (const auto& [target, figures] : trial.measures.at("validation").as_object())
    row.validation.push_back(error_figures_from_json(figures));
}

}  // namespace

std::vector<FamilyRow> family_rows(const DesignResult& result) {
  const int picked = result.picked < 0 ? -1 : picked_member(result).trial;
  std::vector<FamilyRow> rows;
  for (const Trial& trial : result.trials) {
    const Json* family = trial.measures.find("family");
    if (family == nullptr) continue;
    const std::string loss = trial.measures.at("loss").as_string();
    auto row = std::find_if(rows.begin(), rows.end(), [&](const FamilyRow& one) {
      return one.family == family->as_string() && one.loss == loss;
    });
    if (row == rows.end())
      row = rows.insert(rows.end(), {.family = family->as_string(),
                                     .loss = loss,
                                     .error = std::numeric_limits<double>::infinity()});
    take(trial, picked, *row);
  }
  std::erase_if(rows, [](const FamilyRow& row) { return row.validation.empty(); });
  return rows;
}

}  // namespace cupel
