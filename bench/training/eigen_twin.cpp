// Eigen's code is compiled for this very processor here; its own namespace keeps the linker
// from mixing it with the library's.
#define Eigen EigenOfTheTwin
#include <Eigen/Core>
#undef Eigen

#include <vector>

#include "bench/training/eigen_twin.hpp"

namespace cupel::bench {

namespace E = EigenOfTheTwin;
using Samples = E::MatrixXd;  // [units x rows]: a sample's values lie together
using Weights = E::Matrix<double, E::Dynamic, E::Dynamic, E::RowMajor>;

struct TwinState {
  std::vector<TwinLayer> layers;
  Samples inputs, targets;
  std::vector<Samples> values, deltas;
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
  auto* state = new TwinState{{layers, layers + count}, {}, {}, {}, {}};
  state->inputs = E::Map<const E::MatrixXd>(inputs, rows, state->layers.front().inputs).transpose();
  state->targets = E::Map<const E::MatrixXd>(targets, rows, outputs).transpose();
  state->values.resize(state->layers.size());
  state->deltas.resize(state->layers.size());
  return state;
}

void drop_twin(TwinState* state) { delete state; }

double twin_loss_gradient(TwinState& state, const double* parameters, double* gradient) {
  const int count = static_cast<int>(state.layers.size());
  for (int l = 0; l < count; ++l) {
    const TwinLayer& layer = state.layers[l];
    const Samples& in = l > 0 ? state.values[l - 1] : state.inputs;
    const E::Map<const Weights> weights(parameters + layer.weights, layer.units, layer.inputs);
    const E::Map<const E::VectorXd> biases(parameters + layer.weights + weights.size(),
                                           layer.units);
    state.values[l].noalias() = weights * in;
    state.values[l].colwise() += biases;
    activate(layer.activation, state.values[l]);
  }
  const double scale = 1.0 / static_cast<double>(state.targets.size());
  Samples& last = state.deltas.back();
  last = state.values.back() - state.targets;
  const double loss = last.squaredNorm() * scale;
  last *= 2 * scale;
  times_slope(state.layers.back().activation, state.values.back(), last);
  for (int l = count - 1; l >= 0; --l) {
    const TwinLayer& layer = state.layers[l];
    const Samples& in = l > 0 ? state.values[l - 1] : state.inputs;
    E::Map<Weights> to(gradient + layer.weights, layer.units, layer.inputs);
    to.noalias() = state.deltas[l] * in.transpose();
    E::Map<E::VectorXd>(gradient + layer.weights + to.size(), layer.units) =
        state.deltas[l].rowwise().sum();
    if (l == 0) break;
    const E::Map<const Weights> weights(parameters + layer.weights, layer.units, layer.inputs);
    state.deltas[l - 1].noalias() = weights.transpose() * state.deltas[l];
    times_slope(state.layers[l - 1].activation, in, state.deltas[l - 1]);
  }
  return loss;
}

}  // namespace cupel::bench
