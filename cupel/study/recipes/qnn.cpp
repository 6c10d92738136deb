// Recipe qnn: single feed-forward networks designed by NSGA-II and trained by a quasi-Newton
// method. Source: Furtună (Popa), doctoral thesis, Iaşi 2011 (NSGA-II-QNN); written out in
// docs/methods/qnn.md with what the honest protocol changes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cupel/base/rng.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/study/race.hpp"
#include "cupel/study/recipes/all.hpp"
#include "cupel/study/recipes/input_flags.hpp"
#include "cupel/study/recipes/single_network.hpp"
#include "cupel/study/search_flow.hpp"
#include "cupel/training/train_follower.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 2> kObjectives = {"1 - perf_index", "weights"};
constexpr int kMostNeurons = 20;
/// Candidates drawn at random before the search begins to follow the scores.
constexpr int kOpening = 240;
/// Iterations of a training that also ends as soon as it slows down.
constexpr int kShortTraining = 300;

/// Positions of the genes; the flags of the input columns follow.
enum Place {
  kLayers,
  kFirst,
  kSecond,
  kFirstActivation,
  kSecondActivation,
  kOutputActivation,
  kRidge,
  kIterations,
  kInputs
};

/// Noisy data want a training that ends early, exact data a long one: the search decides.
std::vector<double> iteration_choices(const DesignOptions& options) {
  if (options.iterations > 0) return {static_cast<double>(options.iterations)};
  return {kShortTraining, 2000};
}

Space space(const RecipeContext& context) {
  const DesignOptions& options = *context.options;
  const double most = options.max_neurons > 0 ? options.max_neurons : kMostNeurons;
  const double layers = options.hidden_layers > 0 ? options.hidden_layers : 2;
  const std::vector<std::string> hidden = {"tanh", "logistic"};
  Space space;
  space.genes = {
      {.name = "hidden_layers", .kind = GeneKind::integer, .low = 1, .up = layers},
      {.name = "neurons_1", .kind = GeneKind::integer, .low = 1, .up = most},
      {.name = "neurons_2", .kind = GeneKind::integer, .low = 1, .up = most},
      {.name = "activation_1", .kind = GeneKind::category, .labels = hidden},
      {.name = "activation_2", .kind = GeneKind::category, .labels = hidden},
      {.name = "output_activation",
       .kind = GeneKind::category,
       .labels = options.as_published() ? std::vector<std::string>{"linear", "tanh", "logistic"}
                                        : std::vector<std::string>{"linear"}}};
  if (options.as_published()) return space;
  space.genes.push_back({.name = "log10_ridge", .kind = GeneKind::real, .low = -3, .up = 2});
  space.genes.push_back(
      {.name = "iterations", .kind = GeneKind::set, .values = iteration_choices(options)});
  add_input_flags(space, context.data->encoder);
  return space;
}

MethodOptions search_options(const RecipeContext& context) {
  MethodOptions options;
  if (context.options->as_published()) {
    options = {.population = 20,
               .generations = 10,
               .tournament = 3,
               .thesis_operators = true,
               .crossover_probability = 0.8,
               .mutation_probability = 0.17};
    return options;
  }
  options.population = 24;
  options.first = opening_with_inputs(space(context), kInputs, kOpening, context.options->seed);
  return options;
}

NetworkPlan plan(const RecipeContext& context, const Candidate& candidate) {
  const Encoder& encoder = context.data->encoder;
  NetworkPlan plan;
  plan.features = flagged_features(encoder, candidate, kInputs);
  const auto activation = [&](Place place) {
    return candidate[place] == 0 ? Activation::tanh : Activation::logistic;
  };
  plan.topology.inputs = static_cast<int>(plan.features.size());
  plan.topology.layers.push_back(
      {static_cast<int>(candidate[kFirst]), activation(kFirstActivation)});
  if (candidate[kLayers] > 1)
    plan.topology.layers.push_back(
        {static_cast<int>(candidate[kSecond]), activation(kSecondActivation)});
  constexpr std::array outputs = {Activation::linear, Activation::tanh, Activation::logistic};
  plan.topology.layers.push_back(
      {context.data->targets(), outputs[static_cast<std::size_t>(candidate[kOutputActivation])]});
  if (candidate.size() > kInputs) {
    plan.ridge = std::pow(10, candidate[kRidge]);
    plan.iterations = static_cast<int>(candidate[kIterations]);
  }
  return plan;
}

TrainOptions train_options(const RecipeContext& context, const NetworkPlan& plan) {
  TrainOptions options;
  if (context.options->as_published()) {
    options.optimizer = Optimizer::bfgs;
    options.starts = 10;
    options.max_iterations = 200;
    options.max_step = 10;
    options.gradient_tolerance = 1e-3;
  } else {
    options.ridge = plan.ridge;
    options.bias_ridge = 1e-3;
    options.max_iterations = plan.iterations;
    options.progress_tolerance = plan.iterations <= kShortTraining ? 1e-3 : 1e-5;
    options.gradient_tolerance = 1e-5;
  }
  return with_given(options, context);
}

double work(const RecipeContext& context, const Candidate& candidate) {
  const NetworkPlan network = plan(context, candidate);
  const TrainOptions options = train_options(context, network);
  double rows = 0;
  if (context.options->as_published())
    rows = static_cast<double>(context.data->design_inputs.rows());
  else
    for (const FoldData& fold : context.data->repeats.front())
      rows += static_cast<double>(fold.train_inputs.rows());
  return rows * parameter_count(network.topology) * options.max_iterations * options.starts;
}

/// A logistic output on targets in [0.05, 0.95] is a tanh output with halved weights on targets
/// in [-0.9, 0.9]: 2/(1 + exp(-a)) - 1 = tanh(a/2). Trained as the source does, kept as the latter.
TrainResult train_scaled(const NetworkPlan& plan, const Matrix& inputs, const Matrix& targets,
                         const TrainOptions& options, std::uint64_t seed) {
  if (plan.topology.layers.back().activation != Activation::logistic)
    return train(plan.topology, PackedSamples(inputs, targets), nullptr, options, seed);
  const Matrix shifted = 0.5 + 0.5 * targets.array();
  TrainResult result = train(plan.topology, PackedSamples(inputs, shifted), nullptr, options, seed);
  Mlp& network = result.network;
  const int last = static_cast<int>(network.topology.layers.size()) - 1;
  network.topology.layers.back().activation = Activation::tanh;
  network.parameters.tail(network.parameters.size() - layer_offset(network.topology, last)) *= 0.5;
  result.training_loss *= 4;
  return result;
}

void describe(const NetworkPlan& plan, const RecipeContext& context, Trial& trial) {
  trial.measures["structure"] = structure_text(plan);
  trial.measures["parameters"] = parameter_count(plan.topology);
  trial.measures["inputs"] = input_names(context.data->encoder, plan.features);
}

/// As the source scores: trained on all design rows, r and NMSE on the test part.
void run_as_published(const RecipeContext& context, Trial& trial) {
  const StudyData& data = *context.data;
  const NetworkPlan network = plan(context, trial.candidate);
  describe(network, context, trial);
  const TrainResult result =
      train_scaled(network, pick_columns(data.design_inputs, network.features), data.design_targets,
                   train_options(context, network), trial.seed);
  if (result.reason == StopReason::cancelled) return;
  if (result.reason == StopReason::not_finite) return fail_trial(trial, kInfiniteError);
  const Matrix predicted = decode_targets(
      data.encoder, predict(result.network, pick_columns(data.test_inputs, network.features)));
  const double index =
      performance_index(data.encoder, data.test_values, predicted, result.training_loss);
  trial.measures["perf_index"] = index;
  trial.measures["train_mse"] = result.training_loss;
  record_errors(data, data.test_values, predicted, trial);
  trial.score.objectives = {1 - index, static_cast<double>(parameter_count(network.topology))};
  trial.networks.push_back(result.network);
}

void run(const RecipeContext& context, int repeat, Trial& trial) {
  if (context.options->as_published()) return run_as_published(context, trial);
  const StudyData& data = *context.data;
  const NetworkPlan network = plan(context, trial.candidate);
  describe(network, context, trial);
  if (network.features.empty()) return fail_trial(trial, "a network without inputs");
  const TrainOptions options = train_options(context, network);
  HeldOut held_out(data);
  double training_loss = 0;
  int iterations = 0;
  const auto& folds = data.folds_of(repeat);
  for (std::size_t k = 0; k < folds.size(); ++k) {
    TrainResult result = train_scaled(
        network, rows_of_repeat(folds[k].train_inputs, network.features, repeat),
        rows_of_repeat(folds[k].train_targets, repeat), options, mix_seed({trial.seed, k}));
    if (result.reason == StopReason::cancelled) return;
    if (result.reason == StopReason::not_finite) return fail_trial(trial, kInfiniteError);
    training_loss += result.training_loss / static_cast<double>(folds.size());
    iterations += result.iterations;
    trial.measures["iterations"] = iterations;
    held_out.add(folds[k], predict(result.network,
                                   pick_columns(folds[k].validation_inputs, network.features)));
    trial.networks.push_back(std::move(result.network));
    if (k + 1 < folds.size() &&
        stop_early(context, held_out, parameter_count(network.topology), trial))
      return;
  }
  record_race(held_out, trial);
  const double index =
      performance_index(data.encoder, held_out.measured(), held_out.predicted(), std::nullopt);
  if (!std::isfinite(index))
    return fail_trial(trial, "predictions on held-out rows are not finite");
  trial.measures["perf_index"] = index;
  trial.measures["train_mse"] = training_loss;
  record_errors(data, held_out.measured(), held_out.predicted(), trial);
  trial.measures["block_errors"] = held_out.block_errors();
  trial.score.objectives = {1 - index, static_cast<double>(parameter_count(network.topology))};
}

Mlp refit(const RecipeContext& context, const Trial& trial, int starts, std::uint64_t seed) {
  if (context.options->as_published()) return trial.networks.front();
  const NetworkPlan network = plan(context, trial.candidate);
  TrainOptions options = train_options(context, network);
  options.starts = starts;
  // The fold's network is nearly right for all rows: it opens the first start.
  if (!trial.networks.empty()) options.first = {trial.networks.front().parameters};
  return network_of_all_rows(context, {network, options}, seed);
}

std::vector<Member> members(const RecipeContext& context, const Trial& trial,
                            std::vector<Mlp> networks) {
  const NetworkPlan network = plan(context, trial.candidate);
  return members_of(context, {network, train_options(context, network)}, std::move(networks));
}

}  // namespace

const Recipe& qnn_recipe() {
  static const Recipe recipe = {
      .name = "qnn",
      .summary = "single networks: NSGA-II chooses the structure, a quasi-Newton method trains",
      .source = "Furtună (Popa), doctoral thesis, Iaşi 2011 (NSGA-II-QNN)",
      .objectives = kObjectives,
      .flow = search_and_confirm,
      .space = space,
      .search_options = search_options,
      .published_trials = 200,
      .plan = plan,
      .work = work,
      .run = run,
      .refit = refit,
      .members = members};
  return recipe;
}

}  // namespace cupel
