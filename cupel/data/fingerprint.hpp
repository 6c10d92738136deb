// A 128-bit hash that recognizes a data set: not against forgery, against mistakes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cupel {

/// Two 64-bit lanes of multiply-and-rotate mixing, the same on every machine.
class Fingerprint {
 public:
  void add(std::uint64_t word);
  void add(std::string_view text);
  void add(std::span<const double> values);
  /// 32 hexadecimal digits.
  std::string hex() const;

 private:
  std::uint64_t a_ = 0x9E3779B97F4A7C15u, b_ = 0xC2B2AE3D27D4EB4Fu;
};

}  // namespace cupel
