#include "cupel/training/train.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/training/gradient_descent.hpp"
#include "cupel/training/levenberg_marquardt.hpp"
#include "cupel/training/penalized_loss.hpp"

namespace cupel {
namespace {

constexpr std::array kOptimizers = {"automatic",           "bfgs", "lbfgs",
                                    "levenberg-marquardt", "adam", "momentum"};
constexpr int kDenseLimit = 60;

[[noreturn]] void refuse(std::string_view what) {
  throw Error(ErrorKind::usage, std::string(what));
}

void check_samples(const Topology& topology, const PackedSamples& samples) {
  if (samples.input_count() != topology.inputs)
    refuse(fmt::format("a network with {} inputs cannot learn from samples with {}",
                       topology.inputs, samples.input_count()));
  if (samples.output_count() != topology.outputs())
    refuse(fmt::format("a network with {} outputs cannot learn from samples with {} targets",
                       topology.outputs(), samples.output_count()));
  if (samples.rows() < 1) refuse("training needs at least one row");
}

/// Numbers whose range does not depend on other options.
void check_ranges(const TrainOptions& options) {
  const auto positive = [](double x) { return x > 0 && std::isfinite(x); };
  const auto share = [](double x) { return x >= 0 && x < 1; };
  if (!(options.loss.alpha >= 0 && options.loss.alpha <= 1)) refuse("alpha is from 0 to 1");
  if (!positive(options.loss.huber_delta)) refuse("the delta of the Huber loss is above 0");
  if (!(options.initial_range >= 0) || !std::isfinite(options.initial_range))
    refuse("the range of the first parameters is 0 or more");
  if (!(options.max_step > 0)) refuse("the longest step is above 0");
  if (!(options.bound > 0)) refuse("the bound on parameters is above 0");
  if (options.memory < 1 || options.memory > 100) refuse("the memory of lbfgs is from 1 to 100");
  if (options.patience < 0) refuse("patience is 0 (off) or more");
  if (options.batch_rows < 1) refuse("a batch has at least one row");
  if (!positive(options.learning_rate) || !positive(options.hidden_rate) ||
      !positive(options.output_rate))
    refuse("a learning rate is above 0");
  if (!share(options.hidden_momentum) || !share(options.output_momentum))
    refuse("a momentum is from 0 to below 1");
}

void check_options(const TrainOptions& options, int parameters) {
  check_ranges(options);
  if (options.starts < 1) refuse("training needs at least one start");
  if (options.max_iterations < 1) refuse("training needs at least one iteration");
  if (!(options.ridge >= 0) || !(options.bias_ridge >= 0)) refuse("a ridge is 0 or more");
  if (!options.mask.empty() && static_cast<int>(options.mask.size()) != parameters)
    refuse("the connection mask does not fit the network");
  for (const Vector& first : options.first)
    if (first.size() != parameters) refuse("initial parameters do not fit the network");
  const bool marquardt = options.optimizer == Optimizer::levenberg_marquardt;
  if (marquardt && options.loss.kind != LossKind::mse)
    refuse("levenberg-marquardt minimizes the squared error only; use lbfgs for other losses");
  if (!marquardt && std::isfinite(options.bound))
    refuse("bounds on parameters need levenberg-marquardt");
}

Vector initial_parameters(const Topology& topology, double range, Rng& rng) {
  Vector parameters(parameter_count(topology));
  const int first_dense = layer_offset(topology, 0);
  for (const ParameterBlock& block : parameter_blocks(topology)) {
    double width = range > 0 ? range : 2.4 / block.inputs;
    // A window layer begins as is usual for recurrent ones, as does what reads it.
    if (topology.window && block.weights <= first_dense)
      width = 1 / std::sqrt(static_cast<double>(topology.window->units));
    const int count = block.units * (block.inputs + (block.biases >= 0 ? 1 : 0));
    for (int k = 0; k < count; ++k) parameters[block.weights + k] = rng.uniform(-width, width);
  }
  return parameters;
}

/// Remembers the parameters with the lowest validation loss, and says when patience is over.
struct Watch {
  const PackedSamples* validation = nullptr;
  MlpEvaluator* evaluator = nullptr;
  const Loss* loss = nullptr;
  int patience = 0;
  std::stop_token stop;
  double best = std::numeric_limits<double>::infinity();
  int best_iteration = 0;
  Vector best_parameters{};
  bool cancelled = false;

  bool operator()(int iteration, const Vector& x, double) {
    if (stop.stop_requested()) return cancelled = true;
    if (!validation || patience <= 0) return false;
    const double value = evaluator->loss(x, *validation, *loss);
    if (value < best) {
      best = value;
      best_iteration = iteration;
      best_parameters = x;
    }
    return iteration - best_iteration >= patience;
  }
};

DescentResult minimize(const Topology& topology, MlpEvaluator& evaluator,
                       const PackedSamples& samples, const TrainOptions& options, Vector start,
                       const Observer& observer, Rng& rng) {
  PenalizedLoss objective(topology, evaluator, samples, options);
  DescentOptions descent{.max_iterations = options.max_iterations,
                         .gradient_tolerance = options.gradient_tolerance,
                         .progress_tolerance = options.progress_tolerance,
                         .max_step = options.max_step,
                         .memory = options.memory,
                         .stop_when = observer};
  const auto value = [&](const Vector& x, Vector& gradient) { return objective(x, gradient); };
  objective.apply_mask(start);
  Optimizer optimizer = options.optimizer;
  if (optimizer == Optimizer::automatic) {
    optimizer = start.size() <= kDenseLimit ? Optimizer::bfgs : Optimizer::lbfgs;
    descent.memory = 30;
  }
  switch (optimizer) {
    case Optimizer::automatic:
    case Optimizer::bfgs:
      return bfgs(value, std::move(start), descent, evaluator.kernels());
    case Optimizer::lbfgs:
      return lbfgs(value, std::move(start), descent, evaluator.kernels());
    case Optimizer::levenberg_marquardt: {
      const LeastSquaresProblem problem{&evaluator, &samples, objective.ridge(), options.bound,
                                        options.mask.empty() ? nullptr : &options.mask};
      LmOptions marquardt{.max_iterations = options.max_iterations, .stop_when = observer};
      if (options.progress_tolerance > 0) marquardt.progress_tolerance = options.progress_tolerance;
      DescentResult result = levenberg_marquardt(problem, std::move(start), marquardt);
      result.value /= static_cast<double>(samples.rows()) * samples.output_count();
      return result;
    }
    case Optimizer::adam:
      return adam(objective, samples, std::move(start), options, observer, rng);
    case Optimizer::momentum:
      return momentum(objective, topology, std::move(start), options, observer);
  }
  return {};
}

}  // namespace

std::string_view optimizer_name(Optimizer optimizer) {
  return kOptimizers[static_cast<std::size_t>(optimizer)];
}

Optimizer optimizer_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kOptimizers.size(); ++i)
    if (name == kOptimizers[i]) return static_cast<Optimizer>(i);
  throw Error(ErrorKind::usage, fmt::format("there is no optimizer '{}'", name),
              "use automatic, bfgs, lbfgs, levenberg-marquardt, adam or momentum");
}

TrainResult train(const Topology& topology, const PackedSamples& samples,
                  const PackedSamples* validation, const TrainOptions& options,
                  std::uint64_t seed) {
  if (topology.layers.empty()) refuse("a network needs at least one layer");
  check_samples(topology, samples);
  if (validation) check_samples(topology, *validation);
  MlpEvaluator evaluator(topology, select_kernels(options.kernels));
  check_options(options, evaluator.parameters());
  TrainResult best;
  best.network = {topology, Vector::Zero(evaluator.parameters()), options.mask};
  best.reason = StopReason::not_finite;
  double best_rank = std::numeric_limits<double>::infinity();
  for (int start = 0; start < options.starts; ++start) {
    Rng rng(mix_seed({seed, static_cast<std::uint64_t>(start)}));
    Watch watch{.validation = validation,
                .evaluator = &evaluator,
                .loss = &options.loss,
                .patience = options.patience,
                .stop = options.stop};
    const bool given = start < static_cast<int>(options.first.size());
    DescentResult result = minimize(
        topology, evaluator, samples, options,
        given ? options.first[start] : initial_parameters(topology, options.initial_range, rng),
        std::ref(watch), rng);
    best.evaluations += result.evaluations;
    if (watch.cancelled) {
      best.reason = StopReason::cancelled;
      return best;
    }
    if (watch.best_parameters.size() > 0) {
      result.x = watch.best_parameters;
      Vector unused(result.x.size());
      result.value = PenalizedLoss(topology, evaluator, samples, options)(result.x, unused);
    }
    std::optional<double> held_out;
    if (validation) held_out = evaluator.loss(result.x, *validation, options.loss);
    const double rank = held_out.value_or(result.value);
    if (result.reason == StopReason::not_finite || !std::isfinite(rank)) {
      ++best.failed_starts;
      continue;
    }
    if (rank >= best_rank) continue;
    best_rank = rank;
    best.network.parameters = std::move(result.x);
    best.objective = result.value;
    best.validation_loss = held_out;
    best.reason = result.reason;
    best.iterations = result.iterations;
    best.best_start = start;
  }
  if (best.reason != StopReason::not_finite)
    best.training_loss = evaluator.loss(best.network.parameters, samples, options.loss);
  return best;
}

}  // namespace cupel
