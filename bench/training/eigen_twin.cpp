// Eigen's code is compiled for this very processor here; its own namespace keeps the linker
// from mixing it with the library's.
#define Eigen EigenOfTheTwin
#include <Eigen/Core>
#undef Eigen

#include <algorithm>
#include <vector>

#include "bench/training/eigen_twin.hpp"

namespace cupel::bench {

namespace E = EigenOfTheTwin;
using Samples = E::MatrixXd;  // [units x rows]: a sample's values lie together
using Weights = E::Matrix<double, E::Dynamic, E::Dynamic, E::RowMajor>;

// Rows are taken in blocks whose values stay in the cache.
constexpr int kBlock = 256;

struct TwinState {
  std::vector<TwinLayer> layers;
  std::vector<Samples> inputs, targets;  // a block each
  std::vector<Samples> values, deltas;
  double scale;
};

namespace {

void activate(int activation, Samples& x) {
  if (activation == 1) x = 1 - 2 / ((2 * x.array()).exp() + 1);
  if (activation == 2) x = 1 / (1 + (-x.array()).exp());
}

void times_slope(int activation, const Samples& value, Samples& delta) {
  if (activation == 1) delta.array() *= 1 - value.array().square();
  if (activation == 2) delta.array() *= value.array() * (1 - value.array());
}

}  // namespace

TwinState* make_twin(const TwinLayer* layers, int count, int rows, int outputs,
                     const double* inputs, const double* targets) {
  auto* state = new TwinState{{layers, layers + count}, {}, {}, {}, {}, 1.0 / rows / outputs};
  const E::Map<const E::MatrixXd> all_inputs(inputs, rows, layers[0].inputs);
  const E::Map<const E::MatrixXd> all_targets(targets, rows, outputs);
  for (int first = 0; first < rows; first += kBlock) {
    const int block = std::min(kBlock, rows - first);
    state->inputs.push_back(all_inputs.middleRows(first, block).transpose());
    state->targets.push_back(all_targets.middleRows(first, block).transpose());
  }
  state->values.resize(state->layers.size());
  state->deltas.resize(state->layers.size());
  return state;
}

void drop_twin(TwinState* state) { delete state; }

namespace {

/// Adds one block's share of the gradient; returns its share of the loss.
double add_block(TwinState& state, const Samples& inputs, const Samples& targets,
                 const double* parameters, double* gradient) {
  const int count = static_cast<int>(state.layers.size());
  for (int l = 0; l < count; ++l) {
    const TwinLayer& layer = state.layers[l];
    const Samples& in = l > 0 ? state.values[l - 1] : inputs;
    const E::Map<const Weights> weights(parameters + layer.weights, layer.units, layer.inputs);
    const E::Map<const E::VectorXd> biases(parameters + layer.weights + weights.size(),
                                           layer.units);
    state.values[l].noalias() = weights * in;
    state.values[l].colwise() += biases;
    activate(layer.activation, state.values[l]);
  }
  Samples& last = state.deltas.back();
  last = state.values.back() - targets;
  const double loss = last.squaredNorm() * state.scale;
  last *= 2 * state.scale;
  times_slope(state.layers.back().activation, state.values.back(), last);
  for (int l = count - 1; l >= 0; --l) {
    const TwinLayer& layer = state.layers[l];
    const Samples& in = l > 0 ? state.values[l - 1] : inputs;
    E::Map<Weights> to(gradient + layer.weights, layer.units, layer.inputs);
    to.noalias() += state.deltas[l] * in.transpose();
    E::Map<E::VectorXd>(gradient + layer.weights + to.size(), layer.units) +=
        state.deltas[l].rowwise().sum();
    if (l == 0) break;
    const E::Map<const Weights> weights(parameters + layer.weights, layer.units, layer.inputs);
    state.deltas[l - 1].noalias() = weights.transpose() * state.deltas[l];
    times_slope(state.layers[l - 1].activation, in, state.deltas[l - 1]);
  }
  return loss;
}

}  // namespace

double twin_loss_gradient(TwinState& state, const double* parameters, double* gradient) {
  const TwinLayer& last = state.layers.back();
  std::fill_n(gradient, last.weights + last.units * (last.inputs + 1), 0.0);
  double loss = 0;
  for (std::size_t block = 0; block < state.inputs.size(); ++block)
    loss += add_block(state, state.inputs[block], state.targets[block], parameters, gradient);
  return loss;
}

}  // namespace cupel::bench
