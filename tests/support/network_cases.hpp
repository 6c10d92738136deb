// The one list of networks, losses and row counts that value, gradient and Jacobian tests share,
// and random data for them.
#pragma once

#include <string>
#include <vector>

#include "cupel/base/rng.hpp"
#include "cupel/network/mlp/mlp.hpp"

namespace cupel::test {

struct NetworkCase {
  Topology topology;
  Loss loss;
  int rows = 1;
  std::string text() const {
    return topology_text(topology) + ", loss " + std::to_string(static_cast<int>(loss.kind)) +
           ", " + std::to_string(rows) + " rows";
  }
};

/// Every loss with every activation in a hidden layer and in the output layer, one to three
/// hidden layers and none, 1 to 5 outputs, and row counts around multiples of 8 and 64.
inline std::vector<NetworkCase> network_cases() {
  using enum Activation;
  const std::vector<Loss> losses = {{LossKind::mse, 1, 1},
                                    {LossKind::alpha_mix, 0, 1},
                                    {LossKind::alpha_mix, 0.3, 1},
                                    {LossKind::huber, 1, 0.4}};
  const std::vector<Topology> topologies = {
      {1, {{1, linear}}},
      {3, {{2, logistic}}},
      {3, {{5, tanh}, {1, linear}}},
      {4, {{7, logistic}, {2, tanh}}},
      {2, {{3, clipped_symmetric}, {3, clipped_unit}}},
      {5, {{4, clipped_unit}, {4, clipped_symmetric}}},
      {6, {{12, tanh}, {17, logistic}, {5, linear}}},
      {7, {{6, linear}, {9, tanh}, {3, logistic}}},
      {9, {{8, tanh}, {4, clipped_symmetric}, {3, logistic}, {2, linear}}},
      {14, {{15, tanh}, {1, linear}}},
  };
  const std::vector<int> rows = {1, 2, 7, 8, 9, 15, 63, 64, 65, 71, 127, 128, 129, 200};
  std::vector<NetworkCase> cases;
  std::size_t next = 0;
  for (const Topology& topology : topologies)
    for (const Loss& loss : losses)
      for (int k = 0; k < 4; ++k) cases.push_back({topology, loss, rows[next++ % rows.size()]});
  return cases;
}

inline Matrix random_values(int rows, int columns, std::uint64_t seed, double range = 1) {
  Rng rng(seed);
  Matrix values(rows, columns);
  for (int c = 0; c < columns; ++c)
    for (int r = 0; r < rows; ++r) values(r, c) = rng.uniform(-range, range);
  return values;
}

struct CaseData {
  Matrix inputs, targets;
  Vector parameters;
  PackedSamples samples{inputs, targets};
};

inline CaseData case_data(const NetworkCase& one, std::uint64_t seed) {
  return {random_values(one.rows, one.topology.inputs, mix_seed({seed, 1}), 1.5),
          random_values(one.rows, one.topology.outputs(), mix_seed({seed, 2}), 2),
          random_values(parameter_count(one.topology), 1, mix_seed({seed, 3}), 0.8)};
}

/// The kernel sets that this processor can run; the portable one comes first.
inline std::vector<const Kernels*> runnable_kernels() {
  std::vector<const Kernels*> sets;
  for (const char* name : {"portable", "v3", "v4"}) {
    try {
      sets.push_back(&select_kernels(name));
    } catch (const std::exception&) {
    }
  }
  return sets;
}

}  // namespace cupel::test
