// One image file: PNG (libpng), JPEG (libjpeg-turbo) or BMP, told by its first bytes, not by its
// name. What is lost on the way to 8 bits a channel is said in a note.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

struct RawImage {
  int width = 0, height = 0;
  int channels = 1;                  ///< 1 grey, 3 red green blue
  std::vector<std::uint8_t> pixels;  ///< [row][column][channel]
  /// The levels of a file with 16 bits a channel as they stand there, which `pixels` shortens;
  /// empty otherwise.
  std::vector<std::uint16_t> deep = {};
  std::string note = {};  ///< "16 bits a channel, read as 8"; mostly empty
};

/// Larger images are refused: a camera's picture has less.
constexpr std::int64_t kMostPixels = 50'000'000;

/// Throws Error{bad_data} naming the file: empty, not an image, of another kind, damaged, cut off,
/// too large. Throws Error{runtime} when it cannot be read at all.
/// `upright`: turned as the camera's EXIF data say.
RawImage read_image(const std::string& path, bool upright = true);
/// The same from memory.
RawImage decode_image(std::string_view bytes, const std::string& name, bool upright = true);

/// `deep` becomes `pixels`: white_level and above 255.
RawImage in_eight_bits(RawImage image, int white_level);

/// Grey levels of a color image (0.299 red + 0.587 green + 0.114 blue).
RawImage as_grey(const RawImage& image);
/// Every pixel has equal channels.
bool is_grey(const RawImage& image);

/// Resized to size x size; each new pixel is the weighted mean of the old ones around it (a
/// triangle as wide as the step, so that fine texture does not alias). The shape is not kept.
/// Result [channel][row][column].
std::vector<std::uint8_t> resize_square(const RawImage& image, int size);
/// Resized like that, channels together again as in a file, deep levels too.
RawImage shrunk(const RawImage& image, int size);

}  // namespace cupel
