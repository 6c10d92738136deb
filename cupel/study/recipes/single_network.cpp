#include "cupel/study/recipes/single_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "cupel/base/rng.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/study/race.hpp"
#include "cupel/training/train_follower.hpp"

namespace cupel {
namespace {

/// From a network that is nearly right.
constexpr int kMostIterationsOnAll = 50;

void describe(const RecipeContext& context, const NetworkPlan& plan, Trial& trial) {
  trial.measures["structure"] = structure_text(plan);
  trial.measures["parameters"] = parameter_count(plan.topology);
  trial.measures["inputs"] = input_names(context.data->encoder, plan.features);
}

/// What the trained network predicts and how it was trained becomes the score.
void set_score(const RecipeContext& context, const NetworkPlan& plan, const Matrix& measured,
               const Matrix& predicted, Trial& trial) {
  record_errors(*context.data, measured, predicted, trial);
  const double error = trial.measures.at("nmse").as_number();
  if (!std::isfinite(error))
    return fail_trial(trial, "predictions on held-out rows are not finite");
  trial.score.objectives = {error, static_cast<double>(parameter_count(plan.topology))};
}

void score_as_published(const RecipeContext& context, const SingleTraining& training,
                        Trial& trial) {
  const StudyData& data = *context.data;
  const auto& features = training.plan.features;
  TrainResult result =
      train(training.plan.topology,
            PackedSamples(pick_columns(data.design_inputs, features), data.design_targets), nullptr,
            training.options, trial.seed);
  if (result.reason == StopReason::cancelled) return;
  if (result.reason == StopReason::not_finite) return fail_trial(trial, kInfiniteError);
  trial.measures["train_loss"] = result.training_loss;
  const Matrix predicted = decode_targets(
      data.encoder, predict(result.network, pick_columns(data.test_inputs, features)));
  trial.networks.push_back(std::move(result.network));
  set_score(context, training.plan, data.test_values, predicted, trial);
}

}  // namespace

void fail_trial(Trial& trial, std::string_view reason) {
  trial.state = TrialState::failed;
  trial.reason = reason;
  trial.score = {.failed = true};
}

TrainOptions with_given(TrainOptions options, const RecipeContext& context) {
  const DesignOptions& given = *context.options;
  options.kernels = given.kernels;
  options.stop = context.stop;
  if (given.loss != "auto") options.loss = loss_of(given);
  if (given.optimizer != "auto") options.optimizer = optimizer_from_name(given.optimizer);
  if (given.starts > 0) options.starts = given.starts;
  if (given.iterations > 0) options.max_iterations = given.iterations;
  if (given.max_step > 0) options.max_step = given.max_step;
  if (given.gradient_tolerance > 0) options.gradient_tolerance = given.gradient_tolerance;
  return options;
}

std::vector<int> all_features(const Encoder& encoder) {
  std::vector<int> features(static_cast<std::size_t>(encoder.inputs()));
  std::iota(features.begin(), features.end(), 0);
  return features;
}

void score_single(const RecipeContext& context, int repeat, const SingleTraining& training,
                  Trial& trial) {
  describe(context, training.plan, trial);
  if (context.options->as_published()) return score_as_published(context, training, trial);
  const StudyData& data = *context.data;
  const auto& features = training.plan.features;
  HeldOut held_out(data);
  const auto& folds = data.folds_of(repeat);
  double training_loss = 0;
  int iterations = 0;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    TrainResult result =
        train(training.plan.topology,
              PackedSamples(rows_of_repeat(folds[k].train_inputs, features, repeat),
                            rows_of_repeat(folds[k].train_targets, repeat)),
              nullptr, training.options, mix_seed({trial.seed, k}));
    if (result.reason == StopReason::cancelled) return;
    if (result.reason == StopReason::not_finite) return fail_trial(trial, kInfiniteError);
    training_loss += result.training_loss / static_cast<double>(folds.size());
    iterations += result.iterations;
    trial.measures["iterations"] = iterations;
    held_out.add(folds[k],
                 predict(result.network, pick_columns(folds[k].validation_inputs, features)));
    trial.networks.push_back(std::move(result.network));
    if (k + 1 < folds.size() &&
        stop_early(context, held_out, parameter_count(training.plan.topology), trial))
      return;
  }
  record_race(held_out, trial);
  trial.measures["train_loss"] = training_loss;
  trial.measures["block_errors"] = held_out.block_errors();
  set_score(context, training.plan, held_out.measured(), held_out.predicted(), trial);
}

Mlp refit_single(const RecipeContext& context, SingleTraining training, const Trial& trial,
                 int starts, std::uint64_t seed) {
  if (context.options->as_published()) return trial.networks.front();
  training.options.starts = std::max(starts, 1);
  return network_of_all_rows(context, training, seed);
}

Mlp network_of_all_rows(const RecipeContext& context, const SingleTraining& training,
                        std::uint64_t seed) {
  const Topology& topology = training.plan.topology;
  const Matrix inputs = pick_columns(context.data->design_inputs, training.plan.features);
  const Matrix& targets = context.data->design_targets;
  TrainOptions options = training.options;
  TrainResult result =
      train_follower(topology, some_rows(inputs), some_rows(targets), options, seed);
  const bool good =
      result.reason != StopReason::not_finite && result.reason != StopReason::cancelled;
  if (good && inputs.rows() > kManyRows) {
    options.starts = 1;
    options.first = {result.network.parameters};
    const auto again = static_cast<int>(options.max_iterations * kManyRows / inputs.rows());
    options.max_iterations = std::clamp(again, 1, kMostIterationsOnAll);
    TrainResult on_all = train(topology, PackedSamples(inputs, targets), nullptr, options, seed);
    if (on_all.reason != StopReason::not_finite) result = std::move(on_all);
  }
  if (result.reason == StopReason::not_finite)
    result.network.parameters.setConstant(std::numeric_limits<double>::quiet_NaN());
  return std::move(result.network);
}

double work_of(const RecipeContext& context, const SingleTraining& training) {
  /// One step of a mini-batch costs at least what so many rows and so many weights do.
  constexpr double kLeastRows = 16, kLeastWeights = 400;
  double rows = 0;
  if (context.options->as_published())
    rows = static_cast<double>(context.data->design_inputs.rows());
  else
    for (const FoldData& fold : context.data->repeats.front())
      rows += static_cast<double>(fold.train_inputs.rows());
  const TrainOptions& options = training.options;
  double weights = parameter_count(training.plan.topology);
  if (const auto& window = training.plan.topology.window) weights *= window->steps;
  if (options.optimizer == Optimizer::adam) {
    rows *= std::max(1.0, kLeastRows / options.batch_rows);
    weights += kLeastWeights;
  }
  return rows * weights * options.max_iterations * options.starts;
}

std::vector<Member> members_of(const RecipeContext& context, const SingleTraining& training,
                               std::vector<Mlp> networks) {
  std::vector<Member> all;
  for (Mlp& network : networks)
    all.push_back({.network = std::move(network),
                   .weights = Vector::Ones(context.data->targets()),
                   .features = training.plan.features,
                   .ridge = training.options.ridge,
                   .bias_ridge = training.options.bias_ridge});
  return all;
}

}  // namespace cupel
