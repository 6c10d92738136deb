#include "cupel/model/image_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/base/file_writer.hpp"
#include "cupel/base/packed_floats.hpp"
#include "cupel/base/sealed_json.hpp"
#include "cupel/network/cnn/predict_images.hpp"

namespace cupel {
namespace {

constexpr std::int64_t kFirstSealed = 2;  ///< format
constexpr double kSameNumber = 1e-3;      ///< other processors round otherwise

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw Error(ErrorKind::runtime, fmt::format("{}: {}", name, what),
              "copy the file again, or design the model again");
}

std::string packed(const std::vector<float>& values) {
  return pack_floats(
      Eigen::Map<const Eigen::VectorXf>(values.data(), static_cast<Eigen::Index>(values.size()))
          .cast<double>());
}

std::vector<float> unpacked(const Json& json, int count) {
  const Matrix values = unpack_floats(json.as_string(), count, 1);
  std::vector<float> floats;
  for (const double value : values.reshaped()) floats.push_back(static_cast<float>(value));
  return floats;
}

/// Numbers that describe an image to the head: averages of the last maps.
int feature_count(const ImageTopology& topology) {
  for (const ImageLayer& layer : topology.layers)
    if (layer.kind == ImageLayerKind::average_pool) return layer.outputs;
  return topology.layers.back().inputs;
}

Json to_json(const ImageTestVector& vector) {
  Json json;
  json["pixels"] = std::vector<int>(vector.pixels.begin(), vector.pixels.end());
  json["probabilities"] = vector.probabilities;
  if (!vector.distance) return json;
  json["distance"] = *vector.distance;
  json["valid"] = vector.valid;
  return json;
}

ImageReading reading_from_json(const Json* json) {
  if (json == nullptr) return {.upright = false};
  const std::int64_t white = json->at("white_level").as_integer();
  if (white < 1 || white > 65535)
    throw Error(ErrorKind::runtime, "its white level is none of 16 bits");
  return {.white_level = static_cast<int>(white), .upright = json->at("upright").as_bool()};
}

ImageModel from_json(const Json& json) {
  ImageModel model{.classes = json.at("classes").as_strings()};
  model.scaler = {json.at("mean").as_numbers(), json.at("deviation").as_numbers()};
  model.network.topology = image_topology_from_json(json.at("topology"));
  const ImageTopology& topology = model.network.topology;
  model.network.parameters = unpacked(json.at("parameters"), parameter_offsets(topology).back());
  model.network.statistics = unpacked(json.at("statistics"), statistics_offsets(topology).back());
  model.temperature = json.at("temperature").as_number();
  const int features = json.at("features").as_integer();
  if (const Json* region = json.find("region")) model.region = cloud_from_json(*region, features);
  for (const Json& item : json.at("test_vectors").as_array()) {
    ImageTestVector vector{.probabilities = item.at("probabilities").as_numbers()};
    for (const int level : item.at("pixels").as_integers())
      vector.pixels.push_back(static_cast<std::uint8_t>(level));
    if (const Json* distance = item.find("distance")) {
      vector.distance = distance->as_number();
      vector.valid = item.at("valid").as_bool();
    }
    model.test_vectors.push_back(std::move(vector));
  }
  model.provenance = json.at("provenance");
  model.reading = reading_from_json(json.find("reading"));
  const std::size_t channels = static_cast<std::size_t>(topology.channels);
  const bool good = static_cast<int>(model.classes.size()) == topology.classes &&
                    model.scaler.mean.size() == channels &&
                    model.scaler.deviation.size() == channels && model.temperature > 0 &&
                    std::all_of(model.scaler.deviation.begin(), model.scaler.deviation.end(),
                                [](double value) { return value > 0; });
  if (!good) throw Error(ErrorKind::runtime, "its parts do not fit together");
  return model;
}

void check_same(const std::string& name, std::size_t image, double found, double expected) {
  if (!(std::abs(found - expected) <= kSameNumber))
    refuse(name, fmt::format("test image {} comes out as {:.4f}, it must be {:.4f}: the model was "
                             "changed or is damaged",
                             image + 1, found, expected));
}

void check_test_vectors(const ImageModel& model, const std::string& name) {
  const ImageTopology& topology = model.network.topology;
  ImageSet images{.channels = topology.channels, .size = topology.size};
  for (const ImageTestVector& vector : model.test_vectors) {
    if (static_cast<int>(vector.pixels.size()) != images.bytes() ||
        vector.probabilities.size() != model.classes.size())
      refuse(name, "a test image has another size: the model is damaged");
    images.pixels.insert(images.pixels.end(), vector.pixels.begin(), vector.pixels.end());
    images.labels.push_back(-1);
    images.files.emplace_back();
  }
  if (images.count() == 0) return;
  const ImagePrediction found = predict(model, images);
  for (std::size_t k = 0; k < model.test_vectors.size(); ++k) {
    const ImageTestVector& vector = model.test_vectors[k];
    const auto row = static_cast<Eigen::Index>(k);
    for (std::size_t c = 0; c < vector.probabilities.size(); ++c)
      check_same(name, k, found.probabilities(row, static_cast<Eigen::Index>(c)),
                 vector.probabilities[c]);
    if (!vector.distance) continue;
    const double unit = std::max(1.0, std::abs(*vector.distance));
    check_same(name, k, found.distance[row] / unit, *vector.distance / unit);
    // Where the distance decides by its last digits, rounding may.
    if (std::abs(found.distance[row] - 1) > kSameNumber && found.invalid[k].empty() != vector.valid)
      refuse(name, fmt::format("test image {} is trusted otherwise than it was: the model was "
                               "changed or is damaged",
                               k + 1));
  }
}

}  // namespace

ImagePrediction predict(const ImageModel& model, const ImageSet& images) {
  const ImageTopology& topology = model.network.topology;
  if (images.size != topology.size || images.channels != topology.channels)
    throw Error(ErrorKind::bad_data,
                fmt::format("images of {} x {} pixels and {} channels; the model takes {} x {} and "
                            "{}",
                            images.size, images.size, images.channels, topology.size, topology.size,
                            topology.channels));
  std::vector<int> rows(static_cast<std::size_t>(images.count()));
  std::iota(rows.begin(), rows.end(), 0);
  const ImageOutputs outputs = predict_images(model.network, images, rows, model.scaler);
  ImagePrediction prediction{.probabilities = softmax(outputs.logits, model.temperature)};
  prediction.distance = Vector::Zero(images.count());
  if (model.region.known()) prediction.distance = cloud_ratios(model.region, outputs.features);
  for (Eigen::Index row = 0; row < prediction.probabilities.rows(); ++row) {
    Eigen::Index best = 0;
    prediction.probabilities.row(row).maxCoeff(&best);
    prediction.predicted.push_back(static_cast<int>(best));
    const double distance = prediction.distance[row];
    prediction.invalid.push_back(
        distance <= 1 ? ""
                      : fmt::format("this does not look like the training images ({:.1f} times the "
                                    "usual distance)",
                                    distance));
  }
  return prediction;
}

std::string image_model_text(const ImageModel& model) {
  Json json;
  json["image_model"] = kImageModelFormat;
  json["classes"] = model.classes;
  json["reading"]["white_level"] = model.reading.white_level;
  json["reading"]["upright"] = model.reading.upright;
  json["mean"] = model.scaler.mean;
  json["deviation"] = model.scaler.deviation;
  json["topology"] = to_json(model.network.topology);
  json["parameters"] = packed(model.network.parameters);
  json["statistics"] = packed(model.network.statistics);
  json["temperature"] = model.temperature;
  json["features"] = feature_count(model.network.topology);
  if (model.region.known()) json["region"] = to_json(model.region);
  json["test_vectors"] = Json::Array{};
  for (const ImageTestVector& vector : model.test_vectors)
    json["test_vectors"].push_back(to_json(vector));
  json["provenance"] = model.provenance;
  return sealed_json(json, -1);
}

bool is_image_model(std::string_view text) { return text.starts_with("{\"image_model\":"); }

ImageModel parse_image_model(std::string_view text, const std::string& name) {
  try {
    const Json json = parse_json(text, name);
    const std::int64_t format = json.at("image_model").as_integer();
    if (format > kImageModelFormat)
      throw Error(ErrorKind::runtime,
                  fmt::format("{}: image model format {}, this program reads up to {}", name,
                              format, kImageModelFormat),
                  "use a newer version of cupel");
    const Seal seal = seal_of(text);
    if (seal == Seal::broken || (seal == Seal::none && format >= kFirstSealed))
      refuse(name, "the model is damaged: its checksum is wrong, it is not as it was written");
    return from_json(json);
  } catch (const Error& error) {
    if (!error.hint().empty()) throw;  // says all already
    refuse(name, "the model is damaged: " + error.message());
  }
}

void save_image_model(const ImageModel& model, const std::string& path) {
  replace_whole_file(path, image_model_text(model));
}

ImageModel load_image_model(const std::string& path) {
  return within_memory(path, [&] {
    ImageModel model = parse_image_model(read_whole_file(path, kModelFile), path);
    check_test_vectors(model, path);
    return model;
  });
}

}  // namespace cupel
