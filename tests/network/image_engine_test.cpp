#include "cupel/network/cnn/image_engine.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/file_reader.hpp"
#include "cupel/base/packed_floats.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/network/cnn/arena_plan.hpp"
#include "cupel/network/cnn/map_kernels.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

constexpr int kBatch = 3;

/// The same as in tests/golden/image_networks.py.
std::vector<float> numbers(std::size_t count, std::int64_t seed) {
  std::vector<float> values;
  for (std::int64_t k = 0; k < static_cast<std::int64_t>(count); ++k)
    values.push_back(static_cast<float>((k * 7919 + seed * 104729 + k * k * 31) % 2001 - 1000) /
                     1000.0f);
  return values;
}

/// Largest difference, against the size of the values.
double difference(std::span<const float> found, const Json& expected) {
  const Matrix values =
      unpack_floats(expected.as_string(), static_cast<Eigen::Index>(found.size()), 1);
  double largest = 0;
  for (std::size_t k = 0; k < found.size(); ++k)
    largest = std::max(largest, std::abs(values(static_cast<Eigen::Index>(k), 0) - found[k]));
  return largest / std::max(1.0, values.cwiseAbs().maxCoeff());
}

struct GoldenCase {
  Json json;
  ImageNetwork network;
  std::vector<float> images;
  std::vector<int> labels;
};

std::vector<GoldenCase> golden_cases() {
  const std::string path = test::source_path("tests/golden/image_networks.json");
  const Json items = parse_json(read_whole_file(path), path);
  std::vector<GoldenCase> cases;
  for (const Json& item : items.as_array()) {
    GoldenCase one{
        item, initial_image_network(image_topology_from_json(item.at("topology")), 1), {}, {}};
    const ImageTopology& topology = one.network.topology;
    one.network.parameters = numbers(one.network.parameters.size(), 1);
    one.images = numbers(
        static_cast<std::size_t>(kBatch * topology.channels * topology.size * topology.size), 2);
    for (int k = 0; k < kBatch; ++k) one.labels.push_back(k % topology.classes);
    cases.push_back(std::move(one));
  }
  return cases;
}

TEST(ImageEngine, AgreesWithPyTorchLayerByLayer) {
  int number = 0;
  for (GoldenCase& one : golden_cases()) {
    SCOPED_TRACE(number++);
    ImageEngine engine(one.network.topology, kBatch, EngineUse::training);
    engine.set_numbers(one.network);
    std::copy(one.images.begin(), one.images.end(), engine.images().begin());
    EXPECT_NEAR(engine.train(one.labels).loss, one.json.at("loss").as_number(), 1e-5);
    EXPECT_LT(difference(engine.gradient(), one.json.at("gradient")), 1e-5);
    engine.copy_numbers(one.network);
    EXPECT_LT(difference(one.network.statistics, one.json.at("statistics")), 1e-5);
    ImageEngine predicting(one.network.topology, kBatch, EngineUse::prediction);
    predicting.set_numbers(one.network);
    std::copy(one.images.begin(), one.images.end(), predicting.images().begin());
    predicting.predict();
    EXPECT_LT(difference(predicting.outputs(), one.json.at("predicted")), 1e-5);
  }
  EXPECT_EQ(number, 5);
}

TEST(ImageEngine, GivesTheOutputsOfEveryLayer) {
  for (GoldenCase& one : golden_cases()) {
    ImageEngine engine(one.network.topology, kBatch, EngineUse::training);
    engine.set_numbers(one.network);
    std::copy(one.images.begin(), one.images.end(), engine.images().begin());
    engine.train_forward(one.labels);
    const auto& outputs = one.json.at("outputs").as_array();
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      auto found = engine.plain_output(static_cast<int>(k));
      found.resize(found.size() / kBatch);  // of the first image
      EXPECT_LT(difference(found, outputs[k]), 1e-5) << "layer " << k;
    }
  }
}

TEST(ImageEngine, TrainsAlongPyTorchsCurve) {
  for (GoldenCase& one : golden_cases()) {
    ImageEngine engine(one.network.topology, kBatch, EngineUse::training);
    engine.set_numbers(one.network);
    const auto rate = static_cast<float>(one.json.at("rate").as_number());
    std::vector<float> velocity(engine.parameters().size());
    const std::vector<double> curve = one.json.at("training").as_numbers();
    const std::vector<double> noise = one.json.at("noise").as_numbers();
    for (std::size_t step = 0; step < curve.size(); ++step) {
      std::copy(one.images.begin(), one.images.end(), engine.images().begin());
      EXPECT_NEAR(engine.train(one.labels).loss, curve[step], 1e-5 + 2 * noise[step]) << step;
      for (std::size_t k = 0; k < velocity.size(); ++k) {
        velocity[k] = 0.9f * velocity[k] + engine.gradient()[k];
        engine.parameters()[k] -= rate * velocity[k];
      }
    }
  }
}

/// |a - b| / |b|.
double relative_distance(std::span<const float> a, std::span<const float> b) {
  double off = 0, all = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    off += (a[k] - b[k]) * (a[k] - b[k]);
    all += b[k] * b[k];
  }
  return std::sqrt(off / all);
}

/// Dense convolutions of several kernels, strides and widths, smooth: without normalization and
/// ReLU rounding is not amplified.
ImageTopology smooth_network() {
  TopologyBuilder builder(1, 12);
  builder.convolution({.width = 24, .kernel = 3, .norm = false, .relu = false});
  builder.convolution({.width = 40, .norm = false, .relu = false});
  const int before = builder.at();
  builder.convolution({.width = 40, .kernel = 3, .norm = false, .relu = false});
  builder.add(before, false);
  builder.convolution({.width = 16, .kernel = 3, .stride = 2, .norm = false, .relu = false});
  builder.average_pool();
  builder.full(3, true, false);
  return builder.finish();
}

TEST(ImageEngine, ComesNearItselfInHalfPrecision) {
  if (!has_bf16()) GTEST_SKIP() << "this processor has no instructions for bf16";
  const ImageTopology topology = smooth_network();
  const ImageNetwork network = initial_image_network(topology, 3);
  const std::vector<float> images = numbers(kBatch * 12 * 12, 2);
  std::vector<int> labels;
  for (int k = 0; k < kBatch; ++k) labels.push_back(k % 3);
  std::vector<std::vector<float>> gradients;
  std::vector<double> losses;
  for (const ImagePrecision precision : {ImagePrecision::f32, ImagePrecision::bf16}) {
    ImageEngine engine(topology, kBatch, EngineUse::training, precision);
    engine.set_numbers(network);
    std::copy(images.begin(), images.end(), engine.images().begin());
    losses.push_back(engine.train(labels).loss);
    gradients.emplace_back(engine.gradient().begin(), engine.gradient().end());
  }
  EXPECT_NEAR(losses[1], losses[0], 0.01 * losses[0]);
  const double distance = relative_distance(gradients[1], gradients[0]);
  EXPECT_LT(distance, 0.01);  // bf16 has eight bits
  EXPECT_GT(distance, 1e-5) << "nothing was multiplied in bf16";
}

TEST(ImageEngine, GivesTheSameBitsAgain) {
  GoldenCase one = golden_cases().front();
  const auto run = [&] {
    ImageEngine engine(one.network.topology, kBatch, EngineUse::training);
    engine.set_numbers(one.network);
    std::copy(one.images.begin(), one.images.end(), engine.images().begin());
    engine.train(one.labels);
    return std::vector<float>(engine.gradient().begin(), engine.gradient().end());
  };
  EXPECT_EQ(run(), run());
}

TEST(ArenaPlan, KeepsBuffersThatLiveTogetherApart) {
  Rng rng(5);
  std::vector<ArenaBuffer> buffers;
  std::size_t sum = 0;
  for (int k = 0; k < 60; ++k) {
    const int first = rng.below(40);
    buffers.push_back({static_cast<std::size_t>(1 + rng.below(5000)), first, first + rng.below(9)});
    sum += buffers.back().bytes + 64;
  }
  const ArenaPlan plan = plan_arena(buffers);
  for (std::size_t a = 0; a < buffers.size(); ++a) {
    EXPECT_EQ(plan.offsets[a] % 64, 0u);
    EXPECT_LE(plan.offsets[a] + buffers[a].bytes, plan.bytes);
    for (std::size_t b = 0; b < a; ++b) {
      if (buffers[a].last < buffers[b].first || buffers[b].last < buffers[a].first) continue;
      EXPECT_TRUE(plan.offsets[a] + buffers[a].bytes <= plan.offsets[b] ||
                  plan.offsets[b] + buffers[b].bytes <= plan.offsets[a]);
    }
  }
  EXPECT_LT(plan.bytes, sum / 2);  // places are shared
}

/// Maps as [image][channel][pixel], the plain twin of the blocked ones.
std::vector<float> plain(const MapShape& shape, std::span<const float> maps) {
  std::vector<float> values;
  for (int n = 0; n < shape.images; ++n)
    for (int c = 0; c < shape.channels; ++c)
      for (int p = 0; p < shape.pixels; ++p)
        values.push_back(maps[static_cast<std::size_t>(
            ((n * shape.blocks() + c / shape.block) * shape.pixels + p) * shape.block +
            c % shape.block)]);
  return values;
}

TEST(MapKernels, AverageAndSpreadAsPlainLoops) {
  const MapShape shape{.images = 2, .channels = 11, .pixels = 9, .block = 8};
  const std::vector<float> maps = numbers(shape.floats(), 3), gradient = numbers(22, 4);
  std::vector<float> averages(22), spread(shape.floats(), 1.0f);
  average_maps(shape, maps, averages);
  spread_averages(shape, gradient, spread);
  const std::vector<float> flat = plain(shape, maps), flat_spread = plain(shape, spread);
  double sum = 0, filling = 0;
  for (std::size_t k = 0; k < averages.size(); ++k) {
    double mean = 0;
    for (std::size_t p = 0; p < 9; ++p) {
      mean += flat[9 * k + p] / 9.0;
      EXPECT_FLOAT_EQ(flat_spread[9 * k + p], gradient[k] / 9);
    }
    EXPECT_NEAR(averages[k], mean, 1e-6);
  }
  for (const float value : spread) sum += std::abs(value);
  for (const float value : flat_spread) filling += std::abs(value);
  EXPECT_FLOAT_EQ(static_cast<float>(sum), static_cast<float>(filling));  // the rest is zero
}

TEST(MapKernels, ChannelsComeBackFromAWiderMap) {
  const MapShape narrow{.images = 2, .channels = 5, .pixels = 4, .block = 8};
  const MapShape wide{.images = 2, .channels = 19, .pixels = 4, .block = 8};
  const std::vector<float> from = numbers(narrow.floats(), 5);
  std::vector<float> middle(wide.floats()), back(narrow.floats());
  put_channels(narrow, from, wide, middle, 13);
  take_channels(wide, middle, 13, narrow, back);
  EXPECT_EQ(plain(narrow, back), plain(narrow, from));
  const std::vector<float> flat = plain(wide, middle);
  EXPECT_EQ(flat[(1 * 19 + 14) * 4 + 2], plain(narrow, from)[(1 * 5 + 1) * 4 + 2]);
  EXPECT_EQ(flat[0], 0);
}

TEST(MapKernels, SumsAndGradientsThroughReluAsWritten) {
  const std::vector<float> a = numbers(37, 6), b = numbers(37, 7);
  std::vector<float> sum(37), gradient = a, total = a;
  add_maps(a, b, sum, true);
  mask_gradient(sum, gradient);
  accumulate(b, total);
  for (std::size_t k = 0; k < sum.size(); ++k) {
    EXPECT_EQ(sum[k], std::max(0.0f, a[k] + b[k]));
    EXPECT_EQ(gradient[k], a[k] + b[k] > 0 ? a[k] : 0.0f);
    EXPECT_EQ(total[k], a[k] + b[k]);
  }
}

}  // namespace
}  // namespace cupel
