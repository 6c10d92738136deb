#include <fmt/format.h>
#include <png.h>

#include <utility>

#include "cupel/data/image_decoders.hpp"

namespace cupel {
namespace {

/// libpng's description of an image, given back at the end.
struct PngReader {
  png_image image = {};
  PngReader() { image.version = PNG_IMAGE_VERSION; }
  ~PngReader() { png_image_free(&image); }
};

bool is_animated(std::string_view bytes) {
  return bytes.substr(0, bytes.find("IDAT")).find("acTL") != std::string_view::npos;
}

/// Without what tells colors: levels are wanted as they stand in the file.
std::string without_color_chunks(std::string_view bytes) {
  std::string kept(bytes.substr(0, 8));
  std::size_t at = 8;
  while (at + 12 <= bytes.size()) {
    std::size_t length = 0;
    for (std::size_t k = 0; k < 4; ++k)
      length = length << 8 | static_cast<unsigned char>(bytes[at + k]);
    if (length > bytes.size() - at - 12) break;
    const std::string_view kind = bytes.substr(at + 4, 4);
    if (kind != "gAMA" && kind != "sRGB" && kind != "iCCP" && kind != "cHRM" && kind != "cICP")
      kept += bytes.substr(at, length + 12);
    at += length + 12;
  }
  return kept += bytes.substr(at);
}

/// The levels of a file with 16 bits a channel: without a word on colors they count as linear, and
/// linear levels are what libpng gives.
std::vector<std::uint16_t> read_levels(std::string_view bytes, const std::string& name,
                                       int channels) {
  const std::string plain = without_color_chunks(bytes);
  PngReader reader;
  png_image& png = reader.image;
  std::vector<std::uint16_t> levels;
  if (png_image_begin_read_from_memory(&png, plain.data(), plain.size())) {
    png.format = channels == 3 ? PNG_FORMAT_LINEAR_RGB : PNG_FORMAT_LINEAR_Y;
    levels.resize(PNG_IMAGE_SIZE(png) / sizeof(std::uint16_t));
    if (png_image_finish_read(&png, nullptr, levels.data(), 0, nullptr) &&
        (png.warning_or_error & PNG_IMAGE_ERROR) == 0)
      return levels;
  }
  refuse_image(name, fmt::format("the PNG is damaged or cut off ({})", png.message));
}

}  // namespace

RawImage decode_png(std::string_view bytes, const std::string& name) {
  PngReader reader;
  png_image& png = reader.image;
  if (bytes.find("IEND") == std::string_view::npos) refuse_image(name, "the PNG is cut off");
  if (!png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()))
    refuse_image(name, fmt::format("the PNG is damaged or cut off ({})", png.message));
  check_pixels(png.width, png.height, name);
  RawImage image{.width = static_cast<int>(png.width), .height = static_cast<int>(png.height)};
  const bool is_deep = (png.format & PNG_FORMAT_FLAG_LINEAR) != 0;
  const bool is_opaque = (png.format & PNG_FORMAT_FLAG_ALPHA) == 0;
  if (is_deep) image.note = "16 bits a channel, read as 8";
  if (is_animated(bytes)) image.note = "animated: its first picture is read";
  png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // grey levels as they stand in the file
  const bool color = png.format & PNG_FORMAT_FLAG_COLOR;
  image.channels = color ? 3 : 1;
  if (is_deep && is_opaque) {
    image.deep = read_levels(bytes, name, image.channels);
    image.pixels.resize(image.deep.size());
    RawImage shortened = in_eight_bits(image, 65535);
    image.pixels = std::move(shortened.pixels);
    return image;
  }
  png.format = color ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  image.pixels.resize(PNG_IMAGE_SIZE(png));
  const png_color white = {255, 255, 255};  // behind what is transparent
  if (!png_image_finish_read(&png, &white, image.pixels.data(), 0, nullptr) ||
      (png.warning_or_error & PNG_IMAGE_ERROR))
    refuse_image(name, fmt::format("the PNG is damaged or cut off ({})", png.message));
  return image;
}

}  // namespace cupel
