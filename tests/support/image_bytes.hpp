// Picture files made by hand: PNG with 8 or 16 bits a channel, and EXIF data to put into a file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::test {

inline std::string big_endian(std::uint32_t value, int width) {
  std::string bytes;
  for (int k = width - 1; k >= 0; --k) bytes += static_cast<char>(value >> 8 * k);
  return bytes;
}

inline std::string png_chunk(const std::string& kind, const std::string& content) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const char c : kind + content) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0u);
  }
  return big_endian(static_cast<std::uint32_t>(content.size()), 4) + kind + content +
         big_endian(~crc, 4);
}

/// A grey picture of up to a few thousand levels, stored without compression.
inline std::string png(int width, int bits, const std::vector<int>& levels,
                       const std::string& chunks = {}) {
  std::string rows;
  for (std::size_t k = 0; k < levels.size(); ++k) {
    if (k % static_cast<std::size_t>(width) == 0) rows += '\0';  // no filter
    rows += big_endian(static_cast<std::uint32_t>(levels[k]), bits / 8);
  }
  std::uint32_t low = 1, high = 0;
  for (const char c : rows) {
    low = (low + static_cast<unsigned char>(c)) % 65521;
    high = (high + low) % 65521;
  }
  const auto size = static_cast<std::uint32_t>(rows.size());
  std::string data("\x78\x01\x01", 3);
  for (const std::uint32_t part : {size, ~size}) {
    data += static_cast<char>(part);
    data += static_cast<char>(part >> 8);
  }
  data += rows + big_endian(high << 16 | low, 4);
  const auto height = static_cast<std::uint32_t>(levels.size()) / static_cast<std::uint32_t>(width);
  return std::string("\x89PNG\r\n\x1a\n", 8) +
         png_chunk("IHDR", big_endian(static_cast<std::uint32_t>(width), 4) +
                               big_endian(height, 4) + static_cast<char>(bits) +
                               std::string(4, '\0')) +
         chunks + png_chunk("IDAT", data) + png_chunk("IEND", "");
}

/// EXIF data that state an orientation, after another entry.
inline std::string exif(int orientation, bool is_big_endian) {
  const auto number = [&](std::uint32_t value, int width) {
    std::string bytes = big_endian(value, width);
    return is_big_endian ? bytes : std::string(bytes.rbegin(), bytes.rend());
  };
  return std::string(is_big_endian ? "MM" : "II") + number(42, 2) + number(8, 4) + number(2, 2) +
         number(0x0100, 2) + number(4, 2) + number(1, 4) + number(640, 4) + number(0x0112, 2) +
         number(3, 2) + number(1, 4) + number(static_cast<std::uint32_t>(orientation), 2) +
         number(0, 2) + number(0, 4);
}

/// The JPEG with an APP1 segment of EXIF data, after an APP1 of another kind.
inline std::string with_exif(const std::string& jpeg, const std::string& tiff) {
  const auto segment = [](const std::string& content) {
    return "\xFF\xE1" + big_endian(static_cast<std::uint32_t>(content.size() + 2), 2) + content;
  };
  return jpeg.substr(0, 2) + segment("http://ns.adobe.com/xap/1.0/") +
         segment(std::string("Exif\0\0", 6) + tiff) + jpeg.substr(2);
}

}  // namespace cupel::test
