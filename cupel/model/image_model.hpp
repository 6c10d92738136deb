// An image network with all that is needed to use it: classes, pixel scale, temperature of its
// probabilities, the region of the training images, test images and provenance. Stored as
// versioned JSON (NAME.model, docs/formats/image_model.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/data/images.hpp"
#include "cupel/network/cnn/image_network.hpp"
#include "cupel/trust/data_cloud.hpp"

namespace cupel {

constexpr int kImageModelFormat = 2;

/// Training images and what the writing program said of them.
struct ImageTestVector {
  std::vector<std::uint8_t> pixels;
  std::vector<double> probabilities;
  std::optional<double> distance = {};  ///< empty in files before format 2
  bool valid = true;
};

struct ImageModel {
  std::vector<std::string> classes;
  ImageReading reading;  ///< of pictures; format 1 turned none
  ImageScaler scaler;
  ImageNetwork network;
  double temperature = 1;  ///< probabilities are softmax(outputs / temperature)
  DataCloud region;        ///< of the features (averages of the last maps) of design images
  std::vector<ImageTestVector> test_vectors;
  Json provenance;
};

struct ImagePrediction {
  Matrix probabilities;              ///< [images x classes]
  std::vector<int> predicted;        ///< the most probable class
  Vector distance;                   ///< from the design images; valid up to 1; 0 without a region
  std::vector<std::string> invalid;  ///< why not to trust it; empty = valid
};

/// Images of the model's size and channels. Throws Error{bad_data} otherwise.
ImagePrediction predict(const ImageModel& model, const ImageSet& images);

std::string image_model_text(const ImageModel& model);
/// Throws Error{runtime}: not an image model, not as it was written (from format 2 on a checksum
/// covers every byte), or from a newer program.
ImageModel parse_image_model(std::string_view text, const std::string& name);
/// Whether a model file holds an image model.
bool is_image_model(std::string_view text);

/// Writes to a temporary file beside it first.
void save_image_model(const ImageModel& model, const std::string& path);
/// Also computes the test images again and refuses a model that no longer gives what it gave
/// (within 1e-3 of a probability or of the distance). Throws Error{runtime}, also where memory
/// runs out.
ImageModel load_image_model(const std::string& path);

}  // namespace cupel
