#include "cupel/network/cnn/predict_images.hpp"

#include <algorithm>
#include <cmath>

#include "cupel/network/cnn/image_engine.hpp"

namespace cupel {

void put_image(const ImageSet& images, int row, const ImageScaler& scaler, std::span<float> into) {
  const std::span<const std::uint8_t> pixels = images.image(row);
  const std::size_t area = pixels.size() / static_cast<std::size_t>(images.channels);
  for (std::size_t c = 0; c < scaler.mean.size(); ++c) {
    const auto mean = static_cast<float>(scaler.mean[c]);
    const auto scale = static_cast<float>(1 / scaler.deviation[c]);
    for (std::size_t p = c * area; p < (c + 1) * area; ++p)
      into[p] = (static_cast<float>(pixels[p]) - mean) * scale;
  }
}

ImageOutputs predict_images(const ImageNetwork& network, const ImageSet& images,
                            std::span<const int> rows, const ImageScaler& scaler) {
  // One size for all calls: the arithmetic may depend on it.
  constexpr int kBatch = 32;
  ImageEngine engine(network.topology, kBatch, EngineUse::prediction);
  engine.set_numbers(network);
  const int count = static_cast<int>(rows.size());
  const int classes = network.topology.classes;
  const auto width = static_cast<int>(engine.features().size()) / kBatch;
  const auto bytes = static_cast<std::size_t>(images.bytes());
  ImageOutputs outputs{Matrix(count, classes), Matrix(count, width)};
  for (int first = 0; first < count; first += kBatch) {
    const int here = std::min(kBatch, count - first);
    for (int k = 0; k < here; ++k)
      put_image(images, rows[static_cast<std::size_t>(first + k)], scaler,
                engine.images().subspan(static_cast<std::size_t>(k) * bytes, bytes));
    engine.predict();
    for (int k = 0; k < here; ++k) {
      for (int c = 0; c < classes; ++c)
        outputs.logits(first + k, c) = engine.outputs()[static_cast<std::size_t>(k * classes + c)];
      for (int c = 0; c < width; ++c)
        outputs.features(first + k, c) = engine.features()[static_cast<std::size_t>(k * width + c)];
    }
  }
  return outputs;
}

Matrix softmax(const Matrix& logits, double temperature) {
  Matrix result(logits.rows(), logits.cols());
  for (Eigen::Index row = 0; row < logits.rows(); ++row) {
    const double largest = logits.row(row).maxCoeff();
    double sum = 0;
    for (Eigen::Index c = 0; c < logits.cols(); ++c)
      sum += result(row, c) = std::exp((logits(row, c) - largest) / temperature);
    result.row(row) /= sum;
  }
  return result;
}

}  // namespace cupel
