// CPU time of training networks on windows as Namdm does: 16 units, windows of 10 rows of 7 inputs,
// 230 windows, mini-batches of 16, 300 epochs of Adam. One thread. Prints JSON.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "cupel/base/rng.hpp"
#include "cupel/training/train.hpp"

namespace {

using namespace cupel;

constexpr int kRows = 230, kSteps = 10, kFeatures = 7, kUnits = 16, kRepeats = 5;

Matrix random_values(int rows, int columns, std::uint64_t seed) {
  Rng rng(seed);
  Matrix values(rows, columns);
  for (Eigen::Index k = 0; k < values.size(); ++k) values.data()[k] = rng.uniform(-1, 1);
  return values;
}

double train_once(WindowKind kind, const PackedSamples& samples) {
  Topology topology{kSteps * kFeatures, {{1, Activation::linear}}};
  topology.window = WindowLayer{kind, kSteps, kUnits};
  TrainOptions options;
  options.optimizer = Optimizer::adam;
  options.learning_rate = 0.0005;
  options.batch_rows = 16;
  options.max_iterations = 300;
  const std::clock_t start = std::clock();
  train(topology, samples, nullptr, options, 1);
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

}  // namespace

int main() {
  const Matrix inputs = random_values(kRows, kSteps * kFeatures, 1);
  const Matrix targets = random_values(kRows, 1, 2);
  const PackedSamples samples(inputs, targets);
  fmt::print("{{\"kernels\": \"{}\"", select_kernels("auto").name);
  for (const WindowKind kind : {WindowKind::lstm, WindowKind::am_gru}) {
    std::vector<double> seconds;
    for (int k = 0; k < kRepeats; ++k) seconds.push_back(train_once(kind, samples));
    std::sort(seconds.begin(), seconds.end());
    fmt::print(", \"{}\": {:.4f}", window_kind_name(kind), seconds[kRepeats / 2]);
  }
  fmt::print("}}\n");
}
