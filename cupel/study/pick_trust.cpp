#include "cupel/study/pick_trust.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/evenly_spaced.hpp"
#include "cupel/model/spread.hpp"
#include "cupel/parallel/parallel_for.hpp"
#include "cupel/study/design.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/trust/left_out.hpp"

namespace cupel {
namespace {

/// Up to so many rows the leverage jackknife is shown beside the other intervals unasked.
constexpr Eigen::Index kFewRows = 5000;

/// Products of rows, parameters and parameters that one covariance is worth; rows in any case.
constexpr double kMostProducts = 2e11;

/// Of large networks on many rows a part of the rows counts for all: a row's share is the same.
Covariance member_covariance(const Member& member, const Matrix& inputs, const Matrix& targets,
                             bool leverages) {
  const auto size = static_cast<double>(member.network.parameters.size());
  const auto most = static_cast<long>(std::max<double>(kManyRows, kMostProducts / (size * size)));
  const std::vector<int> rows = evenly_spaced(inputs.rows(), leverages ? inputs.rows() : most);
  const double share = static_cast<double>(rows.size()) / static_cast<double>(inputs.rows());
  const Matrix own_targets = member.targets.empty() ? Matrix(targets(rows, Eigen::all))
                                                    : Matrix(targets(rows, member.targets));
  Covariance covariance = parameter_covariance(
      member.network, inputs(rows, member.features), own_targets,
      share * ridge_diagonal(member.network.topology, member.ridge, member.bias_ridge),
      {.leverages = leverages});
  if (share < 1) covariance.covariance *= share;
  return covariance;
}

/// Names the inputs that determine one another, where they do.
std::string full_problem(const StudyData& data, const Member& member, const std::string& problem) {
  std::vector<std::string> names;
  for (const int k : dependent_columns(pick_columns(data.design_inputs, member.features)))
    names.push_back(data.encoder.features[member.features[static_cast<std::size_t>(k)]].name);
  std::string text = problem;
  if (!names.empty())
    text += fmt::format("; of the inputs {}, each follows exactly from the others: leave one out",
                        fmt::join(names, ", "));
  return text;
}

struct Task {
  Member* member;
  const FoldData* fold;  ///< null: all design rows
  Covariance covariance;
};

struct CovarianceWork {
  bool leverages;
  std::stop_token stop;
};

/// Fills the covariances of the pick's networks and of its folds', and their uncertainties.
std::vector<Task> all_covariances(const DesignRun& run, std::vector<Member>& members,
                                  std::vector<FoldNetworks>& folds,
                                  std::vector<FoldNetworks>& later, const CovarianceWork& work) {
  std::vector<Task> tasks;
  for (Member& member : members) tasks.push_back({&member, nullptr, {}});
  for (std::vector<FoldNetworks>* all : {&folds, &later})
    for (FoldNetworks& fold : *all)
      for (Member& member : fold.networks) tasks.push_back({&member, fold.fold, {}});
  const StudyData& data = *run.data;
  const int jobs = run.context.options->jobs > 0 ? run.context.options->jobs : processor_count();
  parallel_for(static_cast<int>(tasks.size()), jobs, [&](int k) {
    Task& task = tasks[static_cast<std::size_t>(k)];
    if (work.stop.stop_requested()) {
      task.covariance.problem = "the time limit ended before it was worked out";
      return;
    }
    const bool all = task.fold == nullptr;
    task.covariance = member_covariance(
        *task.member, all ? data.design_inputs : task.fold->train_inputs,
        all ? data.design_targets : task.fold->train_targets, all && work.leverages);
    task.member->uncertainty = uncertainty_of(task.covariance);
    task.covariance.inverse.resize(0, 0);
    task.covariance.covariance.resize(0, 0);
  });
  return tasks;
}

/// Of each design row, the repeats that are left out with it; empty where there are none.
std::vector<int> left_out_together(const StudyData& data) {
  const Together& together = data.data.together;
  if (together.unit.empty()) return {};
  // Repeats of one setting that are not kept together have units of their own.
  Matrix keys(data.split.design.size(), 2);
  for (std::size_t k = 0; k < data.split.design.size(); ++k) {
    const auto row = static_cast<std::size_t>(data.split.design[k]);
    keys.row(static_cast<Eigen::Index>(k)) << together.setting[row], together.unit[row];
  }
  return number_equal_rows(keys);
}

/// Residuals that the pick would have on rows left out one by one (repeats together), in own units.
Matrix jackknife_residuals(const StudyData& data, const std::vector<Task>& tasks) {
  Matrix residuals = Matrix::Zero(data.design_values.rows(), data.design_values.cols());
  Matrix slopes = data.design_values;  // of own units by scaled ones
  for (Eigen::Index t = 0; t < slopes.cols(); ++t)
    for (double& value : slopes.col(t))
      value = target_slope(data.encoder.targets[static_cast<std::size_t>(t)], value);
  const std::vector<int> together = left_out_together(data);
  for (const Task& task : tasks) {
    if (task.fold != nullptr) continue;
    const Covariance& covariance = task.covariance;
    for (Eigen::Index k = 0; k < covariance.residuals.cols(); ++k) {
      const Eigen::Index target = target_of(*task.member, k);
      residuals.col(target).array() +=
          task.member->weights[k] * slopes.col(target).array() *
          left_out_residuals(covariance.residuals.col(k), covariance.leverages.col(k), together)
              .array();
    }
  }
  return residuals;
}

std::vector<FoldModel> fold_models(const DesignRun& run, int most) {
  std::vector<FoldModel> models;
  const StudyData& data = *run.data;
  const auto count = std::min(run.result.folds.size(), static_cast<std::size_t>(most));
  for (std::size_t k = 0; k < count; ++k) {
    const auto& [fold, networks] = run.result.folds[k];
    FoldModel model{.encoder = fold->encoder,
                    .members = networks,
                    .rows = static_cast<int>(fold->validation_rows.size()),
                    .residuals = {}};
    const Matrix measured = data.design_values(fold->validation_rows, Eigen::all);
    const Matrix predicted = predict_values(fold->encoder, networks, fold->validation_inputs);
    for (Eigen::Index t = 0; t < measured.cols(); ++t)
      model.residuals.push_back(
          sorted_residuals(measured.col(t), predicted.col(t),
                           std::max(1, ResidualIntervals::kKept / static_cast<int>(count))));
    models.push_back(std::move(model));
  }
  return models;
}

/// Residuals on the folds' held-out rows, at most kManyRows each; normalized: in shares of each
/// row's own spread, by its fold's networks.
ResidualIntervals residual_intervals(const StudyData& data, const std::vector<FoldNetworks>& folds,
                                     IntervalMethod method) {
  HeldOut held_out(data);
  std::vector<Matrix> inputs;
  for (const auto& [fold, networks] : folds) {
    const std::vector<int> some = evenly_spaced(fold->validation_inputs.rows(), kManyRows);
    inputs.push_back(fold->validation_inputs(some, Eigen::all));
    held_out.add(*fold, some, predict_scaled(networks, data.targets(), inputs.back()));
  }
  const Matrix measured = held_out.measured(), predicted = held_out.predicted();
  if (method != IntervalMethod::normalized) return fit_intervals(measured, predicted);
  Matrix spread(measured.rows(), measured.cols());
  Eigen::Index at = 0;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    spread.middleRows(at, inputs[k].rows()) =
        spread_of(folds[k].networks, folds[k].fold->encoder, inputs[k]).total;
    at += inputs[k].rows();
  }
  return fit_intervals(measured.cwiseQuotient(spread), predicted.cwiseQuotient(spread));
}

std::vector<int> used_features(const std::vector<Member>& members) {
  std::vector<int> used;
  for (const Member& member : members)
    used.insert(used.end(), member.features.begin(), member.features.end());
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  return used;
}

/// Puts the kind that the options ask for first.
void choose(const DesignOptions& options, std::vector<PickTrust::Kind>& kinds) {
  if (options.intervals == "auto") return;
  const IntervalMethod wanted = interval_method_from_name(options.intervals);
  const auto place = std::find_if(kinds.begin(), kinds.end(), [&](const PickTrust::Kind& kind) {
    return kind.method == wanted;
  });
  if (place != kinds.end()) std::rotate(kinds.begin(), place, place + 1);
}

}  // namespace

PickTrust measure_trust(const DesignRun& run, std::stop_token stop) {
  const StudyData& data = *run.data;
  const DesignOptions& options = *run.context.options;
  PickTrust trust;
  std::vector<Member> members = picked_member(run.result).networks;
  std::vector<FoldNetworks> folds = run.result.folds, later = run.result.later;
  std::vector<int> groups;
  const std::vector<int>& kept_together =
      data.data.together.unit.empty() ? data.data.group : data.data.together.unit;
  if (!kept_together.empty())
    for (const int row : data.split.design)
      groups.push_back(kept_together[static_cast<std::size_t>(row)]);
  trust.cloud = fit_cloud(data.design_inputs, used_features(members),
                          {.ordered = data.ordered(),
                           .seed = static_cast<std::uint64_t>(options.seed),
                           .groups = std::move(groups)});
  const bool asked = options.intervals == "jackknife";
  if (folds.empty() && !asked) return trust;
  const bool leverages = asked || (!folds.empty() && data.design_inputs.rows() <= kFewRows);
  const std::vector<Task> tasks = all_covariances(run, members, folds, later, {leverages, stop});
  const auto is_later = [&](const Task& task) {
    return std::any_of(later.begin(), later.end(),
                       [&](const FoldNetworks& fold) { return fold.fold == task.fold; });
  };
  bool later_known = true;  // made from fewer rows: these may not suffice where all do
  for (const Task& task : tasks)
    if (!task.member->uncertainty.known() && is_later(task))
      later_known = false;
    else if (trust.problem.empty() && !task.member->uncertainty.known())
      trust.problem =
          full_problem(data, *task.member,
                       task.covariance.usable() ? "the parameters' covariance cannot be factored"
                                                : task.covariance.problem);
  const bool known = trust.problem.empty();
  if (known)
    for (const Member& member : members) trust.uncertainty.push_back(member.uncertainty);
  const auto add_residual_kind = [&](IntervalMethod method) {
    ResidualIntervals intervals = residual_intervals(data, folds, method);
    const bool ask_later = !later.empty() && (later_known || method != IntervalMethod::normalized);
    if (ask_later) intervals = wider(intervals, residual_intervals(data, later, method));
    trust.kinds.push_back({method, std::move(intervals), {}});
  };
  trust.later_spreads = !later.empty() && later_known;
  if (known && !folds.empty()) add_residual_kind(IntervalMethod::normalized);
  if (!folds.empty()) {
    add_residual_kind(IntervalMethod::held_out);
    trust.kinds.push_back(
        {IntervalMethod::cv_plus, {}, fold_models(run, static_cast<int>(folds.size()))});
    trust.kinds.push_back({IntervalMethod::split, {}, fold_models(run, 1)});
  }
  if (known && leverages)
    trust.kinds.push_back(
        {IntervalMethod::jackknife,
         fit_intervals(jackknife_residuals(data, tasks),
                       Matrix::Zero(data.design_values.rows(), data.design_values.cols())),
         {}});
  choose(options, trust.kinds);
  return trust;
}

Model with_intervals(Model model, const PickTrust::Kind& kind) {
  model.interval_method = kind.method;
  model.intervals = kind.intervals;
  model.folds = kind.folds;
  return model;
}

}  // namespace cupel
