#include "cupel/training/train_images.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/network/cnn/predict_images.hpp"
#include "cupel/training/class_metrics.hpp"
#include "cupel/training/image_batches.hpp"

namespace cupel {
namespace {

/// Noise with a bright bar: upright in class 0, lying in class 1.
ImageSet bars(int count, std::uint64_t seed) {
  Rng rng(seed);
  ImageSet set{.channels = 1, .size = 8};
  set.classes = {"upright", "lying"};
  for (int k = 0; k < count; ++k) {
    const int label = k % 2, at = rng.below(8);
    for (int y = 0; y < 8; ++y)
      for (int x = 0; x < 8; ++x) {
        const bool bar = (label == 0 ? x : y) == at;
        set.pixels.push_back(static_cast<std::uint8_t>(60 + rng.below(60) + (bar ? 110 : 0)));
      }
    set.labels.push_back(label);
    set.files.push_back("");
  }
  return set;
}

std::vector<int> all_rows(const ImageSet& set) {
  std::vector<int> rows(static_cast<std::size_t>(set.count()));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

ImageTopology small_network() {
  return chain_topology(standard_cells(), {{"E", "M"}, {8, 16, 0}}, 1, 8, 2);
}

struct Trained {
  ImageTrainResult result;
  double accuracy = 0;
};

Trained train_on_bars(const ImageTrainOptions& options, std::uint64_t seed) {
  const ImageSet set = bars(128, 1), other = bars(100, 2);
  const std::vector<int> rows = all_rows(set), other_rows = all_rows(other);
  const ImageScaler scaler = fit_image_scaler(set, rows);
  Trained trained{
      train_images(initial_image_network(small_network(), seed), set, rows, scaler, options, seed)};
  const ImageOutputs outputs = predict_images(trained.result.network, other, other_rows, scaler);
  trained.accuracy = class_figures(other.labels, softmax(outputs.logits)).accuracy;
  return trained;
}

TEST(TrainImages, LearnsToTellBarsApart) {
  for (const ImageOptimizer optimizer : {ImageOptimizer::momentum, ImageOptimizer::adam}) {
    ImageTrainOptions options{.epochs = 12, .batch = 16, .optimizer = optimizer};
    options.learning_rate = optimizer == ImageOptimizer::adam ? 0.01 : 0.05;
    options.warm_up_epochs = 1;
    options.schedule = RateSchedule::cosine;
    const Trained trained = train_on_bars(options, 3);
    EXPECT_GT(trained.accuracy, 0.95);
    EXPECT_EQ(trained.result.history.size(), 12u);
    EXPECT_LT(trained.result.history.back().loss, trained.result.history.front().loss);
    EXPECT_EQ(trained.result.images_seen, 12 * 128);
  }
}

TEST(TrainImages, GivesTheSameBitsForTheSameSeed) {
  ImageTrainOptions options{.epochs = 1.5, .batch = 16};
  options.augmentation = {
      .flip_sideways = true, .flip_upright = true, .shift = 1, .brightness = 0.1};
  const ImageNetwork once = train_on_bars(options, 3).result.network;
  EXPECT_TRUE(once == train_on_bars(options, 3).result.network);
  EXPECT_FALSE(once == train_on_bars(options, 4).result.network);
}

TEST(TrainImages, PenaltiesMakeWeightsSmaller) {
  const auto size_with = [](double l1, double l2) {
    ImageTrainOptions options{.epochs = 6, .batch = 16, .learning_rate = 0.05, .l2 = l2, .l1 = l1};
    double sum = 0;
    const ImageTrainResult result = train_on_bars(options, 3).result;
    const int first = parameter_offsets(result.network.topology)[1];
    for (int k = 0; k < first; ++k)
      sum += std::abs(result.network.parameters[static_cast<std::size_t>(k)]);
    return sum;
  };
  const double free = size_with(0, 0);
  EXPECT_LT(size_with(0, 0.1), 0.8 * free);
  EXPECT_LT(size_with(0.02, 0), 0.8 * free);
}

TEST(TrainImages, SaysThatTheLossBecameInfinite) {
  ImageTrainOptions options{.epochs = 3, .batch = 16, .learning_rate = 1e30};
  EXPECT_TRUE(train_on_bars(options, 3).result.diverged);
}

TEST(TrainImages, RefusesImagesOfAnotherShape) {
  const ImageSet set = bars(8, 1);
  const std::vector<int> rows = all_rows(set);
  const ImageTopology topology = chain_topology(standard_cells(), {{"E"}, {8, 0}}, 3, 8, 2);
  EXPECT_THROW(train_images(initial_image_network(topology, 1), set, rows,
                            fit_image_scaler(set, rows), {}, 1),
               Error);
}

TEST(LearningRate, FollowsWarmUpAndSteps) {
  ImageTrainOptions options{.epochs = 20, .learning_rate = 0.8, .warm_up_epochs = 2};
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 0.5), 0.2);
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 5), 0.8);
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 10), 0.4);
  EXPECT_DOUBLE_EQ(learning_rate_at(options, 19), 0.2);
  options.schedule = RateSchedule::cosine;
  EXPECT_NEAR(learning_rate_at(options, 11), 0.4, 1e-12);
  EXPECT_NEAR(learning_rate_at(options, 20), 0, 1e-12);
}

TEST(ImageBatches, ShowEveryImageOnceAnEpoch) {
  ImageSet set = bars(12, 1);
  for (int k = 0; k < 12; ++k) set.labels[static_cast<std::size_t>(k)] = k;
  const std::vector<int> rows = all_rows(set);
  const ImageScaler scaler = fit_image_scaler(set, rows);
  ImageBatches batches(set, rows, scaler, {}, 4, 9);
  EXPECT_EQ(batches.per_epoch(), 3);
  std::vector<float> pixels(4 * 64);
  std::vector<int> labels(4), seen(12);
  for (int k = 0; k < 6; ++k) {
    batches.next(pixels, labels);
    for (const int label : labels) ++seen[static_cast<std::size_t>(label)];
  }
  EXPECT_EQ(seen, std::vector<int>(12, 2));
}

TEST(Augment, MirrorsShiftsAndBrightens) {
  std::vector<float> image(9), spare(9);
  std::iota(image.begin(), image.end(), 0.0f);
  bool mirrored = false, turned = false, shifted = false, quarter = false;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    std::vector<float> copy = image;
    augment(copy, 1, 3, {.flip_sideways = true}, rng, spare);
    mirrored = mirrored || copy == std::vector<float>{2, 1, 0, 5, 4, 3, 8, 7, 6};
    copy = image;
    augment(copy, 1, 3, {.flip_upright = true}, rng, spare);
    turned = turned || copy == std::vector<float>{6, 7, 8, 3, 4, 5, 0, 1, 2};
    copy = image;
    augment(copy, 1, 3, {.flip_sideways = true, .transpose = true}, rng, spare);
    quarter = quarter || copy == std::vector<float>{6, 3, 0, 7, 4, 1, 8, 5, 2};
    copy = image;
    augment(copy, 1, 3, {.shift = 1}, rng, spare);
    shifted = shifted || copy == std::vector<float>{0, 0, 1, 0, 0, 1, 3, 3, 4};
    copy = image;
    augment(copy, 1, 3, {.brightness = 0.2}, rng, spare);
    const float contrast = copy[1] - copy[0];
    EXPECT_NEAR(contrast, 1, 0.2);
    EXPECT_NEAR(copy[0], 0, 0.2);
    EXPECT_NEAR(copy[8], 8 * contrast + copy[0], 1e-5);
  }
  EXPECT_TRUE(mirrored && turned && shifted && quarter);
}

}  // namespace
}  // namespace cupel
