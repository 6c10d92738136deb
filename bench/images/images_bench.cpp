// Images a second in the training of one small image network: forward, backward and a step of
// stochastic gradient descent on batches of 64, one training on each thread.
//   images_bench THREADS STEPS [verbose] [bf16]
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string_view>

#include "cupel/base/rng.hpp"
#include "cupel/network/cnn/complexity.hpp"
#include "cupel/network/cnn/image_engine.hpp"
#include "cupel/parallel/parallel_for.hpp"

namespace {

using namespace cupel;

constexpr int kBatch = 64;

/// 111 thousand weights, 180 MFLOP an image forward and backward; the same as in images_torch.py.
ImageTopology small_network() {
  struct Block {
    int width, stride;
  };
  TopologyBuilder builder(1, 32);
  builder.convolution({32, 3});
  for (const Block& block : {Block{64, 1}, Block{64, 1}, Block{64, 1}, Block{128, 2}, Block{128, 1},
                             Block{128, 1}, Block{128, 1}, Block{256, 2}}) {
    builder.depthwise(block.stride);
    builder.convolution({block.width, 1});
  }
  builder.average_pool();
  builder.full(2, true, false);
  return builder.finish();
}

class Training {
 public:
  Training(std::uint64_t seed, ImagePrecision precision)
      : engine_(small_network(), kBatch, EngineUse::training, precision),
        velocity_(engine_.parameters().size()),
        labels_(kBatch) {
    engine_.set_numbers(initial_image_network(small_network(), seed));
    Rng rng(seed);
    for (float& value : images_) value = static_cast<float>(rng.normal());
    for (int& label : labels_) label = rng.below(2);
  }

  double step() {
    std::copy(images_.begin(), images_.end(), engine_.images().begin());
    const double loss = engine_.train(labels_).loss;
    const std::span<float> parameters = engine_.parameters(), gradient = engine_.gradient();
    for (std::size_t k = 0; k < parameters.size(); ++k) {
      velocity_[k] = 0.9f * velocity_[k] + gradient[k];
      parameters[k] -= 0.001f * velocity_[k];
    }
    return loss;
  }

  const ImageEngine& engine() const { return engine_; }

 private:
  ImageEngine engine_;
  std::vector<float> images_ = std::vector<float>(kBatch * 32 * 32), velocity_;
  std::vector<int> labels_;
};

long page_faults() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return use.ru_minflt + use.ru_majflt;
}

}  // namespace

int main(int count, char** arguments) {
  const int threads = count > 1 ? std::atoi(arguments[1]) : 1;
  const int steps = count > 2 ? std::atoi(arguments[2]) : 10;
  const auto given = [&](std::string_view word) {
    return std::find(arguments + std::min(count, 3), arguments + count, word) != arguments + count;
  };
  const ImagePrecision precision = given("bf16") ? ImagePrecision::bf16 : ImagePrecision::f32;
  std::vector<Training> trainings;
  for (int k = 0; k < threads; ++k)
    trainings.emplace_back(static_cast<std::uint64_t>(k + 1), precision);
  const ImageNetworkCost cost = cost_of(small_network());
  if (given("verbose")) std::printf("%s", trainings.front().engine().implementation_text().c_str());
  parallel_for(threads, threads, [&](int k) { trainings[static_cast<std::size_t>(k)].step(); });
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t processor = std::clock();
  const long faults = page_faults();
  parallel_for(threads, threads, [&](int k) {
    for (int step = 0; step < steps; ++step) trainings[static_cast<std::size_t>(k)].step();
  });
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double busy = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
  const double images = static_cast<double>(threads) * steps * kBatch;
  std::printf(
      "{\"threads\": %d, \"images_per_s\": %.1f, \"images_per_cpu_s\": %.1f, "
      "\"gflop_per_cpu_s\": %.1f, \"parameters\": %lld, \"mflop_per_image\": %.1f, "
      "\"arena_mb\": %.1f, \"page_faults_a_step\": %.2f}\n",
      threads, images / wall, images / busy, images / busy * cost.training_flop() / 1e9,
      static_cast<long long>(cost.parameters), cost.training_flop() / 1e6,
      static_cast<double>(trainings.front().engine().arena_bytes()) / 1e6,
      static_cast<double>(page_faults() - faults) / (threads * steps));
}
