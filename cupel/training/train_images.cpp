#include "cupel/training/train_images.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/network/cnn/image_engine.hpp"
#include "cupel/training/image_batches.hpp"

namespace cupel {
namespace {

/// Which numbers the penalties pull to zero: weights of convolutions and full layers.
std::vector<float> penalized(const ImageTopology& topology) {
  std::vector<float> mask;
  for (const ImageLayer& layer : topology.layers) {
    const int count = parameter_count(layer);
    const bool weights = layer.kind != ImageLayerKind::batch_norm;
    const int biases = weights && layer.bias ? layer.outputs : 0;
    mask.resize(mask.size() + static_cast<std::size_t>(count - biases), weights ? 1.0f : 0.0f);
    mask.resize(mask.size() + static_cast<std::size_t>(biases), 0.0f);
  }
  return mask;
}

/// Moves the parameters against the gradient; keeps what it remembers between steps.
class Stepper {
 public:
  Stepper(const ImageTopology& topology, const ImageTrainOptions& options)
      : options_(options), mask_(penalized(topology)) {
    first_.assign(mask_.size(), 0);
    if (options.optimizer == ImageOptimizer::adam) second_.assign(mask_.size(), 0);
  }

  void step(std::span<float> parameters, std::span<const float> gradient, double rate) {
    ++steps_;
    if (options_.optimizer == ImageOptimizer::adam)
      adam(parameters, gradient, rate);
    else
      descend(parameters, gradient, static_cast<float>(rate));
  }

 private:
  float slope(std::size_t k, float parameter, float gradient) const {
    const float sign = parameter > 0 ? 1.0f : parameter < 0 ? -1.0f : 0.0f;
    return gradient + mask_[k] * (static_cast<float>(options_.l2) * parameter +
                                  static_cast<float>(options_.l1) * sign);
  }

  void descend(std::span<float> parameters, std::span<const float> gradient, float rate) {
    const auto momentum = static_cast<float>(options_.momentum);
    for (std::size_t k = 0; k < parameters.size(); ++k) {
      first_[k] = momentum * first_[k] + slope(k, parameters[k], gradient[k]);
      parameters[k] -= rate * first_[k];
    }
  }

  void adam(std::span<float> parameters, std::span<const float> gradient, double rate) {
    constexpr double kFirst = 0.9, kSecond = 0.999;
    constexpr float kSmall = 1e-8f;
    const auto scale = static_cast<float>(
        std::sqrt(1 - std::pow(kSecond, steps_)));  // corrects for the start at 0
    const auto pace = static_cast<float>(rate / (1 - std::pow(kFirst, steps_)));
    for (std::size_t k = 0; k < parameters.size(); ++k) {
      const float down = slope(k, parameters[k], gradient[k]);
      first_[k] += static_cast<float>(1 - kFirst) * (down - first_[k]);
      second_[k] += static_cast<float>(1 - kSecond) * (down * down - second_[k]);
      parameters[k] -= pace * first_[k] / (std::sqrt(second_[k]) / scale + kSmall);
    }
  }

  const ImageTrainOptions& options_;
  std::vector<float> mask_, first_, second_;
  int steps_ = 0;
};

void check(const ImageSet& images, std::span<const int> rows, const ImageTopology& topology) {
  if (rows.size() < 2)
    throw Error(ErrorKind::bad_data, "there are fewer than two images to train with",
                "give more images");
  if (topology.channels != images.channels || topology.size != images.size)
    throw Error(ErrorKind::usage, "the network was made for images of another size or color",
                "use the same --image-size and --color as before");
}

}  // namespace

double learning_rate_at(const ImageTrainOptions& options, double epoch) {
  double rate = options.learning_rate;
  if (epoch < options.warm_up_epochs) return rate * epoch / options.warm_up_epochs;
  switch (options.schedule) {
    case RateSchedule::constant:
      break;
    case RateSchedule::steps:
      for (const double at : options.halve_at_epochs)
        if (epoch >= at) rate /= 2;
      break;
    case RateSchedule::cosine: {
      const double done = (epoch - options.warm_up_epochs) /
                          std::max(1e-9, options.epochs - options.warm_up_epochs);
      rate *= 0.5 * (1 + std::cos(M_PI * std::clamp(done, 0.0, 1.0)));
      break;
    }
  }
  return rate;
}

ImageTrainResult train_images(ImageNetwork start, const ImageSet& images, std::span<const int> rows,
                              const ImageScaler& scaler, const ImageTrainOptions& options,
                              std::uint64_t seed) {
  check(images, rows, start.topology);
  const int batch = std::min(options.batch, static_cast<int>(rows.size()));
  ImageBatches batches(images, rows, scaler, options.augmentation, batch, seed);
  ImageEngine engine(start.topology, batch, EngineUse::training, options.precision);
  engine.set_numbers(start);
  Stepper stepper(start.topology, options);
  std::vector<int> labels(static_cast<std::size_t>(batch));
  ImageTrainResult result{.network = std::move(start)};
  const int each = batches.per_epoch();
  const int steps = std::max(1, static_cast<int>(std::lround(options.epochs * each)));
  ImageEpoch epoch;
  int steps_of_epoch = 0;
  for (int step = 0; step < steps && !result.diverged; ++step) {
    if (options.stop.stop_requested()) {
      result.stopped = true;
      break;
    }
    batches.next(engine.images(), labels);
    const BatchFigures figures = engine.train(labels);
    result.diverged = !std::isfinite(figures.loss);
    const double done = static_cast<double>(step + 1) / each;
    stepper.step(engine.parameters(), engine.gradient(), learning_rate_at(options, done));
    result.images_seen += batch;
    epoch.loss += figures.loss;
    epoch.accuracy += static_cast<double>(figures.right) / batch;
    ++steps_of_epoch;
    if ((step + 1) % each != 0 && step + 1 != steps) continue;
    result.history.push_back({done, epoch.loss / steps_of_epoch, epoch.accuracy / steps_of_epoch});
    epoch = {};
    steps_of_epoch = 0;
  }
  engine.copy_numbers(result.network);
  for (const float value : result.network.parameters)
    if (!std::isfinite(value)) result.diverged = true;
  return result;
}

}  // namespace cupel
