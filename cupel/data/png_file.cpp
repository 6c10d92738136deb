#include <fmt/format.h>
#include <png.h>

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

}  // namespace

RawImage decode_png(std::string_view bytes, const std::string& name) {
  PngReader reader;
  png_image& png = reader.image;
  if (bytes.find("IEND") == std::string_view::npos) refuse_image(name, "the PNG is cut off");
  if (!png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()))
    refuse_image(name, fmt::format("the PNG is damaged or cut off ({})", png.message));
  check_pixels(png.width, png.height, name);
  RawImage image{.width = static_cast<int>(png.width), .height = static_cast<int>(png.height)};
  if (png.format & PNG_FORMAT_FLAG_LINEAR) image.note = "16 bits a channel, read as 8";
  if (is_animated(bytes)) image.note = "animated: its first picture is read";
  png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // grey levels as they stand in the file
  const bool color = png.format & PNG_FORMAT_FLAG_COLOR;
  image.channels = color ? 3 : 1;
  png.format = color ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  image.pixels.resize(PNG_IMAGE_SIZE(png));
  const png_color white = {255, 255, 255};  // behind what is transparent
  if (!png_image_finish_read(&png, &white, image.pixels.data(), 0, nullptr) ||
      (png.warning_or_error & PNG_IMAGE_ERROR))
    refuse_image(name, fmt::format("the PNG is damaged or cut off ({})", png.message));
  return image;
}

}  // namespace cupel
