#include "cupel/data/fingerprint.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>

namespace cupel {
namespace {

std::uint64_t finish(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

}  // namespace

void Fingerprint::add(std::uint64_t word) {
  a_ = std::rotl(a_ ^ (word * 0x9FB21C651E98DF25u), 29) * 0xD6E8FEB86659FD93u;
  b_ = std::rotl(b_ + (word ^ 0xA0761D6478BD642Fu), 37) * 0xE7037ED1A0B428DBu + a_;
}

void Fingerprint::add(std::string_view text) {
  add(static_cast<std::uint64_t>(text.size()));
  std::uint64_t word = 0;
  int filled = 0;
  for (const char c : text) {
    word = word << 8 | static_cast<unsigned char>(c);
    if (++filled == 8) {
      add(word);
      word = 0;
      filled = 0;
    }
  }
  if (filled > 0) add(word);
}

void Fingerprint::add(std::span<const double> values) {
  constexpr std::uint64_t kMissingWord = 0x7FF8000000000000u;
  add(static_cast<std::uint64_t>(values.size()));
  for (const double value : values)
    add(std::isnan(value) ? kMissingWord : std::bit_cast<std::uint64_t>(value));
}

std::string Fingerprint::hex() const {
  return fmt::format("{:016x}{:016x}", finish(a_ ^ std::rotl(b_, 32)), finish(b_ + 0x1234567 * a_));
}

}  // namespace cupel
