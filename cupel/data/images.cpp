#include "cupel/data/images.hpp"

#include <cmath>

namespace cupel {

ImageScaler fit_image_scaler(const ImageSet& images, std::span<const int> rows) {
  ImageScaler scaler;
  const int plane = images.size * images.size;
  for (int channel = 0; channel < images.channels; ++channel) {
    // Whole numbers: exact, in any order.
    std::int64_t sum = 0, squares = 0;
    for (const int row : rows)
      for (const std::int64_t level : images.image(row).subspan(channel * plane, plane)) {
        sum += level;
        squares += level * level;
      }
    const double count = static_cast<double>(rows.size()) * plane;
    const double mean = static_cast<double>(sum) / count;
    const double variance = static_cast<double>(squares) / count - mean * mean;
    scaler.mean.push_back(mean);
    scaler.deviation.push_back(variance > 1e-6 ? std::sqrt(variance) : 1);
  }
  return scaler;
}

}  // namespace cupel
