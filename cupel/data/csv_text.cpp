#include "cupel/data/csv_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr const char* kExportHint = "export the table as CSV text (UTF-8) and use that file";

void append_utf8(std::string& text, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

std::string from_utf16(std::string_view bytes, bool big_endian) {
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return big_endian ? first << 8 | second : second << 8 | first;
  };
  std::string text;
  text.reserve(bytes.size() / 2 + 16);
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    const bool high = code >= 0xD800 && code < 0xDC00;
    if (high && at + 3 < bytes.size() && unit(at + 2) >= 0xDC00 && unit(at + 2) < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (unit(at + 2) - 0xDC00);
      at += 2;
    } else if (code >= 0xD800 && code < 0xE000) {
      code = 0xFFFD;  // half a pair
    }
    append_utf8(text, code);
  }
  return text;
}

std::string from_latin1(std::string_view bytes) {
  // What Windows puts where Latin-1 has control characters, 0x80 … 0x9F.
  static constexpr std::array<std::uint16_t, 32> kWindows = {
      0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
      0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 16);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(text, byte >= 0x80 && byte < 0xA0 ? kWindows[byte - 0x80] : byte);
  }
  return text;
}

/// Bytes of the well-formed UTF-8 sequence that starts here; 0 when there is none.
std::size_t utf8_length(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || length > rest.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool beyond = (lead == 0xED && byte(1) >= 0xA0) || (lead == 0xF4 && byte(1) >= 0x90);
  return overlong || beyond ? 0 : length;
}

bool is_utf8(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    std::uint64_t eight;
    if (at + 8 <= bytes.size()) {  // plain ASCII, eight at a time
      std::memcpy(&eight, bytes.data() + at, 8);
      if ((eight & 0x8080808080808080u) == 0) {
        at += 8;
        continue;
      }
    }
    const std::size_t length = utf8_length(bytes.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

/// Zero bytes at odd (even) places only, and many: text in UTF-16 without a mark.
std::pair<std::size_t, std::size_t> count_zeros(std::string_view bytes) {
  std::size_t even = 0, odd = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at)
    if (bytes[at] == '\0') ++(at % 2 == 0 ? even : odd);
  return {even, odd};
}

void refuse_binary(std::string_view text, const std::string& name) {
  if (std::memchr(text.data(), '\0', text.size()) != nullptr)
    throw Error(ErrorKind::bad_data,
                fmt::format("{}: the file holds zero bytes: binary content, not text", name),
                kExportHint);
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || byte == 0x7F;
  };
  const auto controls =
      static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_control));
  if (controls > 0 && controls * 200 > text.size())
    throw Error(ErrorKind::bad_data,
                fmt::format("{}: {} of {} bytes are control characters: binary content, not text",
                            name, controls, text.size()),
                kExportHint);
}

DecodedText converted(std::string text, std::string note) {
  return {.owned = std::move(text), .bytes = {}, .note = std::move(note)};
}

}  // namespace

DecodedText decode_text(std::string_view bytes, const std::string& name) {
  DecodedText result;
  const auto begins = [&](std::string_view mark) { return bytes.substr(0, mark.size()) == mark; };
  const auto [even, odd] = count_zeros(bytes.substr(0, 4096));
  const std::size_t many = std::min<std::size_t>(bytes.size(), 4096) / 5;
  if (begins("\xFF\xFE") || begins("\xFE\xFF"))
    result = converted(from_utf16(bytes.substr(2), begins("\xFE\xFF")), "read as UTF-16");
  else if (even + odd > many && (even == 0 || odd == 0))
    result = converted(from_utf16(bytes, odd == 0), "read as UTF-16 (it has no byte-order mark)");
  else if (begins("\xEF\xBB\xBF"))
    bytes.remove_prefix(3);
  if (result.note.empty()) {
    if (is_utf8(bytes))
      result.bytes = bytes;
    else
      result = converted(from_latin1(bytes), "read as Latin-1 (the bytes are not UTF-8)");
  }
  refuse_binary(result.view(), name);
  return result;
}

char detect_separator(std::string_view text) {
  constexpr std::size_t kSearched = std::size_t{1} << 20;
  if (text.size() > kSearched) text = text.substr(0, text.rfind('\n', kSearched));
  static constexpr std::array<char, 4> kCandidates = {'\t', ';', '|', ','};
  std::array<int, 256> candidate_of{};
  for (std::size_t k = 0; k < kCandidates.size(); ++k)
    candidate_of[static_cast<unsigned char>(kCandidates[k])] = static_cast<int>(k) + 1;
  std::array<long, 4> header{}, count{}, agree{};
  bool in_header = true, quoted = false;
  char before = '\n';
  const auto end_line = [&] {
    for (std::size_t k = 0; k < kCandidates.size(); ++k) {
      if (in_header) header[k] = count[k];
      // One more or less is a trailing separator.
      agree[k] += 2 * (count[k] == header[k]) + (std::abs(count[k] - header[k]) == 1);
    }
    in_header = false;
    count = {};
  };
  for (const char c : text) {
    const int candidate = candidate_of[static_cast<unsigned char>(c)];
    const bool at_start =
        before == '\n' || before == '\r' || candidate_of[static_cast<unsigned char>(before)] != 0;
    if (c == '"' && (quoted || at_start))
      quoted = !quoted;
    else if (!quoted && candidate != 0)
      ++count[static_cast<std::size_t>(candidate - 1)];
    else if (!quoted && (c == '\n' || c == '\r') && before != '\n' && before != '\r')
      end_line();
    before = c;
  }
  if (before != '\n' && before != '\r') end_line();
  std::size_t best = kCandidates.size();
  for (std::size_t k = 0; k < kCandidates.size(); ++k)
    if (header[k] > 0 && (best == kCandidates.size() || agree[k] > agree[best])) best = k;
  return best == kCandidates.size() ? '\0' : kCandidates[best];
}

void refuse_long_lines(std::string_view bytes, const std::string& name, std::size_t longest) {
  for (std::size_t begin = 0; bytes.size() - begin > longest;) {
    const std::size_t end = bytes.substr(begin, longest + 1).find_last_of("\r\n");
    if (end == std::string_view::npos) {
      const std::string_view before = bytes.substr(0, begin);
      const auto lines = std::count(before.begin(), before.end(), '\n');
      throw Error(ErrorKind::bad_data,
                  fmt::format("{}, line {}: longer than {} MB: not a table", name, lines + 1,
                              longest >> 20),
                  kExportHint);
    }
    begin += end + 1;
  }
}

}  // namespace cupel
