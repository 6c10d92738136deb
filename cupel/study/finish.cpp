#include "cupel/study/finish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/base/version.hpp"
#include "cupel/baselines/baselines.hpp"
#include "cupel/parallel/parallel_for.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/trust/permutation.hpp"

namespace cupel {
namespace {

constexpr int kShuffles = 3;
constexpr int kTestVectors = 5;

std::vector<ErrorFigures> figures(const Matrix& measured, const Matrix& predicted) {
  std::vector<ErrorFigures> all;
  for (Eigen::Index t = 0; t < measured.cols(); ++t)
    all.push_back(error_figures(measured.col(t), predicted.col(t)));
  return all;
}

Matrix predict_values(const Encoder& encoder, const Mlp& network, const Matrix& inputs,
                      const std::vector<int>& features) {
  return decode_targets(encoder, predict(network, pick_columns(inputs, features)));
}

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
  const std::uint64_t seed =
      mix_seed({static_cast<std::uint64_t>(context.options->seed), 0x2EF17,
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

void refit_front(const RecipeContext& context, const Recipe& recipe, StudyFile& study,
                 DesignResult& result, const ProgressSink& sink) {
  const StudyData& data = *context.data;
  Progress progress{.stage = "refit", .total = static_cast<int>(result.front.size())};
  const int jobs = context.options->jobs > 0 ? context.options->jobs : processor_count();
  std::mutex guard;
  parallel_for(static_cast<int>(result.front.size()), jobs, [&](int k) {
    FrontMember& member = result.front[k];
    std::unique_lock lock(guard);
    std::optional<Mlp> network = study.refit(member.trial.number);
    if (network) {
      ++progress.stored;
    } else {
      const std::optional<Trial> trial = study.trial(member.trial.number);
      lock.unlock();
      network = refit(context, recipe, *trial, result.plan.refit_starts);
      lock.lock();
      if (!network) return;
      study.set_refit(member.trial.number, *network);
    }
    member.network = std::move(*network);
    if (data.test_inputs.rows() > 0)
      member.test = figures(data.test_values,
                            predict_values(data.encoder, member.network, data.test_inputs,
                                           member.plan.features));
    ++progress.done;
    if (sink) sink(progress);
  });
}

void measure_pick(const RecipeContext& context, const Trial& scored, int repeat,
                  DesignResult& result) {
  const StudyData& data = *context.data;
  const FrontMember& pick = result.front[result.picked];
  const auto& features = pick.plan.features;
  if (data.test_inputs.rows() > 0)
    result.test_predicted = predict_values(data.encoder, pick.network, data.test_inputs, features);
  result.input_effects.assign(data.encoder.columns.size(), 0);
  if (context.options->as_published()) return;
  std::vector<std::vector<int>> groups(data.encoder.columns.size());
  for (int f : features) groups[data.encoder.features[f].column].push_back(f);
  HeldOut held_out(data);
  const auto& folds = data.repeats[repeat];
  Rng rng(mix_seed({static_cast<std::uint64_t>(context.options->seed), 0xEFFEC7}));
  for (std::size_t k = 0; k < folds.size(); ++k) {
    const FoldData& fold = folds[k];
    held_out.add(fold, predict(scored.networks[k], pick_columns(fold.validation_inputs, features)));
    const Matrix measured = data.design_values(fold.validation_rows, Eigen::all);
    const auto error = [&](const Matrix& inputs) {
      const Matrix off =
          predict_values(fold.encoder, scored.networks[k], inputs, features) - measured;
      double total = 0;
      for (Eigen::Index t = 0; t < off.cols(); ++t)
        total += off.col(t).squaredNorm() * std::pow(data.encoder.targets[t].factor, 2);
      return total;
    };
    const auto effects =
        permutation_effects(fold.validation_inputs, groups, error, kShuffles, rng);
    for (std::size_t c = 0; c < effects.size(); ++c)
      result.input_effects[c] += effects[c] / static_cast<double>(folds.size());
  }
  result.held_out_measured = held_out.measured();
  result.held_out_predicted = held_out.predicted();
}

std::vector<BaselineResult> measure_baselines(const StudyData& data) {
  std::vector<BaselineResult> results;
  for (const Baseline& baseline : baselines()) {
    BaselineResult result{.name = std::string(baseline.name),
                          .explanation = std::string(baseline.explanation)};
    HeldOut held_out(data);
    for (const FoldData& fold : data.repeats.front())
      held_out.add(fold, baseline.predict(fold.train_inputs, fold.train_targets,
                                          fold.validation_inputs));
    result.validation = figures(held_out.measured(), held_out.predicted());
    if (data.test_inputs.rows() > 0)
      result.test = figures(data.test_values,
                            decode_targets(data.encoder,
                                           baseline.predict(data.design_inputs, data.design_targets,
                                                            data.test_inputs)));
    results.push_back(std::move(result));
  }
  return results;
}

Model make_model(const RecipeContext& context, const Recipe& recipe, const DesignResult& result) {
  const StudyData& data = *context.data;
  const FrontMember& pick = result.front[result.picked];
  Model model{.encoder = data.encoder};
  model.members.push_back(
      {pick.network, Vector::Ones(data.targets()), pick.plan.features});
  if (result.held_out_measured.rows() > 0)
    model.intervals = fit_intervals(result.held_out_measured, result.held_out_predicted);
  const int rows = static_cast<int>(data.split.design.size());
  for (int k = 0; k < std::min(kTestVectors, rows); ++k) {
    const int position = static_cast<int>(static_cast<std::int64_t>(k) * rows / kTestVectors);
    const Matrix output = predict_values(data.encoder, pick.network,
                                         data.design_inputs.row(position), pick.plan.features);
    model.test_vectors.push_back({cells_of(data.data, data.split.design[position]),
                                  {output.data(), output.data() + output.size()}});
  }
  model.provenance["cupel"] = kVersion;
  model.provenance["recipe"] = recipe.name;
  model.provenance["source"] = recipe.source;
  model.provenance["data"] = data.table.source;
  model.provenance["data_fingerprint"] = data.data.fingerprint;
  model.provenance["trial"] = pick.trial.number;
  model.provenance["why"] = result.why;
  model.provenance["options"] = to_json(*context.options);
  for (std::size_t t = 0; t < pick.validation.size(); ++t)
    model.provenance["validation"][data.data.targets[t].name] = to_json(pick.validation[t]);
  for (std::size_t t = 0; t < pick.test.size(); ++t)
    model.provenance["test"][data.data.targets[t].name] = to_json(pick.test[t]);
  return model;
}

}  // namespace cupel
