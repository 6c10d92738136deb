// What a trained image network says of images.
#pragma once

#include <span>

#include "cupel/base/matrix.hpp"
#include "cupel/data/images.hpp"
#include "cupel/network/cnn/image_network.hpp"

namespace cupel {

/// Row for row of the images asked for.
struct ImageOutputs {
  Matrix logits;    ///< [rows x classes], before the softmax
  Matrix features;  ///< [rows x width of the averaged maps], which the head is given
};

/// The same bits for the same image, whichever others are asked for beside it. One thread.
ImageOutputs predict_images(const ImageNetwork& network, const ImageSet& images,
                            std::span<const int> rows, const ImageScaler& scaler);

/// softmax(logits / temperature), row by row.
Matrix softmax(const Matrix& logits, double temperature = 1);

/// Writes one image, scaled, as [channels x size x size].
void put_image(const ImageSet& images, int row, const ImageScaler& scaler, std::span<float> into);

}  // namespace cupel
