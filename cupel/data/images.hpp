// Images of one size with their classes, ready for training: bytes as read and resized.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cupel {

/// How picture files become bytes: found with the images of a study, kept by its model, so that a
/// new picture is read as they were, whatever lies beside it.
struct ImageReading {
  int white_level = 65535;  ///< of files with 16 bits a channel; a camera of 12 bits stores to 4095
  bool upright = true;      ///< turned as EXIF says
};

struct ImageSet {
  int channels = 1;                  ///< 1 grey, 3 red green blue
  int size = 32;                     ///< side, pixels; images are square
  std::vector<std::uint8_t> pixels;  ///< [image][channel][row][column], 0 … 255
  std::vector<int> labels;           ///< index into `classes`, one an image; -1: not known
  std::vector<std::string> files;    ///< path below the folder that was read
  std::vector<std::string> classes;

  int count() const { return static_cast<int>(labels.size()); }
  /// Bytes of one image.
  int bytes() const { return channels * size * size; }
  std::span<const std::uint8_t> image(int k) const {
    return std::span(pixels).subspan(
        static_cast<std::size_t>(k) * static_cast<std::size_t>(bytes()),
        static_cast<std::size_t>(bytes()));
  }
};

/// Brings pixels to mean 0 and deviation 1: (grey level - mean) / deviation, by channel.
struct ImageScaler {
  std::vector<double> mean, deviation;
};

/// From training images only.
ImageScaler fit_image_scaler(const ImageSet& images, std::span<const int> rows);

}  // namespace cupel
