// The arithmetic of the six-step method: how many hidden neurons are worth trying.
#pragma once

#include <utility>
#include <vector>

namespace cupel {

struct NeuronRange {
  int many_data = 0;      ///< largest H with H (inputs + outputs) <= rows · outputs / 10
  int few_data = 0;       ///< the same with rows · outputs / 2
  int low = 1, up = 1;    ///< what is swept
  bool fallback = false;  ///< the rules left nothing: 1 … 2 inputs + 1
};

/// rows: those that train. Few data are fewer than ten rows a weight of ten neurons; with several
/// outputs Khaw's interval 2 inputs + 1 … outputs (inputs + 1) is added where it is not empty.
NeuronRange neuron_range(int rows, int inputs, int outputs);

/// Two hidden layers, H1 > 3 H2, with inputs·H1 + H1·H2 + H2·outputs <= rows · outputs / 2.
std::vector<std::pair<int, int>> neuron_pairs(int rows, int inputs, int outputs, int most);

}  // namespace cupel
