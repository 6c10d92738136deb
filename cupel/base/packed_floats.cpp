#include "cupel/base/packed_floats.hpp"

#include <array>
#include <bit>
#include <cstdint>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int digit_of(char c) {
  const std::size_t place = kDigits.find(c);
  if (place == std::string_view::npos)
    throw Error(ErrorKind::runtime, "packed numbers hold a character that is not base64");
  return static_cast<int>(place);
}

std::string encode(const std::string& bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k)
      word = word << 8 | (k < count ? static_cast<unsigned char>(bytes[at + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      text += k <= count ? kDigits[word >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

std::string decode(std::string_view text) {
  std::string bytes;
  while (text.ends_with('=')) text.remove_suffix(1);
  std::uint32_t word = 0;
  int bits = 0;
  for (const char c : text) {
    word = word << 6 | static_cast<std::uint32_t>(digit_of(c));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(word >> bits & 255);
  }
  return bytes;
}

}  // namespace

Matrix as_floats(const Matrix& values) { return values.cast<float>().cast<double>(); }

std::string pack_floats(const Matrix& values) {
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(values.size()) * 4);
  for (Eigen::Index k = 0; k < values.size(); ++k) {
    const auto word = std::bit_cast<std::uint32_t>(static_cast<float>(values.data()[k]));
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(word >> shift & 255);
  }
  return encode(bytes);
}

Matrix unpack_floats(std::string_view text, Eigen::Index rows, Eigen::Index columns) {
  const std::string bytes = decode(text);
  if (rows < 0 || columns < 0 || std::ssize(bytes) != rows * columns * 4)
    throw Error(ErrorKind::runtime, "packed numbers do not fit their number of rows and columns");
  Matrix values(rows, columns);
  for (Eigen::Index k = 0; k < values.size(); ++k) {
    std::uint32_t word = 0;
    for (int b = 0; b < 4; ++b)
      word |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[4 * k + b])) << 8 * b;
    values.data()[k] = static_cast<double>(std::bit_cast<float>(word));
  }
  if (!values.allFinite()) throw Error(ErrorKind::runtime, "packed numbers that are not finite");
  return values;
}

}  // namespace cupel
