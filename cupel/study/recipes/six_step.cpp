// Recipe six-step: one choice after the other, hidden neurons, learning rates, momenta, output
// activation, then the same for two hidden layers. Source: Furtună (Popa), doctoral thesis, Iaşi
// 2011; written out in docs/methods/six-step.md.
#include "cupel/study/recipes/six_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cupel/base/rng.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/study/recipes/all.hpp"
#include "cupel/study/recipes/single_network.hpp"
#include "cupel/study/search_flow.hpp"
#include "cupel/study/work_ahead.hpp"

namespace cupel {
namespace {

constexpr std::array<std::string_view, 2> kObjectives = {"1 - perf_index", "weights"};
/// Longer ranges of neurons are swept at evenly spaced values.
constexpr int kMostInASweep = 24;
constexpr int kManyEpochs = 1000, kFewEpochs = 100, kStarts = 3, kMostNeurons = 40;
/// By default as many epochs as give about so much work in so many simulations.
constexpr double kWork = 4e11, kSimulations = 130;
/// Few data: less than so many rows a weight of ten hidden neurons.
constexpr double kFewRows = 10;

enum Place { kFirst, kSecond, kHiddenRate, kOutputRate, kHiddenMomentum, kOutputMomentum, kOutput };
constexpr std::array kOutputs = {Activation::tanh, Activation::logistic,
                                 Activation::clipped_symmetric, Activation::clipped_unit,
                                 Activation::linear};

std::vector<double> tenths(int last) {
  std::vector<double> values;
  for (int k = 1; k <= last; ++k) values.push_back(k / 10.0);
  return values;
}

NeuronRange range_of(const RecipeContext& context) {
  const StudyData& data = *context.data;
  const int rows = static_cast<int>(data.repeats.front().front().train_inputs.rows());
  NeuronRange range = neuron_range(rows, data.encoder.inputs(), data.targets());
  if (context.options->max_neurons > 0)
    range.up = std::min(range.up, context.options->max_neurons);
  else if (!context.options->as_published())
    range.up = std::min(range.up, kMostNeurons);
  range.low = std::min(range.low, range.up);
  return range;
}

Space space(const RecipeContext& context) {
  const double most = std::max(2, range_of(context).up);
  std::vector<std::string> outputs;
  for (Activation activation : kOutputs) outputs.emplace_back(activation_name(activation));
  return {{{.name = "neurons_1", .kind = GeneKind::integer, .low = 1, .up = most},
           {.name = "neurons_2", .kind = GeneKind::integer, .low = 0, .up = most},
           {.name = "hidden_rate", .kind = GeneKind::set, .values = tenths(10)},
           {.name = "output_rate", .kind = GeneKind::set, .values = tenths(10)},
           {.name = "hidden_momentum", .kind = GeneKind::set, .values = tenths(9)},
           {.name = "output_momentum", .kind = GeneKind::set, .values = tenths(9)},
           {.name = "output_activation", .kind = GeneKind::category, .labels = outputs}}};
}

MethodOptions search_options(const RecipeContext&) { return {.population = 24}; }

/// The published number, or fewer where rows are so many that a run would take long.
int epochs(const RecipeContext& context) {
  if (context.options->as_published()) return kManyEpochs;
  double rows = 0;
  for (const FoldData& fold : context.data->repeats.front())
    rows += static_cast<double>(fold.train_inputs.rows());
  const double weights =
      0.5 * range_of(context).up * (context.data->encoder.inputs() + context.data->targets());
  return static_cast<int>(std::clamp<double>(
      kWork / (kSimulations * kStarts * rows * std::max(weights, 1.0)), kFewEpochs, kManyEpochs));
}

SingleTraining training_of(const RecipeContext& context, const Candidate& candidate) {
  SingleTraining training;
  training.plan.features = all_features(context.data->encoder);
  Topology& topology = training.plan.topology;
  topology.inputs = static_cast<int>(training.plan.features.size());
  for (const Place place : {kFirst, kSecond})
    if (candidate[place] > 0)
      topology.layers.push_back({static_cast<int>(candidate[place]), Activation::tanh});
  topology.layers.push_back(
      {context.data->targets(), kOutputs[static_cast<std::size_t>(candidate[kOutput])]});
  TrainOptions options;
  options.optimizer = Optimizer::momentum;
  options.initial_range = 0;  // ±2.4 / inputs of the neuron
  options.max_iterations = epochs(context);
  options.starts = kStarts;
  options.gradient_tolerance = 0;
  options.hidden_rate = candidate[kHiddenRate];
  options.output_rate = candidate[kOutputRate];
  options.hidden_momentum = candidate[kHiddenMomentum];
  options.output_momentum = candidate[kOutputMomentum];
  training.options = with_given(options, context);
  training.options.patience = training.options.max_iterations;  // keep the best epoch, go on
  return training;
}

NetworkPlan plan(const RecipeContext& context, const Candidate& candidate) {
  return training_of(context, candidate).plan;
}

double work(const RecipeContext& context, const Candidate& candidate) {
  return work_of(context, training_of(context, candidate));
}

/// How targets are scaled for an output activation: within its range.
struct OutputScale {
  double factor = 1, shift = 0;
};

/// Targets are scaled to mean 0 and deviation 1, or to [-0.9, 0.9] (as published). A bounded output
/// learns targets within its bounds, and the trained network gets a linear output layer back where
/// that changes nothing but the scale.
OutputScale scale_for(Activation activation, const Matrix& targets) {
  const double low = targets.minCoeff(), up = targets.maxCoeff();
  const auto onto = [&](double from, double to) {
    const double factor = up > low ? (to - from) / (up - low) : 1;
    return OutputScale{factor, from - factor * low};
  };
  switch (activation) {
    case Activation::tanh:
    case Activation::clipped_symmetric:
      return onto(-0.9, 0.9);
    case Activation::logistic:
    case Activation::clipped_unit:
      return onto(0.05, 0.95);
    case Activation::linear:
      return {};
  }
  return {};
}

/// The network with one more layer, linear, that takes the scale back.
Mlp unscaled(Mlp network, const OutputScale& scale) {
  if (network.topology.layers.back().activation == Activation::linear) return network;
  const int outputs = network.topology.outputs();
  network.topology.layers.push_back({outputs, Activation::linear});
  Vector parameters(network.parameters.size() + outputs * (outputs + 1));
  Matrix diagonal = Matrix::Identity(outputs, outputs) / scale.factor;
  parameters << network.parameters, diagonal.reshaped(),
      Vector::Constant(outputs, -scale.shift / scale.factor);
  network.parameters = std::move(parameters);
  return network;
}

struct Trained {
  StopReason reason = StopReason::max_iterations;
  Mlp network;
  double validation_mse = 0;  ///< on the scale of the output
};

Trained train_network(const SingleTraining& training, const Matrix& inputs, const Matrix& targets,
                      const Matrix* validation_inputs, const Matrix* validation_targets,
                      std::uint64_t seed) {
  const OutputScale scale = scale_for(training.plan.topology.layers.back().activation, targets);
  const auto scaled = [&](const Matrix& y) {
    return (scale.factor * y.array() + scale.shift).matrix().eval();
  };
  const PackedSamples samples(inputs, scaled(targets));
  TrainResult result;
  if (validation_inputs) {
    const PackedSamples validation(*validation_inputs, scaled(*validation_targets));
    result = train(training.plan.topology, samples, &validation, training.options, seed);
  } else {
    TrainOptions options = training.options;
    options.patience = 0;
    result = train(training.plan.topology, samples, nullptr, options, seed);
  }
  if (result.reason == StopReason::not_finite || result.reason == StopReason::cancelled)
    return {result.reason, std::move(result.network), 0};
  return {result.reason, unscaled(std::move(result.network), scale),
          result.validation_loss.value_or(result.training_loss)};
}

void run(const RecipeContext& context, int repeat, Trial& trial) {
  const StudyData& data = *context.data;
  const SingleTraining training = training_of(context, trial.candidate);
  const bool published = context.options->as_published();
  trial.measures["structure"] = structure_text(training.plan);
  trial.measures["parameters"] = parameter_count(training.plan.topology);
  trial.measures["inputs"] = input_names(data.encoder, training.plan.features);
  HeldOut held_out(data);
  Matrix measured = data.test_values, predicted;
  double validation_mse = 0;
  const auto& folds = data.folds_of(repeat);
  const std::size_t used = published ? 1 : folds.size();
  for (std::size_t k = 0; k < used; ++k) {
    const FoldData& fold = folds[k];
    std::vector<int> rows;
    for (int row : fold.validation_rows) rows.push_back(data.split.design[row]);
    const Matrix validation = encode_targets(fold.encoder, data.data, rows);
    Trained trained =
        train_network(training, some_rows(fold.train_inputs), some_rows(fold.train_targets),
                      &fold.validation_inputs, &validation, mix_seed({trial.seed, k}));
    if (trained.reason == StopReason::cancelled) return;
    if (trained.reason == StopReason::not_finite) return fail_trial(trial, kInfiniteError);
    validation_mse += trained.validation_mse / static_cast<double>(used);
    if (published)
      predicted = decode_targets(
          fold.encoder,
          predict(trained.network, encode_inputs(fold.encoder, data.data.inputs, data.split.test)));
    else
      held_out.add(fold, predict(trained.network, fold.validation_inputs));
    trial.networks.push_back(std::move(trained.network));
  }
  if (!published) {
    measured = held_out.measured();
    predicted = held_out.predicted();
    trial.measures["block_errors"] = held_out.block_errors();
  }
  const double index = performance_index(data.encoder, measured, predicted, validation_mse);
  if (!std::isfinite(index)) return fail_trial(trial, "predictions are not finite");
  trial.measures["perf_index"] = index;
  trial.measures["validation_mse"] = validation_mse;
  record_errors(data, measured, predicted, trial);
  trial.score.objectives = {1 - index,
                            static_cast<double>(parameter_count(training.plan.topology))};
}

/// On all design rows for all epochs: no rows are left to choose an epoch by.
Mlp refit(const RecipeContext& context, const Trial& trial, int starts, std::uint64_t seed) {
  if (context.options->as_published()) return trial.networks.front();
  SingleTraining training = training_of(context, trial.candidate);
  training.options.starts = std::max(starts, 1);
  Trained trained = train_network(training, context.data->design_inputs,
                                  context.data->design_targets, nullptr, nullptr, seed);
  if (trained.reason == StopReason::not_finite)
    trained.network.parameters.setConstant(std::numeric_limits<double>::quiet_NaN());
  return std::move(trained.network);
}

std::vector<Member> members(const RecipeContext& context, const Trial& trial,
                            std::vector<Mlp> networks) {
  return members_of(context, training_of(context, trial.candidate), std::move(networks));
}

/// The simulations under way: the best so far, and what each step tries.
struct Steps {
  DesignRun& run;
  Candidate best = {};
  double index = -std::numeric_limits<double>::infinity();
  bool cut_off = false;

  /// Tries candidates and keeps the best where it improves the index.
  void attempt(const std::string& step, const std::vector<Candidate>& candidates) {
    if (cut_off || candidates.empty()) return;
    std::vector<TrialRequest> requests;
    for (const Candidate& candidate : candidates)
      requests.push_back({.candidate = candidate, .step = step});
    std::vector<Trial> trials = run.runner->run(requests);
    cut_off = trials.size() < candidates.size();
    for (Trial& trial : trials) {
      if (trial.state == TrialState::complete && 1 - trial.score.objectives[0] > index) {
        index = 1 - trial.score.objectives[0];
        best = trial.candidate;
      }
      trial.networks.clear();
      run.result.trials.push_back(std::move(trial));
    }
  }

  void sweep(const std::string& step, Place place, const std::vector<double>& values) {
    std::vector<Candidate> candidates;
    for (double value : values) {
      if (best.empty() || best[place] == value) continue;
      candidates.push_back(best);
      candidates.back()[place] = value;
    }
    attempt(step, candidates);
  }

  /// Steps 2 to 4, and again for two layers as step 6.
  void refine(const std::string& layers, int first_step) {
    const auto name = [&](int step, const char* what) {
      return fmt::format("{}. {}{}", first_step + step, what, layers);
    };
    const int step = layers.empty() ? 1 : 0;
    sweep(name(0, "learning rate, hidden"), kHiddenRate, tenths(10));
    sweep(name(0, "learning rate, output"), kOutputRate, tenths(10));
    sweep(name(step, "momentum, hidden"), kHiddenMomentum, tenths(9));
    sweep(name(step, "momentum, output"), kOutputMomentum, tenths(9));
    sweep(name(2 * step, "output activation"), kOutput, {0, 1, 2, 3, 4});
  }
};

/// At most kMostInASweep of the values, evenly spread.
template <class T>
std::vector<T> thinned(const std::vector<T>& all) {
  if (std::ssize(all) <= kMostInASweep) return all;
  std::vector<T> some;
  for (int k = 0; k < kMostInASweep; ++k)
    some.push_back(all[static_cast<std::size_t>(k) * (all.size() - 1) / (kMostInASweep - 1)]);
  return some;
}

void flow(DesignRun& run) {
  const RecipeContext& context = run.context;
  const NeuronRange range = range_of(context);
  Steps steps{run};
  std::vector<Candidate> one_layer;
  for (int h = range.low; h <= range.up; ++h)
    one_layer.push_back({static_cast<double>(h), 0, 0.1, 0.1, 0.9, 0.9, 4});
  std::vector<Candidate> two_layers;
  const int rows = static_cast<int>(context.data->repeats.front().front().train_inputs.rows());
  for (const auto& [first, second] :
       neuron_pairs(rows, context.data->encoder.inputs(), context.data->targets(), range.up))
    two_layers.push_back(
        {static_cast<double>(first), static_cast<double>(second), 0.1, 0.1, 0.9, 0.9, 4});
  one_layer = thinned(one_layer);
  two_layers = thinned(two_layers);
  if (context.options->hidden_layers == 1) two_layers.clear();
  // Each refinement leaves out the value that is there already.
  constexpr int kRefinements = 9 + 9 + 8 + 8 + 4;
  const int all = static_cast<int>(one_layer.size() + two_layers.size()) +
                  kRefinements * (two_layers.empty() ? 1 : 2);
  run.runner->begin_stage(
      "search", context.options->trials > 0 ? std::min(all, context.options->trials) : all,
      work_ahead(run).after_search());
  run.runner->set_deadline(search_deadline(run));
  steps.attempt("1. hidden neurons", one_layer);
  steps.refine("", 2);
  if (!two_layers.empty()) {  // the front below compares its best with those of one layer
    steps.index = -std::numeric_limits<double>::infinity();
    steps.attempt("5. two hidden layers", two_layers);
    steps.refine(", two layers", 6);
  }
  confirm_and_pick(run);
}

}  // namespace

NeuronRange neuron_range(int rows, int inputs, int outputs) {
  const auto bound = [&](double share) {
    return static_cast<int>(
        std::floor(static_cast<double>(rows) * outputs / share / (inputs + outputs)));
  };
  NeuronRange range{.many_data = bound(10), .few_data = bound(2)};
  range.low = 1;
  range.up = rows < kFewRows * 10 * (inputs + outputs) ? range.few_data : range.many_data;
  const int khaw_low = 2 * inputs + 1, khaw_up = outputs * (inputs + 1);
  if (outputs > 1 && khaw_low <= khaw_up) range.up = std::max(range.up, khaw_up);
  if (range.up < 1) {
    range.fallback = true;
    range.up = 2 * inputs + 1;
  }
  return range;
}

std::vector<std::pair<int, int>> neuron_pairs(int rows, int inputs, int outputs, int most) {
  std::vector<std::pair<int, int>> pairs;
  const double limit = static_cast<double>(rows) * outputs / 2;
  for (int first = 4; first <= std::max(most, 4); ++first)
    for (int second = 1; 3 * second < first; ++second)
      if (static_cast<double>(inputs) * first + static_cast<double>(first) * second +
              static_cast<double>(second) * outputs <=
          limit)
        pairs.emplace_back(first, second);
  return pairs;
}

const Recipe& six_step_recipe() {
  static const Recipe recipe = {
      .name = "six-step",
      .summary = "one choice after the other: neurons, learning rates, momenta, activations",
      .source = "Furtună (Popa), doctoral thesis, Iaşi 2011 (six-step methodology)",
      .objectives = kObjectives,
      .flow = flow,
      .space = space,
      .search_options = search_options,
      .published_trials = 1000,
      .plan = plan,
      .work = work,
      .run = run,
      .refit = refit,
      .members = members};
  return recipe;
}

}  // namespace cupel
