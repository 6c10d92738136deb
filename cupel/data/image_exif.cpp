#include "cupel/data/image_exif.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace cupel {
namespace {

using namespace std::string_view_literals;

constexpr int kAsItIs = 1;
constexpr std::uint32_t kOrientationTag = 0x0112, kShort = 3, kLong = 4;

/// Whole numbers at a place of some bytes; 0 beyond their end.
struct Numbers {
  std::string_view bytes;
  bool is_big_endian = true;

  std::uint32_t at(std::size_t place, std::size_t width) const {
    if (place > bytes.size() || width > bytes.size() - place) return 0;
    std::uint32_t value = 0;
    for (std::size_t k = 0; k < width; ++k) {
      const std::size_t from = is_big_endian ? place + k : place + width - 1 - k;
      value = value << 8 | static_cast<unsigned char>(bytes[from]);
    }
    return value;
  }
};

int orientation_of_tiff(std::string_view tiff) {
  if (tiff.starts_with("Exif\0\0"sv)) tiff.remove_prefix(6);
  const bool is_big_endian = tiff.starts_with("MM\0*"sv);
  if (!is_big_endian && !tiff.starts_with("II*\0"sv)) return kAsItIs;
  const Numbers number{tiff, is_big_endian};
  const std::size_t directory = number.at(4, 4);
  const std::uint32_t entries = number.at(directory, 2);
  for (std::uint32_t k = 0; k < entries; ++k) {
    const std::size_t entry = directory + 2 + std::size_t{12} * k;
    if (entry + 12 > tiff.size()) break;
    if (number.at(entry, 2) != kOrientationTag) continue;
    const std::uint32_t type = number.at(entry + 2, 2), count = number.at(entry + 4, 4);
    if ((type != kShort && type != kLong) || count != 1) return kAsItIs;
    const std::uint32_t value = number.at(entry + 8, type == kShort ? 2 : 4);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : kAsItIs;
  }
  return kAsItIs;
}

/// Segments stand before the picture's data: a marker, its length, its content.
int orientation_of_jpeg(std::string_view bytes) {
  const Numbers number{bytes};
  std::size_t at = 2;
  while (at + 4 <= bytes.size() && number.at(at, 1) == 0xFF) {
    const std::uint32_t marker = number.at(at + 1, 1);
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) break;  // the data begin, or the end
    if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
      at += 2;
      continue;
    }
    const std::size_t length = number.at(at + 2, 2);
    if (length < 2 || length > bytes.size() - at - 2) break;
    const std::string_view content = bytes.substr(at + 4, length - 2);
    if (marker == 0xE1 && content.starts_with("Exif\0\0"sv)) return orientation_of_tiff(content);
    at += 2 + length;
  }
  return kAsItIs;
}

int orientation_of_png(std::string_view bytes) {
  const Numbers number{bytes};
  std::size_t at = 8;
  while (at + 12 <= bytes.size()) {
    const std::size_t length = number.at(at, 4);
    if (length > bytes.size() - at - 12) break;
    if (bytes.substr(at + 4, 4) == "eXIf"sv)
      return orientation_of_tiff(bytes.substr(at + 8, length));
    at += 12 + length;
  }
  return kAsItIs;
}

/// Where the pixel that is shown at `row` and `column` stands in a picture of height x width.
std::pair<int, int> stored_place(int orientation, int row, int column, std::pair<int, int> last) {
  const auto [last_row, last_column] = last;
  switch (orientation) {
    case 2:
      return {row, last_column - column};
    case 3:
      return {last_row - row, last_column - column};
    case 4:
      return {last_row - row, column};
    case 5:
      return {column, row};
    case 6:
      return {last_row - column, row};
    case 7:
      return {last_row - column, last_column - row};
    case 8:
      return {column, last_column - row};
    default:
      return {row, column};
  }
}

}  // namespace

int exif_orientation(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return orientation_of_jpeg(bytes);
  return bytes.starts_with("\x89PNG"sv) ? orientation_of_png(bytes) : kAsItIs;
}

RawImage turned(RawImage image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  const std::pair<int, int> last{image.height - 1, image.width - 1};
  const auto channels = static_cast<std::size_t>(image.channels);
  RawImage made{.width = image.width, .height = image.height, .channels = image.channels};
  if (orientation >= 5) std::swap(made.width, made.height);
  made.note = std::move(image.note);
  made.pixels.reserve(image.pixels.size());
  made.deep.reserve(image.deep.size());
  for (int row = 0; row < made.height; ++row)
    for (int column = 0; column < made.width; ++column) {
      const auto [from_row, from_column] = stored_place(orientation, row, column, last);
      const std::size_t from =
          (static_cast<std::size_t>(from_row) * static_cast<std::size_t>(image.width) +
           static_cast<std::size_t>(from_column)) *
          channels;
      for (std::size_t c = 0; c < channels; ++c) {
        made.pixels.push_back(image.pixels[from + c]);
        if (!image.deep.empty()) made.deep.push_back(image.deep[from + c]);
      }
    }
  return made;
}

}  // namespace cupel
