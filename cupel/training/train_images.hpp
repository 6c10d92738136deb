// Training of image networks in small batches: stochastic gradient descent with momentum, or Adam
// (Kingma & Ba 2015), with warm-up, a step or cosine schedule, L1 and L2 penalties and
// augmentation. One thread; the result depends on the arguments alone.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "cupel/base/matrix.hpp"
#include "cupel/data/images.hpp"
#include "cupel/network/cnn/image_engine.hpp"

namespace cupel {

enum class ImageOptimizer { momentum, adam };
enum class RateSchedule {
  constant,
  steps,   ///< halved at each of `halve_at_epochs`
  cosine,  ///< from the learning rate down to 0 over all epochs
};

/// What is changed at random in each image of a batch. Off by default, as published.
struct Augmentation {
  bool flip_sideways = false, flip_upright = false;  ///< each with probability 1/2
  bool transpose = false;  ///< rows and columns exchanged; with both flips also quarter turns
  int shift = 0;           ///< pixels, at most, in both directions; edges are repeated
  double brightness = 0;   ///< grey values times 1 ± this, at most, and contrast likewise
  bool operator==(const Augmentation&) const = default;
};

struct ImageTrainOptions {
  double epochs = 20;  ///< times the images; a part of an epoch is allowed
  int batch = 64;      ///< images; fewer where there are fewer
  ImageOptimizer optimizer = ImageOptimizer::momentum;
  double learning_rate = 0.001;
  double momentum = 0.9;      ///< of SGD; Adam has 0.9 and 0.999
  double l2 = 0.001;          ///< added to the gradient: l2 · w (weight decay), not of
                              ///< normalizations and biases
  double l1 = 0;              ///< added to the gradient: l1 · sign(w), of the same weights
  double warm_up_epochs = 0;  ///< the rate rises linearly from 0
  RateSchedule schedule = RateSchedule::steps;
  std::vector<double> halve_at_epochs = {10, 18};
  Augmentation augmentation = {};
  ImagePrecision precision = ImagePrecision::f32;
  std::stop_token stop = {};
};

struct ImageEpoch {
  double epoch = 0;     ///< epochs done
  double loss = 0;      ///< mean cross-entropy over the epoch, while training
  double accuracy = 0;  ///< likewise
};

struct ImageTrainResult {
  ImageNetwork network;
  std::vector<ImageEpoch> history;  ///< one a (begun) epoch
  bool diverged = false;            ///< the loss was not a number: the network is of no use
  bool stopped = false;             ///< by the stop token; the network is half-way
  std::int64_t images_seen = 0;
};

/// At a moment of the training, in epochs.
double learning_rate_at(const ImageTrainOptions& options, double epoch);

/// Trains on the images `rows` of the set. `start` is the initial network or one to go on from.
/// Needs at least two images.
ImageTrainResult train_images(ImageNetwork start, const ImageSet& images, std::span<const int> rows,
                              const ImageScaler& scaler, const ImageTrainOptions& options,
                              std::uint64_t seed);

}  // namespace cupel
