#include "cupel/data/image_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/data/image_decoders.hpp"
#include "cupel/data/image_exif.hpp"

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

namespace {

RawImage decode_known(std::string_view bytes, const std::string& name) {
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

}  // namespace

RawImage decode_image(std::string_view bytes, const std::string& name, bool upright) {
  RawImage image = decode_known(bytes, name);
  const int orientation = upright ? exif_orientation(bytes) : 1;
  if (orientation == 1) return image;
  image.note += image.note.empty() ? "" : "; ";
  image.note += "turned upright, as its EXIF data say";
  return turned(std::move(image), orientation);
}

RawImage read_image(const std::string& path, bool upright) {
  return decode_image(read_whole_file(path, kImageFile), path, upright);
}

RawImage in_eight_bits(RawImage image, int white_level) {
  const std::uint64_t white = static_cast<std::uint64_t>(std::max(1, white_level));
  for (std::size_t k = 0; k < image.deep.size(); ++k) {
    const std::uint64_t level = std::min<std::uint64_t>(image.deep[k], white);
    image.pixels[k] = static_cast<std::uint8_t>((level * 255 + white / 2) / white);
  }
  image.deep.clear();
  return image;
}

namespace {

template <class Level>
bool has_equal_channels(const std::vector<Level>& levels) {
  for (std::size_t k = 0; k + 2 < levels.size(); k += 3)
    if (levels[k] != levels[k + 1] || levels[k] != levels[k + 2]) return false;
  return true;
}

}  // namespace

bool is_grey(const RawImage& image) {
  return image.channels == 1 ||
         (has_equal_channels(image.pixels) && has_equal_channels(image.deep));
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

namespace {

template <class Level>
std::vector<Level> resized(const RawImage& image, const std::vector<Level>& levels, int size) {
  const std::vector<Weights> across = resize_weights(image.width, size),
                             down = resize_weights(image.height, size);
  constexpr long kMost = std::numeric_limits<Level>::max();
  std::vector<Level> result;
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
          sum += weight * levels[at];
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
        result.push_back(static_cast<Level>(std::clamp(std::lround(sum), 0L, kMost)));
      }
  }
  return result;
}

/// [channel][row][column] as [row][column][channel].
template <class Level>
std::vector<Level> together(const std::vector<Level>& planes, int channels) {
  const std::size_t plane = planes.size() / static_cast<std::size_t>(channels);
  std::vector<Level> levels;
  levels.reserve(planes.size());
  for (std::size_t k = 0; k < plane; ++k)
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(channels); ++channel)
      levels.push_back(planes[channel * plane + k]);
  return levels;
}

}  // namespace

std::vector<std::uint8_t> resize_square(const RawImage& image, int size) {
  return resized(image, image.pixels, size);
}

RawImage shrunk(const RawImage& image, int size) {
  RawImage small{.width = size, .height = size, .channels = image.channels, .note = image.note};
  small.pixels = together(resized(image, image.pixels, size), image.channels);
  if (!image.deep.empty()) small.deep = together(resized(image, image.deep, size), image.channels);
  return small;
}

}  // namespace cupel
