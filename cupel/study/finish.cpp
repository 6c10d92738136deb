#include "cupel/study/finish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/base/evenly_spaced.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/base/version.hpp"
#include "cupel/baselines/baselines.hpp"
#include "cupel/data/column_roles.hpp"
#include "cupel/model/model_inputs.hpp"
#include "cupel/parallel/parallel_for.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/study/series_baselines.hpp"
#include "cupel/study/work_ahead.hpp"
#include "cupel/trust/permutation.hpp"

namespace cupel {
namespace {

constexpr int kShuffles = 3;
constexpr int kTestVectors = 5;

/// A row's input cells as text that the CSV reader takes back to the same values.
std::vector<std::string> cells_of(const Dataset& data, int row) {
  std::vector<std::string> cells;
  for (const Column& column : data.inputs) {
    const double value = column.values[row];
    if (std::isnan(value))
      cells.emplace_back();
    else if (column.kind == ColumnKind::text)
      cells.push_back(column.words[static_cast<std::size_t>(value)]);
    else
      cells.push_back(fmt::format("{}", value));
  }
  return cells;
}

/// Empty when the user stopped it: a network trained half-way must not be kept.
std::optional<Mlp> refit(const RecipeContext& context, const Recipe& recipe, const Trial& trial,
                         int starts) {
  if (context.stop.stop_requested()) return std::nullopt;
  const std::uint64_t seed = mix_seed({static_cast<std::uint64_t>(context.options->seed), 0x2EF17,
                                       static_cast<std::uint64_t>(trial.number)});
  Mlp network = recipe.refit(context, trial, starts, seed);
  if (context.stop.stop_requested()) return std::nullopt;
  if (!network.parameters.allFinite())
    throw Error(ErrorKind::infeasible,
                fmt::format("the network of trial {} could not be trained on all design rows",
                            trial.number),
                "check the data with 'cupel check'");
  return network;
}

}  // namespace

std::vector<ErrorFigures> target_figures(const Matrix& measured, const Matrix& predicted) {
  std::vector<ErrorFigures> all;
  for (Eigen::Index t = 0; t < measured.cols(); ++t)
    all.push_back(error_figures(measured.col(t), predicted.col(t)));
  return all;
}

void refit_front(DesignRun& run) {
  DesignResult& result = run.result;
  Progress progress{.stage = "refit",
                    .total = static_cast<int>(result.front.size()),
                    .to_come = work_ahead(run).after_refits()};
  const int jobs = run.context.options->jobs > 0 ? run.context.options->jobs : processor_count();
  std::mutex guard;
  std::vector<int> order(result.front.size());
  std::iota(order.begin(), order.end(), 0);
  std::rotate(order.begin(), order.begin() + result.picked, order.begin() + result.picked + 1);
  parallel_for(static_cast<int>(result.front.size()), jobs, [&](int place) {
    FrontMember& member = result.front[static_cast<std::size_t>(order[place])];
    std::unique_lock lock(guard);
    const Trial trial = *run.study->trial(member.trial);
    std::optional<Mlp> network = run.study->refit(member.trial);
    if (network) {
      ++progress.stored;
    } else {
      lock.unlock();
      network = refit(run.context, *run.recipe, trial, result.plan.refit_starts);
      lock.lock();
      if (!network) return;
      run.study->set_refit(member.trial, *network);
    }
    member.networks = run.recipe->members(run.context, trial, {std::move(*network)});
    ++progress.done;
    if (run.sink) run.sink(progress);
  });
}

void measure_tests(const StudyData& data, DesignResult& result) {
  if (data.test_inputs.rows() == 0) return;
  for (FrontMember& member : result.front)
    member.test = target_figures(data.test_values,
                                 predict_values(data.encoder, member.networks, data.test_inputs));
  result.test_predicted =
      predict_values(data.encoder, picked_member(result).networks, data.test_inputs);
}

void measure_pick(DesignRun& run) {
  const StudyData& data = *run.data;
  DesignResult& result = run.result;
  result.input_effects.assign(data.encoder.columns.size(), 0);
  if (result.folds.empty()) return;
  std::vector<std::vector<int>> groups(data.encoder.columns.size());
  // A window's rows of a column are judged together, under the last one's name.
  const int columns = static_cast<int>(groups.size()) / data.data.steps;
  for (int f = 0; f < data.encoder.inputs(); ++f)
    groups[groups.size() - columns + data.encoder.features[f].column % columns].push_back(f);
  HeldOut held_out(data);
  Rng rng(mix_seed({static_cast<std::uint64_t>(run.context.options->seed), 0xEFFEC7}));
  for (const auto& [fold, networks] : result.folds) {
    held_out.add(*fold, predict_scaled(networks, data.targets(), fold->validation_inputs));
    if (run.context.interrupted()) return;
    std::vector<int> rows;
    for (const int k : evenly_spaced(std::ssize(fold->validation_rows), kManyRows))
      rows.push_back(fold->validation_rows[static_cast<std::size_t>(k)]);
    const Matrix measured = comparable_values(data.encoder, data.design_values(rows, Eigen::all));
    const auto error = [&](const Matrix& inputs) {
      const Matrix off =
          comparable_values(fold->encoder, predict_values(fold->encoder, networks, inputs)) -
          measured;
      double total = 0;
      for (Eigen::Index t = 0; t < off.cols(); ++t)
        total += off.col(t).squaredNorm() * std::pow(data.encoder.targets[t].factor, 2);
      return total;
    };
    const auto effects =
        permutation_effects(some_rows(fold->validation_inputs), groups, error, kShuffles, rng);
    for (std::size_t c = 0; c < effects.size(); ++c)
      result.input_effects[c] += effects[c] / static_cast<double>(result.folds.size());
  }
  result.held_out_measured = held_out.measured();
  result.held_out_predicted = held_out.predicted();
}

namespace {

/// What the simple methods learn from and are asked for: a fold, or all design rows and the test.
struct BaselinePart {
  const FoldData* fold = nullptr;  ///< null: the test part
  std::vector<int> asked;          ///< rows of its inputs
};

std::vector<BaselinePart> baseline_parts(const StudyData& data) {
  std::vector<BaselinePart> parts;
  for (const FoldData& fold : data.repeats.front())
    parts.push_back({&fold, evenly_spaced(fold.validation_inputs.rows(), kManyRows)});
  if (data.test_inputs.rows() > 0)
    parts.push_back({nullptr, evenly_spaced(data.test_inputs.rows(), kManyRows)});
  return parts;
}

Matrix predict(const Baseline& baseline, const StudyData& data, const BaselinePart& part) {
  if (part.fold == nullptr)
    return baseline.predict(data.design_inputs, data.design_targets,
                            data.test_inputs(part.asked, Eigen::all));
  return baseline.predict(part.fold->train_inputs, part.fold->train_targets,
                          part.fold->validation_inputs(part.asked, Eigen::all));
}

BaselineResult baseline_result(const Baseline& baseline, const StudyData& data,
                               const std::vector<BaselinePart>& parts,
                               const std::vector<Matrix>& predicted) {
  BaselineResult result{.name = std::string(baseline.name),
                        .explanation = std::string(baseline.explanation)};
  HeldOut held_out(data);
  for (std::size_t k = 0; k < parts.size(); ++k)
    if (parts[k].fold != nullptr)
      held_out.add(*parts[k].fold, parts[k].asked, predicted[k]);
    else
      result.test = target_figures(data.test_values(parts[k].asked, Eigen::all),
                                   decode_targets(data.encoder, predicted[k]));
  result.validation = target_figures(held_out.measured(), held_out.predicted());
  return result;
}

/// The quick ones, which stand first in the list, before the time may be over; then the slowest
/// first, so that threads end together.
std::size_t baseline_in_turn(std::size_t turn) {
  constexpr std::size_t kQuick = 3;
  return turn < kQuick ? turn : baselines().size() - 1 - (turn - kQuick);
}

}  // namespace

std::vector<BaselineResult> measure_baselines(const StudyData& data, int jobs,
                                              std::stop_token stop) {
  const std::vector<BaselinePart> parts = baseline_parts(data);
  const std::size_t count = baselines().size();
  std::vector<std::vector<Matrix>> predicted(count, std::vector<Matrix>(parts.size()));
  std::vector<std::vector<char>> done(count, std::vector<char>(parts.size(), 0));
  parallel_for(
      static_cast<int>(count * parts.size()), jobs > 0 ? jobs : processor_count(), [&](int piece) {
        if (stop.stop_requested()) return;
        const std::size_t b = baseline_in_turn(static_cast<std::size_t>(piece) / parts.size());
        const std::size_t k = static_cast<std::size_t>(piece) % parts.size();
        predicted[b][k] = predict(baselines()[b], data, parts[k]);
        done[b][k] = 1;
      });
  std::vector<BaselineResult> results;
  for (std::size_t b = 0; b < count; ++b)
    if (std::count(done[b].begin(), done[b].end(), 0) == 0)
      results.push_back(baseline_result(baselines()[b], data, parts, predicted[b]));
  if (!stop.stop_requested())
    for (BaselineResult& result : series_baselines(data)) results.push_back(std::move(result));
  return results;
}

/// The column that orders the rows; empty without one.
std::string time_name(const StudyData& data, const DesignOptions& options) {
  const int time = resolve_roles(data.table, options.roles).time;
  return time < 0 ? "" : data.table.columns[static_cast<std::size_t>(time)].name;
}

namespace {

/// Inputs that the check left out because they say nothing here: constant, or copies of others.
/// (What counts rows or names them differs in every file, and tells nothing of the plant.)
std::vector<WatchedInput> watched_inputs(const StudyData& data) {
  std::vector<WatchedInput> watched;
  for (const Finding& finding : data.findings) {
    if (!finding.drop || (finding.code != "constant" && finding.code != "duplicate_column"))
      continue;
    const int place = data.table.find(finding.column);
    if (place < 0) continue;
    const Column& column = data.table.columns[static_cast<std::size_t>(place)];
    if (column.kind != ColumnKind::number) continue;
    WatchedInput input{.name = column.name, .unit = column.unit, .low = 0, .up = 0};
    bool known = false;
    for (const int row : data.split.design) {
      const double value = column.values[static_cast<std::size_t>(
          data.data.table_rows[static_cast<std::size_t>(row)])];
      if (std::isnan(value)) continue;
      input.low = known ? std::min(input.low, value) : value;
      input.up = known ? std::max(input.up, value) : value;
      known = true;
    }
    if (known) watched.push_back(std::move(input));
  }
  return watched;
}

}  // namespace

Model make_model(const DesignRun& run) {
  const StudyData& data = *run.data;
  const DesignResult& result = run.result;
  const FrontMember& pick = picked_member(result);
  Model model{.encoder = data.encoder,
              .calendar = data.calendar,
              .windows = data.windows,
              .members = pick.networks};
  model.region.watched = watched_inputs(data);
  model.reading = kept_reading(model, data.table.reading, time_name(data, *run.context.options));
  for (std::size_t k = 0; k < result.trust.uncertainty.size(); ++k)
    model.members[k].uncertainty = result.trust.uncertainty[k];
  model.region.cloud = result.trust.cloud;
  if (!result.trust.kinds.empty())
    model = with_intervals(std::move(model), result.trust.kinds.front());
  const int rows = static_cast<int>(data.split.design.size());
  for (int k = 0; k < std::min(kTestVectors, rows); ++k) {
    const int position = static_cast<int>(static_cast<std::int64_t>(k) * rows / kTestVectors);
    const Matrix output =
        predict_values(data.encoder, pick.networks, data.design_inputs.row(position));
    model.test_vectors.push_back({cells_of(data.data, data.split.design[position]),
                                  {output.data(), output.data() + output.size()}});
  }
  complete_test_vectors(model);
  model.provenance["cupel"] = kVersion;
  model.provenance["recipe"] = run.recipe->name;
  model.provenance["source"] = run.recipe->source;
  model.provenance["data"] = data.table.source;
  model.provenance["data_fingerprint"] = data.data.fingerprint;
  model.provenance["trial"] = pick.trial;
  model.provenance["why"] = result.why;
  if (!result.trust.problem.empty()) model.provenance["uncertainty_unknown"] = result.trust.problem;
  model.provenance["options"] = to_json(*run.context.options);
  for (std::size_t t = 0; t < pick.validation.size(); ++t)
    model.provenance["validation"][data.data.targets[t].name] = to_json(pick.validation[t]);
  for (std::size_t t = 0; t < pick.test.size(); ++t)
    model.provenance["test"][data.data.targets[t].name] = to_json(pick.test[t]);
  return model;
}

}  // namespace cupel
