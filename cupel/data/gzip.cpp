#include "cupel/data/gzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_text.hpp"
#include "cupel/data/file_kinds.hpp"
#include "cupel/data/table_bytes.hpp"

namespace cupel {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

[[noreturn]] void refuse_damaged(const std::string& name, std::string_view what) {
  throw Error(ErrorKind::bad_data, fmt::format("{}: the gzip file {}", name, what),
              "copy or download it again, or unpack it (gunzip) to see what is left");
}

class Inflater {
 public:
  Inflater(std::string_view bytes, const std::string& name) : rest_(bytes), name_(name) {
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Appends a megabyte at most; false at the end.
  bool more(std::string& text) {
    if (done_) return false;
    const std::size_t before = text.size();
    text.resize(before + kPiece);
    stream_.next_out = reinterpret_cast<Bytef*>(text.data() + before);
    stream_.avail_out = static_cast<uInt>(kPiece);
    while (stream_.avail_out > 0 && !done_) step();
    text.resize(text.size() - stream_.avail_out);
    return text.size() > before || !done_;
  }

 private:
  void step() {
    if (stream_.avail_in == 0) feed();
    const bool no_input = stream_.avail_in == 0;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_STREAM_END)
      next_member();
    else if (code == Z_BUF_ERROR || (code == Z_OK && no_input))
      refuse_damaged(name_, "ends too early");
    else if (code != Z_OK)
      refuse_damaged(name_, "is damaged");
  }

  void feed() {
    const std::size_t most = std::min<std::size_t>(rest_.size(), kPiece);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest_.data()));
    stream_.avail_in = static_cast<uInt>(most);
    rest_.remove_prefix(most);
  }

  /// Files put one after another are read as one; what else follows (zeros of a tape) is not.
  void next_member() {
    std::string_view rest(reinterpret_cast<const char*>(stream_.next_in),
                          stream_.avail_in + rest_.size());
    if (!is_gzip(rest)) {
      done_ = true;
      return;
    }
    inflateReset(&stream_);
    stream_.avail_in = 0;
    rest_ = rest;
  }

  std::string_view rest_;
  const std::string& name_;
  z_stream stream_{};
  bool done_ = false;
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1F\x8B"); }

std::string unpack_gzip(std::string_view bytes, const std::string& name, std::size_t longest_line) {
  Inflater inflater(bytes, name);
  std::string text;
  std::size_t line_begin = 0;
  for (std::size_t before = 0; inflater.more(text); before = text.size()) {
    refuse_size(text.size(), name);
    if (has_no_lines(text)) continue;
    const std::size_t last_end = std::string_view(text).substr(before).find_last_of("\r\n");
    if (last_end != std::string_view::npos) line_begin = before + last_end + 1;
    if (text.size() - line_begin > longest_line) refuse_long_lines(text, name, longest_line);
  }
  return text;
}

}  // namespace cupel
