#include "cupel/store/study_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"

namespace cupel {
namespace {

// The layout of SQLite's log; https://sqlite.org/fileformat2.html section 4.
constexpr std::size_t kHeaderBytes = 32, kFrameBytes = 24;
constexpr std::uint32_t kMagic = 0x377f0682;  ///< or one more: checksums of big-endian words

using Checksum = std::array<std::uint32_t, 2>;

std::uint32_t word(const unsigned char* bytes, bool big_endian) {
  std::uint32_t value = 0;
  for (int k = 0; k < 4; ++k) value |= std::uint32_t{bytes[k]} << (big_endian ? 24 - 8 * k : 8 * k);
  return value;
}

Checksum added(Checksum sum, const unsigned char* bytes, std::size_t size, bool big_endian) {
  for (std::size_t i = 0; i + 8 <= size; i += 8) {
    sum[0] += word(bytes + i, big_endian) + sum[1];
    sum[1] += word(bytes + i + 4, big_endian) + sum[0];
  }
  return sum;
}

struct Log {
  bool big_endian = false;
  std::size_t page = 0;
  std::array<unsigned char, 8> salt{};
  Checksum sum{};
};

[[noreturn]] void refuse(const std::string& path) {
  throw Error(ErrorKind::runtime,
              fmt::format("{}: the study is damaged (the newest trials, in {}-wal, cannot be read)",
                          path, path),
              "take copies of both files from a backup, or start the study again");
}

/// The log, piece by piece.
class LogBytes {
 public:
  explicit LogBytes(const std::string& path) : file_(path, {"a study's log", UINT64_MAX}) {}
  /// Fills `to`; false when less is left.
  bool next(std::span<unsigned char> to) {
    while (bytes_.size() - at_ < to.size()) {
      bytes_.erase(0, std::exchange(at_, 0));
      if (!file_.read_more(bytes_)) return false;
    }
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), to.size(), to.begin());
    at_ += to.size();
    return true;
  }

 private:
  FileReader file_;
  std::string bytes_;
  std::size_t at_ = 0;
};

/// An unreadable header is damage when anything follows it.
Log read_header(const std::string& path, LogBytes& file) {
  std::array<unsigned char, kHeaderBytes> bytes{};
  if (!file.next(bytes)) refuse(path);
  Log log;
  const std::uint32_t magic = word(bytes.data(), true);
  log.big_endian = magic == kMagic + 1;
  log.page = word(&bytes[8], true);
  std::copy_n(&bytes[16], 8, log.salt.begin());
  log.sum = added({}, bytes.data(), 24, log.big_endian);
  const bool is_power = log.page >= 512 && log.page <= 65536 && (log.page & (log.page - 1)) == 0;
  if ((magic & ~1u) != kMagic || !is_power ||
      log.sum != Checksum{word(&bytes[24], true), word(&bytes[28], true)})
    refuse(path);
  return log;
}

}  // namespace

void check_study_log(const std::string& path) {
  const std::string log_path = path + "-wal";
  std::error_code ignored;
  // A process that is killed at once leaves an empty log, or a header alone.
  if (std::filesystem::file_size(log_path, ignored) <= kHeaderBytes || ignored) return;
  LogBytes file(log_path);
  Log log = read_header(path, file);
  std::vector<unsigned char> frame(kFrameBytes + log.page);
  bool broken = false;
  while (file.next(frame)) {
    // Frames of an earlier round of the log have another salt.
    const bool present = std::equal(log.salt.begin(), log.salt.end(), &frame[8]);
    const bool commits = word(&frame[4], true) != 0;
    if (broken && present && commits) refuse(path);
    log.sum = added(log.sum, frame.data(), 8, log.big_endian);
    log.sum = added(log.sum, &frame[kFrameBytes], log.page, log.big_endian);
    const Checksum stored{word(&frame[16], true), word(&frame[20], true)};
    broken = broken || !present || log.sum != stored;
  }
}

}  // namespace cupel
