// Trials to store: awkward numbers included.
#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "cupel/base/rng.hpp"
#include "cupel/store/study_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cupel {

inline Mlp sample_network(std::uint64_t seed, int hidden = 5, bool masked = true) {
  Mlp network{
      .topology = {.inputs = 3, .layers = {{hidden, Activation::tanh}, {2, Activation::linear}}},
      .parameters = {},
      .mask = {}};
  Rng rng(seed);
  const int count = parameter_count(network.topology);
  network.parameters = Vector::NullaryExpr(count, [&](Eigen::Index) { return rng.normal(); });
  if (masked) {
    network.mask.assign(static_cast<std::size_t>(count), 1);
    network.mask[0] = 0;
    network.parameters[0] = 0;
    network.parameters[1] = -0.0;
    network.parameters[2] = 5e-324;
  }
  return network;
}

inline Trial sample_trial(int number) {
  Rng rng(mix_seed({7, static_cast<std::uint64_t>(number)}));
  Trial trial{.number = number,
              .seed = rng.next(),
              .candidate = {rng.normal(), 3, -0.0, 1e300, 0.1},
              .state = TrialState::complete,
              .reason = {},
              .score = {.objectives = {rng.uniform(), -0.0}, .violation = 0, .failed = false},
              .measures = {},
              .networks = {sample_network(rng.next()), sample_network(rng.next(), 2, false)},
              .elapsed_s = rng.uniform()};
  trial.measures["rmse"] = std::vector<double>{rng.uniform(), -0.0, 1e-310};
  trial.measures["words"] = "5 µm, \"quoted\"\n";
  if (number % 5 == 4) {
    trial.state = TrialState::failed;
    trial.reason = "the loss was not finite";
    trial.score = {.objectives = {std::numeric_limits<double>::infinity()},
                   .violation = std::numeric_limits<double>::quiet_NaN(),
                   .failed = true};
    trial.networks.clear();
  }
  return trial;
}

}  // namespace cupel
