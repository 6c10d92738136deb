// Windows bitmaps without compression: 8 bits with a palette, 24 and 32 bits.
#include <fmt/format.h>

#include <cstdlib>

#include "cupel/data/image_decoders.hpp"

namespace cupel {
namespace {

/// A little-endian number; 0 past the end, which the size check then catches.
std::uint32_t number(std::string_view bytes, std::size_t at, int width) {
  std::uint32_t value = 0;
  for (int k = width - 1; k >= 0; --k) {
    const std::size_t place = at + static_cast<std::size_t>(k);
    value = value << 8 | (place < bytes.size() ? static_cast<unsigned char>(bytes[place]) : 0u);
  }
  return value;
}

}  // namespace

RawImage decode_bmp(std::string_view bytes, const std::string& name) {
  if (bytes.size() < 54) refuse_image(name, "the BMP is cut off");
  const std::uint32_t start = number(bytes, 10, 4), header = number(bytes, 14, 4);
  const auto width = static_cast<std::int32_t>(number(bytes, 18, 4));
  const auto signed_height = static_cast<std::int32_t>(number(bytes, 22, 4));
  const std::uint32_t bits = number(bytes, 28, 2), compression = number(bytes, 30, 4);
  const std::int64_t height = std::abs(static_cast<std::int64_t>(signed_height));
  check_pixels(width, height, name);
  const bool masks = bits == 32 && compression == 3;  // the usual order of channels
  if (header < 40 || (bits != 8 && bits != 24 && bits != 32) || (compression != 0 && !masks))
    refuse_image(
        name, fmt::format("a BMP with {} bits and compression {} is not read", bits, compression));
  const std::int64_t stride = (width * static_cast<std::int64_t>(bits) / 8 + 3) / 4 * 4;
  if (start + stride * height > static_cast<std::int64_t>(bytes.size()))
    refuse_image(name, "the BMP is cut off");
  const std::size_t palette = 14 + header;
  RawImage image{.width = width, .height = static_cast<int>(height), .channels = 3};
  image.pixels.reserve(static_cast<std::size_t>(width * height * 3));
  for (std::int64_t row = 0; row < height; ++row) {
    const std::int64_t line = signed_height > 0 ? height - 1 - row : row;
    for (std::int64_t column = 0; column < width; ++column) {
      std::size_t at = static_cast<std::size_t>(start + line * stride + column * (bits / 8));
      if (bits == 8) at = palette + 4 * static_cast<unsigned char>(bytes[at]);
      for (std::size_t channel = 3; channel-- > 0;)
        image.pixels.push_back(static_cast<std::uint8_t>(number(bytes, at + channel, 1)));
    }
  }
  return is_grey(image) ? as_grey(image) : image;
}

}  // namespace cupel
