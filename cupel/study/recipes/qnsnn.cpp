// Recipe qnsnn: NSGA-II designs a stack of up to five small networks, each trained by a
// quasi-Newton method. Source: Furtună (Popa), doctoral thesis, Iaşi 2011 (NSGA-II-QNSNN); written
// out in docs/methods/qnsnn.md.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "cupel/base/rng.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/study/race.hpp"
#include "cupel/study/recipes/all.hpp"
#include "cupel/study/recipes/input_flags.hpp"
#include "cupel/study/recipes/single_network.hpp"
#include "cupel/study/search_flow.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 2> kObjectives = {"1 - perf_index", "neurons"};
constexpr int kMostNetworks = 5, kFewestNeurons = 2;
/// Of one network: by default as in recipe qnn, and as published.
constexpr int kMostNeurons = 20, kPublishedNeurons = 15;

/// Candidates drawn at random before the search begins to follow the scores.
constexpr int kOpening = 120;
/// Iterations of a training that also ends as soon as it slows down, and of a patient one.
constexpr int kShortTraining = 300, kLongTraining = 2000;

/// Positions of the genes: how many networks, the neurons of each, the ridge, then the weights,
/// target by target. By default these follow: the iterations, the rows that each network sees, and
/// the flags of the input columns.
enum Place { kNetworks, kNeurons, kRidge = kNeurons + kMostNetworks, kWeights };

std::size_t after_weights(const RecipeContext& context) {
  return static_cast<std::size_t>(kWeights + context.data->targets() * kMostNetworks);
}
std::size_t iterations_at(const RecipeContext& context) { return after_weights(context); }
std::size_t rows_at(const RecipeContext& context) { return after_weights(context) + 1; }
std::size_t inputs_at(const RecipeContext& context) { return after_weights(context) + 2; }

Space space(const RecipeContext& context) {
  const DesignOptions& options = *context.options;
  const int own = options.as_published() ? kPublishedNeurons : kMostNeurons;
  const double most = options.max_neurons > 0 ? std::max(options.max_neurons, kFewestNeurons) : own;
  Space space{{{.name = "networks", .kind = GeneKind::integer, .low = 1, .up = kMostNetworks}}};
  for (int k = 1; k <= kMostNetworks; ++k)
    space.genes.push_back({.name = fmt::format("neurons_{}", k),
                           .kind = GeneKind::integer,
                           .low = kFewestNeurons,
                           .up = most});
  const double lowest = -3, highest = options.as_published() ? -3 : 1;
  space.genes.push_back(
      {.name = "log10_ridge", .kind = GeneKind::real, .low = lowest, .up = highest});
  for (int t = 1; t <= context.data->targets(); ++t)
    for (int k = 1; k <= kMostNetworks; ++k)
      space.genes.push_back(
          {.name = fmt::format("weight_{}_{}", t, k), .kind = GeneKind::real, .low = 0, .up = 1});
  if (options.as_published()) return space;
  std::vector<double> iterations = {kShortTraining, kLongTraining};
  if (options.iterations > 0) iterations = {static_cast<double>(options.iterations)};
  space.genes.push_back(
      {.name = "iterations", .kind = GeneKind::set, .values = std::move(iterations)});
  space.genes.push_back(
      {.name = "rows", .kind = GeneKind::category, .labels = {"resampled", "all"}});
  add_input_flags(space, context.data->encoder);
  return space;
}

int network_count(const Candidate& candidate) { return static_cast<int>(candidate[kNetworks]); }

int neurons(const Candidate& candidate) {
  const auto first = candidate.begin() + kNeurons;
  return static_cast<int>(std::accumulate(first, first + network_count(candidate), 0.0));
}

std::vector<int> features(const RecipeContext& context, const Candidate& candidate) {
  return flagged_features(context.data->encoder, candidate, inputs_at(context));
}

/// Noisy data want networks that differ in what they saw, exact data every row for each.
bool resamples(const RecipeContext& context, const Candidate& candidate) {
  return !context.options->as_published() && network_count(candidate) > 1 &&
         candidate[rows_at(context)] == 0;
}

/// What belongs to networks that are not there means nothing.
Candidate canonical(const RecipeContext& context, const Candidate& candidate) {
  Candidate one = candidate;
  for (int k = network_count(candidate); k < kMostNetworks; ++k) {
    one[kNeurons + k] = kFewestNeurons;
    for (int t = 0; t < context.data->targets(); ++t) one[kWeights + t * kMostNetworks + k] = 0;
  }
  if (network_count(candidate) == 1 && !context.options->as_published()) one[rows_at(context)] = 1;
  return one;
}

/// Half of the opening candidates weigh their networks equally.
std::vector<Candidate> opening(const RecipeContext& context) {
  std::vector<Candidate> candidates =
      opening_with_inputs(space(context), inputs_at(context), kOpening, context.options->seed);
  for (std::size_t k = 0; k < candidates.size(); ++k)
    if (k % 4 < 2)
      std::fill(candidates[k].begin() + kWeights,
                candidates[k].begin() + static_cast<std::ptrdiff_t>(after_weights(context)), 1.0);
  return candidates;
}

MethodOptions search_options(const RecipeContext& context) {
  if (context.options->as_published())
    return {.population = 50,
            .generations = 150,
            .tournament = 3,
            .thesis_operators = true,
            .crossover_probability = 0.7,
            .mutation_probability = 0.09};
  MethodOptions options;
  options.population = 24;
  options.first = opening(context);
  return options;
}

/// A target's weights of the networks, summing to 1; all equal where every gene is 0.
Vector target_weights(const Candidate& candidate, int target) {
  Vector weights(network_count(candidate));
  for (Eigen::Index k = 0; k < weights.size(); ++k)
    weights[k] = candidate[kWeights + target * kMostNetworks + static_cast<int>(k)];
  if (weights.sum() <= 0) weights.setOnes();
  return weights / weights.sum();
}

Topology one_hidden_layer(const RecipeContext& context, const Candidate& candidate, int units) {
  return {static_cast<int>(features(context, candidate).size()),
          {{units, Activation::tanh}, {context.data->targets(), Activation::linear}}};
}

/// Networks of one hidden layer side by side are one network: their neurons together, and output
/// weights times the stack's weights.
Mlp merged(const RecipeContext& context, const Candidate& candidate,
           const std::vector<Mlp>& networks) {
  Mlp stack{one_hidden_layer(context, candidate, neurons(candidate)), {}, {}};
  stack.parameters = Vector::Zero(parameter_count(stack.topology));
  const int inputs = stack.topology.inputs, all = neurons(candidate),
            targets = context.data->targets(), outputs = layer_offset(stack.topology, 1);
  int before = 0;
  for (std::size_t k = 0; k < networks.size(); ++k) {
    const Vector& from = networks[k].parameters;
    const int units = networks[k].topology.layers[0].units;
    const int from_outputs = layer_offset(networks[k].topology, 1);
    stack.parameters.segment(before * inputs, units * inputs) = from.head(units * inputs);
    stack.parameters.segment(all * inputs + before, units) = from.segment(units * inputs, units);
    for (int t = 0; t < targets; ++t) {
      const double weight = target_weights(candidate, t)[static_cast<Eigen::Index>(k)];
      stack.parameters.segment(outputs + t * all + before, units) =
          weight * from.segment(from_outputs + t * units, units);
      stack.parameters[outputs + targets * all + t] +=
          weight * from[from_outputs + targets * units + t];
    }
    before += units;
  }
  return stack;
}

TrainOptions train_options(const RecipeContext& context, const Candidate& candidate) {
  TrainOptions options;
  options.max_iterations = kShortTraining;
  if (context.options->as_published()) {
    options.optimizer = Optimizer::bfgs;
    options.gradient_tolerance = 1e-3;
  } else {
    options.ridge = std::pow(10, candidate[kRidge]);
    options.bias_ridge = 1e-3;
    options.max_iterations = static_cast<int>(candidate[iterations_at(context)]);
    options.progress_tolerance = options.max_iterations <= kShortTraining ? 1e-3 : 1e-5;
    options.gradient_tolerance = 1e-5;
  }
  return with_given(options, context);
}

/// Rows drawn with replacement, so that the networks of a stack differ in what they saw.
std::vector<int> resampled(int rows, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<int> drawn(static_cast<std::size_t>(rows));
  for (int& row : drawn) row = rng.below(rows);
  return drawn;
}

struct Stack {
  std::optional<Mlp> network;  ///< empty: cancelled or failed
  StopReason reason = StopReason::max_iterations;
  double mse = 0;
};

Stack train_stack(const RecipeContext& context, const Candidate& candidate, const Matrix& inputs,
                  const Matrix& targets, std::uint64_t seed, const TrainOptions& options) {
  const PackedSamples samples(inputs, targets);
  std::vector<Mlp> networks;
  for (int k = 0; k < network_count(candidate); ++k) {
    const auto own = mix_seed({seed, static_cast<std::uint64_t>(k)});
    PackedSamples drawn = samples.with_capacity(samples.rows());
    std::vector<int> rows = resampled(samples.rows(), own);
    if (!resamples(context, candidate)) std::iota(rows.begin(), rows.end(), 0);
    drawn.assign(samples, rows);
    TrainResult result =
        train(one_hidden_layer(context, candidate, static_cast<int>(candidate[kNeurons + k])),
              drawn, nullptr, options, own);
    if (result.reason == StopReason::cancelled || result.reason == StopReason::not_finite)
      return {.network = std::nullopt, .reason = result.reason};
    networks.push_back(std::move(result.network));
  }
  Stack stack{.network = merged(context, candidate, networks)};
  stack.mse = (predict(*stack.network, inputs) - targets).squaredNorm() /
              static_cast<double>(targets.size());
  return stack;
}

NetworkPlan plan(const RecipeContext& context, const Candidate& candidate) {
  return {.topology = one_hidden_layer(context, candidate, neurons(candidate)),
          .features = features(context, candidate),
          .ridge = std::pow(10, candidate[kRidge])};
}

double work(const RecipeContext& context, const Candidate& candidate) {
  return work_of(context, {plan(context, candidate), train_options(context, candidate)});
}

std::string stack_text(const Candidate& candidate) {
  std::string text = network_count(candidate) == 1
                         ? "one network: "
                         : fmt::format("stack of {}: ", network_count(candidate));
  for (int k = 0; k < network_count(candidate); ++k)
    text += fmt::format("{}{:.0f}", k == 0 ? "" : " + ", candidate[kNeurons + k]);
  return text + " tanh";
}

void run(const RecipeContext& context, int repeat, Trial& trial) {
  const StudyData& data = *context.data;
  const Candidate& candidate = trial.candidate;
  const TrainOptions options = train_options(context, candidate);
  trial.measures["structure"] = stack_text(candidate);
  trial.measures["parameters"] = parameter_count(plan(context, candidate).topology);
  const std::vector<int> read = features(context, candidate);
  trial.measures["inputs"] = input_names(data.encoder, read);
  if (read.empty()) return fail_trial(trial, "a network without inputs");
  const auto lost = [&](const Stack& stack) {
    if (stack.network) return false;
    if (stack.reason == StopReason::not_finite) fail_trial(trial, kInfiniteError);
    return true;
  };
  Matrix measured, predicted;
  std::optional<double> training_mse;
  if (context.options->as_published()) {
    Stack stack = train_stack(context, candidate, data.design_inputs, data.design_targets,
                              trial.seed, options);
    if (lost(stack)) return;
    measured = data.test_values;
    predicted = decode_targets(data.encoder, predict(*stack.network, data.test_inputs));
    training_mse = stack.mse;
    trial.networks.push_back(std::move(*stack.network));
  } else {
    HeldOut held_out(data);
    const auto& folds = data.folds_of(repeat);
    for (std::size_t k = 0; k < folds.size(); ++k) {
      Stack stack = train_stack(
          context, candidate, rows_of_repeat(folds[k].train_inputs, read, repeat),
          rows_of_repeat(folds[k].train_targets, repeat), mix_seed({trial.seed, k}), options);
      if (lost(stack)) return;
      held_out.add(folds[k],
                   predict(*stack.network, pick_columns(folds[k].validation_inputs, read)));
      trial.networks.push_back(std::move(*stack.network));
      if (k + 1 < folds.size() && stop_early(context, held_out, neurons(candidate), trial)) return;
    }
    record_race(held_out, trial);
    measured = held_out.measured();
    predicted = held_out.predicted();
    trial.measures["block_errors"] = held_out.block_errors();
  }
  const double index = performance_index(data.encoder, measured, predicted, training_mse);
  if (!std::isfinite(index))
    return fail_trial(trial, "predictions on held-out rows are not finite");
  trial.measures["perf_index"] = index;
  if (training_mse) trial.measures["train_mse"] = *training_mse;
  record_errors(data, measured, predicted, trial);
  trial.score.objectives = {1 - index, static_cast<double>(neurons(candidate))};
}

Mlp refit(const RecipeContext& context, const Trial& trial, int starts, std::uint64_t seed) {
  if (context.options->as_published()) return trial.networks.front();
  TrainOptions options = train_options(context, trial.candidate);
  options.starts = std::clamp(starts, 1, 3);
  Stack stack =
      train_stack(context, trial.candidate,
                  pick_columns(context.data->design_inputs, features(context, trial.candidate)),
                  context.data->design_targets, seed, options);
  if (stack.network) return std::move(*stack.network);
  Mlp none{plan(context, trial.candidate).topology, {}, {}};
  none.parameters =
      Vector::Constant(parameter_count(none.topology), std::numeric_limits<double>::quiet_NaN());
  return none;
}

/// A stack counts as the one network that it is, with the penalty of its parts.
std::vector<Member> members(const RecipeContext& context, const Trial& trial,
                            std::vector<Mlp> networks) {
  const Candidate& candidate = trial.candidate;
  return members_of(context, {plan(context, candidate), train_options(context, candidate)},
                    std::move(networks));
}

}  // namespace

const Recipe& qnsnn_recipe() {
  static const Recipe recipe = {
      .name = "qnsnn",
      .summary = "stacks of small networks: NSGA-II chooses, a quasi-Newton method trains",
      .source = "Furtună (Popa), doctoral thesis, Iaşi 2011 (NSGA-II-QNSNN)",
      .objectives = kObjectives,
      .flow = search_and_confirm,
      .space = space,
      .search_options = search_options,
      .published_trials = 7500,
      .plan = plan,
      .work = work,
      .run = run,
      .canonical = canonical,
      .refit = refit,
      .members = members};
  return recipe;
}

}  // namespace cupel
