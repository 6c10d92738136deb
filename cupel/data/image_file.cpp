#include "cupel/data/image_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/data/image_decoders.hpp"

namespace cupel {
namespace {

using namespace std::string_view_literals;

/// Kinds that are not read, to be named.
constexpr std::pair<std::string_view, std::string_view> kOtherKinds[] = {
    {"GIF8"sv, "a GIF"},
    {"II*\0"sv, "a TIFF"},
    {"MM\0*"sv, "a TIFF"},
    {"RIFF"sv, "a WebP file"},
    {"\0\0\0\x0CjP  "sv, "a JPEG 2000 file"},
    {"%PDF"sv, "a PDF"},
    {"8BPS"sv, "a Photoshop file"}};

std::string megapixels(std::int64_t pixels) {
  return fmt::format("{:.3g} million", static_cast<double>(pixels) / 1e6);
}

/// Weights of old pixels for each new one, along one direction.
struct Weights {
  int first = 0;
  std::vector<double> values;
};

std::vector<Weights> resize_weights(int from, int to) {
  const double step = static_cast<double>(from) / to, reach = std::max(1.0, step);
  std::vector<Weights> all;
  for (int k = 0; k < to; ++k) {
    const double center = (k + 0.5) * step - 0.5;
    Weights weights{.first = std::max(0, static_cast<int>(std::ceil(center - reach)))};
    const int last = std::min(from - 1, static_cast<int>(std::floor(center + reach)));
    double sum = 0;
    for (int j = weights.first; j <= last; ++j) {
      weights.values.push_back(std::max(0.0, 1 - std::abs(j - center) / reach));
      sum += weights.values.back();
    }
    for (double& value : weights.values) value /= sum;
    all.push_back(std::move(weights));
  }
  return all;
}

}  // namespace

void refuse_image(const std::string& name, const std::string& what) {
  throw Error(ErrorKind::bad_data, fmt::format("{}: {}", name, what),
              "images must be whole PNG, JPEG or BMP files");
}

void check_pixels(std::int64_t width, std::int64_t height, const std::string& name) {
  if (width <= 0 || height <= 0) refuse_image(name, "the image has no pixels");
  if (width <= kMostPixels && height <= kMostPixels && width * height <= kMostPixels) return;
  throw Error(
      ErrorKind::bad_data,
      fmt::format("{}: {} x {} pixels, more than {}", name, width, height, megapixels(kMostPixels)),
      "scale the image down first; small networks look at few pixels anyway");
}

RawImage decode_image(std::string_view bytes, const std::string& name) {
  if (bytes.empty()) refuse_image(name, "the file is empty (0 bytes)");
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return decode_png(bytes, name);
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return decode_jpeg(bytes, name);
  if (bytes.starts_with("BM"sv)) return decode_bmp(bytes, name);
  for (const auto& [magic, kind] : kOtherKinds)
    if (bytes.starts_with(magic))
      throw Error(ErrorKind::bad_data, fmt::format("{}: this is {}, which is not read", name, kind),
                  "convert it to PNG, JPEG or BMP");
  refuse_image(name, "this is not an image");
}

RawImage read_image(const std::string& path) {
  return decode_image(read_whole_file(path, kImageFile), path);
}

bool is_grey(const RawImage& image) {
  if (image.channels == 1) return true;
  for (std::size_t k = 0; k < image.pixels.size(); k += 3)
    if (image.pixels[k] != image.pixels[k + 1] || image.pixels[k] != image.pixels[k + 2])
      return false;
  return true;
}

RawImage as_grey(const RawImage& image) {
  if (image.channels == 1) return image;
  RawImage grey{.width = image.width, .height = image.height, .note = image.note};
  grey.pixels.reserve(image.pixels.size() / 3);
  for (std::size_t k = 0; k < image.pixels.size(); k += 3) {
    // In whole numbers: the same everywhere.
    const int sum = 299 * image.pixels[k] + 587 * image.pixels[k + 1] + 114 * image.pixels[k + 2];
    grey.pixels.push_back(static_cast<std::uint8_t>((sum + 500) / 1000));
  }
  return grey;
}

std::vector<std::uint8_t> resize_square(const RawImage& image, int size) {
  const std::vector<Weights> across = resize_weights(image.width, size),
                             down = resize_weights(image.height, size);
  std::vector<std::uint8_t> result;
  result.reserve(static_cast<std::size_t>(image.channels) * size * size);
  std::vector<double> narrow(static_cast<std::size_t>(image.height) * size);
  for (int channel = 0; channel < image.channels; ++channel) {
    for (int row = 0; row < image.height; ++row)
      for (int column = 0; column < size; ++column) {
        double sum = 0;
        std::size_t at =
            (static_cast<std::size_t>(row) * image.width + across[column].first) * image.channels +
            channel;
        for (const double weight : across[column].values) {
          sum += weight * image.pixels[at];
          at += static_cast<std::size_t>(image.channels);
        }
        narrow[static_cast<std::size_t>(row) * size + column] = sum;
      }
    for (int row = 0; row < size; ++row)
      for (int column = 0; column < size; ++column) {
        double sum = 0;
        std::size_t at = static_cast<std::size_t>(down[row].first) * size + column;
        for (const double weight : down[row].values) {
          sum += weight * narrow[at];
          at += static_cast<std::size_t>(size);
        }
        result.push_back(static_cast<std::uint8_t>(std::clamp(std::lround(sum), 0L, 255L)));
      }
  }
  return result;
}

}  // namespace cupel
