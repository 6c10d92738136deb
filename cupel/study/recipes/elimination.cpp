#include "cupel/study/recipes/elimination.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "cupel/base/rng.hpp"
#include "cupel/training/levenberg_marquardt.hpp"

namespace cupel {
namespace {

const LmOptions kFirstTraining{.max_iterations = 100, .progress_tolerance = 1e-5};
constexpr double kStepTolerance = 1e-4;
constexpr int kStepIterations = 30;
/// Longest optimal-brain-surgeon step: beyond, its quadratic model says nothing.
constexpr double kLongestStep = 1;

/// A network after training, and the workspace of that training.
struct Fit {
  Mlp network;
  double cost = std::numeric_limits<double>::infinity();
  LmWorkspace work;
};

/// Where the parameters of a network with one hidden layer and one output stand.
struct Places {
  explicit Places(const Topology& topology)
      : inputs(topology.inputs), hidden(topology.layers.front().units) {}
  int inputs, hidden;
  int input_weight(int unit, int input) const { return unit * inputs + input; }
  int bias(int unit) const { return hidden * inputs + unit; }
  int output_weight(int unit) const { return hidden * (inputs + 1) + unit; }
  int output_bias() const { return hidden * (inputs + 2); }
  bool is_input_weight(int k) const { return k < hidden * inputs; }
  bool is_output_weight(int k) const { return k >= output_weight(0) && k < output_bias(); }
};

Vector ridge_of(const Topology& topology, const EliminationOptions& options) {
  const Places places(topology);
  Vector ridge = Vector::Constant(parameter_count(topology), options.ridge);
  ridge.segment(places.bias(0), places.hidden).setConstant(options.bias_ridge);
  ridge[places.output_bias()] = options.bias_ridge;
  return ridge;
}

/// Calls use(problem) with the least-squares problem of a network.
template <class Use>
auto with_problem(const Mlp& network, const PackedSamples& samples,
                  const EliminationOptions& options, Use use) {
  MlpEvaluator evaluator(network.topology, select_kernels(options.kernels));
  const LeastSquaresProblem problem{&evaluator, &samples, ridge_of(network.topology, options),
                                    options.bound, &network.mask};
  return use(problem);
}

/// Trains from where the network is; false when the numbers ran away.
bool train(Fit& fit, const PackedSamples& samples, const EliminationOptions& options,
           const LmOptions& lm) {
  return with_problem(fit.network, samples, options, [&](const LeastSquaresProblem& problem) {
    DescentResult result =
        levenberg_marquardt(problem, std::move(fit.network.parameters), lm, fit.work);
    fit.network.parameters = std::move(result.x);
    fit.cost = result.value;
    return result.reason != StopReason::not_finite;
  });
}

Mlp random_network(int inputs, const EliminationOptions& options, Rng& rng) {
  Mlp network{.topology = {inputs, {{options.hidden, Activation::tanh}, {1, options.output}}}};
  const int count = parameter_count(network.topology);
  network.mask.assign(static_cast<std::size_t>(count), 1);
  network.parameters.resize(count);
  const Places places(network.topology);
  for (int k = 0; k < count; ++k) {
    const double fan_in = k < places.output_weight(0) ? inputs : options.hidden;
    const double width = 1 / std::sqrt(fan_in);
    network.parameters[k] = rng.uniform(-width, width);
  }
  return network;
}

std::optional<Fit> best_start(const PackedSamples& samples, const EliminationOptions& options,
                              int starts, std::uint64_t seed) {
  std::optional<Fit> best;
  Rng rng(seed);
  for (int start = 0; start < starts && !options.stop.stop_requested(); ++start) {
    Fit fit{.network = random_network(samples.input_count(), options, rng)};
    if (!train(fit, samples, options, kFirstTraining)) continue;
    if (!best || fit.cost < best->cost) best = std::move(fit);
  }
  return best;
}

/// The network without one of its hidden units.
Mlp without_unit(const Mlp& network, int unit) {
  const Places from(network.topology);
  Mlp smaller{.topology = network.topology};
  --smaller.topology.layers.front().units;
  const Places to(smaller.topology);
  smaller.parameters.resize(parameter_count(smaller.topology));
  smaller.mask.resize(static_cast<std::size_t>(smaller.parameters.size()));
  const auto copy = [&](int there, int here) {
    smaller.parameters[there] = network.parameters[here];
    smaller.mask[there] = network.mask[here];
  };
  for (int j = 0, u = 0; j < from.hidden; ++j) {
    if (j == unit) continue;
    for (int i = 0; i < from.inputs; ++i) copy(to.input_weight(u, i), from.input_weight(j, i));
    copy(to.bias(u), from.bias(j));
    copy(to.output_weight(u), from.output_weight(j));
    ++u;
  }
  copy(to.output_bias(), from.output_bias());
  return smaller;
}

/// A unit that no input reaches any more is a constant: it goes into the output's bias.
Mlp fold_into_bias(const Mlp& network, int unit) {
  const Places places(network.topology);
  const Vector& x = network.parameters;
  Mlp smaller = without_unit(network, unit);
  smaller.parameters.tail(1)[0] += x[places.output_weight(unit)] * std::tanh(x[places.bias(unit)]);
  return smaller;
}

/// Removes a weight; one from a unit to the output takes its unit along.
Mlp without(Mlp network, int place) {
  const Places places(network.topology);
  if (places.is_output_weight(place)) return without_unit(network, place - places.output_weight(0));
  network.mask[place] = 0;
  network.parameters[place] = 0;
  const int unit = place / places.inputs;
  const auto first = network.mask.begin() + places.input_weight(unit, 0);
  const bool reached = std::any_of(first, first + places.inputs, [](auto m) { return m != 0; });
  return reached ? network : fold_into_bias(network, unit);
}

/// L⁻¹ of JᵀJ + ridge = L Lᵀ; empty when it is not positive definite.
Matrix inverse_factor(const LmWorkspace& work) {
  const Eigen::LLT<Matrix> cholesky(work.hessian);
  if (cholesky.info() != Eigen::Success) return {};
  Matrix inverse = Matrix::Identity(work.hessian.rows(), work.hessian.cols());
  cholesky.matrixL().solveInPlace(inverse);
  return inverse;
}

/// Positions (among the parameters that exist) of the removable weights of least Wald statistic.
std::vector<int> weakest(const Fit& fit, const Vector& variance, int count) {
  const Places places(fit.network.topology);
  std::vector<std::pair<double, int>> wald;
  for (int k = 0; k < static_cast<int>(fit.work.exists.size()); ++k) {
    const int place = fit.work.exists[k];
    const bool weight =
        places.is_input_weight(place) || (places.is_output_weight(place) && places.hidden > 1);
    const double value = fit.network.parameters[place];
    if (weight) wald.emplace_back(value * value / variance[k], k);
  }
  const std::size_t kept = std::min(wald.size(), static_cast<std::size_t>(count));
  std::partial_sort(wald.begin(), wald.begin() + static_cast<std::ptrdiff_t>(kept), wald.end());
  std::vector<int> positions;
  for (std::size_t k = 0; k < kept; ++k) positions.push_back(wald[k].second);
  return positions;
}

/// θ -= (θ_i/M_ii) M_·i, M = (JᵀJ + ridge)⁻¹: where the others go when θ_i becomes 0.
void surgeon_step(const Fit& fit, const Matrix& factor, int position, Vector& parameters) {
  Vector step = factor.transpose() * factor.col(position);
  step *= parameters[fit.work.exists[position]] / step[position];
  const double length = step.norm();
  if (length > kLongestStep) step *= kLongestStep / length;
  for (Eigen::Index k = 0; k < step.size(); ++k) parameters[fit.work.exists[k]] -= step[k];
}

/// Leverages h_k = J_k M J_kᵀ and what follows from them.
PathNetwork measured(Fit& fit, const Matrix& factor, const PackedSamples& samples,
                     const EliminationOptions& options) {
  PathNetwork record{
      .network = fit.network, .connections = connection_count(fit.network), .sse = fit.work.sse};
  const auto p = static_cast<Eigen::Index>(fit.work.exists.size());
  with_problem(fit.network, samples, options, [&](const LeastSquaresProblem& problem) {
    for (int first = 0; first < samples.rows(); first += kJacobianRows) {
      const int count = std::min(kJacobianRows, samples.rows() - first);
      fill_jacobian_block(problem, fit.network.parameters, 0, first, count, fit.work);
      const Eigen::Map<const Matrix, 0, Eigen::OuterStride<>> jacobian(
          fit.work.block.data(), count, p, Eigen::OuterStride<>(kJacobianRows));
      const Matrix product = jacobian * factor.transpose();
      for (int k = 0; k < count; ++k) {
        const double leverage = product.row(k).squaredNorm();
        const double left_out = fit.work.residuals.data()[first + k] / (1 - leverage);
        record.effective += leverage;
        record.loo += left_out * left_out / samples.rows();
      }
    }
  });
  const double variance = record.sse / (samples.rows() - record.effective);
  record.trace = variance * factor.squaredNorm();
  return record;
}

/// The best network with one connection less; false when none of those tried could be trained.
bool eliminate(Fit& fit, const Matrix& factor, const PackedSamples& samples,
               const EliminationOptions& options, Fit& trial) {
  const Vector variance = factor.colwise().squaredNorm();
  const LmOptions lm{.max_iterations = kStepIterations, .progress_tolerance = kStepTolerance};
  std::optional<Fit> best;
  for (int position : weakest(fit, variance, options.tried)) {
    trial.network = fit.network;
    surgeon_step(fit, factor, position, trial.network.parameters);
    trial.network = without(std::move(trial.network), fit.work.exists[position]);
    if (!train(trial, samples, options, lm)) continue;
    if (!best) best.emplace();
    if (trial.cost < best->cost) std::swap(trial, *best);
  }
  if (!best) return false;
  std::swap(fit, *best);
  return true;
}

}  // namespace

std::vector<PathNetwork> elimination_path(const PackedSamples& samples,
                                          const EliminationOptions& options, std::uint64_t seed) {
  std::vector<PathNetwork> path;
  std::optional<Fit> fit = best_start(samples, options, options.starts, seed);
  Fit trial;
  while (fit && !options.stop.stop_requested()) {
    const int connections = connection_count(fit->network);
    const Matrix factor = inverse_factor(fit->work);
    if (factor.size() == 0) break;
    if (connections <= options.largest) path.push_back(measured(*fit, factor, samples, options));
    if (connections <= options.fewest) break;
    if (!eliminate(*fit, factor, samples, options, trial)) break;
  }
  return path;
}

double full_network_rmse(const PackedSamples& samples, const EliminationOptions& options,
                         int starts, std::uint64_t seed) {
  const std::optional<Fit> fit = best_start(samples, options, starts, seed);
  if (!fit) return std::numeric_limits<double>::quiet_NaN();
  return std::sqrt(fit->work.sse / samples.rows());
}

Mlp train_on(const Mlp& network, const PackedSamples& samples, const EliminationOptions& options) {
  Fit fit{.network = network};
  if (!train(fit, samples, options, kFirstTraining))
    fit.network.parameters.setConstant(std::numeric_limits<double>::quiet_NaN());
  return std::move(fit.network);
}

}  // namespace cupel
