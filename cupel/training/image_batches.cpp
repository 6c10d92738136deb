#include "cupel/training/image_batches.hpp"

#include <algorithm>

#include "cupel/network/cnn/predict_images.hpp"

namespace cupel {
namespace {

/// How one image is moved: its rows and columns exchanged, mirrored, then shifted, edges repeated.
struct Move {
  bool sideways = false, upright = false, transposed = false;
  int right = 0, down = 0;
  bool stays() const { return !sideways && !upright && !transposed && right == 0 && down == 0; }
};

void move_plane(const float* from, float* into, int size, const Move& move) {
  const auto source = [&](int at, int shift, bool mirrored) {
    const int place = std::clamp(at - shift, 0, size - 1);
    return mirrored ? size - 1 - place : place;
  };
  const std::ptrdiff_t row_step = move.transposed ? 1 : size,
                       column_step = move.transposed ? size : 1;
  for (int y = 0; y < size; ++y) {
    const float* row = from + source(y, move.down, move.upright) * row_step;
    for (int x = 0; x < size; ++x)
      into[static_cast<std::ptrdiff_t>(y) * size + x] =
          row[source(x, move.right, move.sideways) * column_step];
  }
}

}  // namespace

void augment(std::span<float> image, int channels, int size, const Augmentation& augmentation,
             Rng& rng, std::span<float> spare) {
  Move move;
  if (augmentation.flip_sideways) move.sideways = rng.chance(0.5);
  if (augmentation.flip_upright) move.upright = rng.chance(0.5);
  if (augmentation.transpose) move.transposed = rng.chance(0.5);
  if (const int most = augmentation.shift; most > 0) {
    move.right = rng.below(2 * most + 1) - most;
    move.down = rng.below(2 * most + 1) - most;
  }
  if (!move.stays()) {
    std::copy(image.begin(), image.end(), spare.begin());
    for (int c = 0; c < channels; ++c) {
      const std::ptrdiff_t plane = static_cast<std::ptrdiff_t>(c) * size * size;
      move_plane(spare.data() + plane, image.data() + plane, size, move);
    }
  }
  if (augmentation.brightness <= 0) return;
  const double most = augmentation.brightness;
  const auto contrast = static_cast<float>(1 + rng.uniform(-most, most));
  const auto brightness = static_cast<float>(rng.uniform(-most, most));
  for (float& value : image) value = contrast * value + brightness;
}

ImageBatches::ImageBatches(const ImageSet& images, std::span<const int> rows,
                           const ImageScaler& scaler, const Augmentation& augmentation, int batch,
                           std::uint64_t seed)
    : images_(&images),
      rows_(rows),
      scaler_(&scaler),
      augmentation_(augmentation),
      batch_(batch),
      rng_(seed),
      spare_(static_cast<std::size_t>(images.bytes())) {}

void ImageBatches::next(std::span<float> pixels, std::span<int> labels) {
  if (at_ + static_cast<std::size_t>(batch_) > order_.size()) {
    order_ = rng_.permutation(static_cast<int>(rows_.size()));
    at_ = 0;
  }
  const auto bytes = static_cast<std::size_t>(images_->bytes());
  for (int k = 0; k < batch_; ++k, ++at_) {
    const int row = rows_[static_cast<std::size_t>(order_[at_])];
    const std::span<float> image = pixels.subspan(static_cast<std::size_t>(k) * bytes, bytes);
    put_image(*images_, row, *scaler_, image);
    augment(image, images_->channels, images_->size, augmentation_, rng_, spare_);
    labels[static_cast<std::size_t>(k)] = images_->labels[static_cast<std::size_t>(row)];
  }
}

}  // namespace cupel
