#include "cupel/store/study_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/store/study_file.hpp"

namespace cupel {
namespace {

// The layout of SQLite's database header; https://sqlite.org/fileformat2.html section 1.3.
constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kPageSize = 16, kWriteVersion = 18, kChangeCounter = 24, kPages = 28,
                      kUserVersion = 60, kApplication = 68, kPagesValidFor = 92, kHeaderBytes = 100;
constexpr unsigned char kWithLog = 2;

/// SQLite sets the limit.
constexpr FileKind kStudyKind{"a study", UINT64_MAX};

using HeaderBytes = std::array<unsigned char, kHeaderBytes>;

[[noreturn]] void refuse(const std::string& path, const std::string& what,
                         const std::string& hint) {
  throw Error(ErrorKind::runtime, fmt::format("{}: {}", path, what), hint);
}

HeaderBytes header_bytes(const std::string& path, FileReader& file) {
  std::string found;
  while (found.size() < kHeaderBytes && file.read_more(found)) {
  }
  if (found.empty()) refuse(path, "the file is empty", "no study was begun in it: design again");
  if (found.compare(0, kMagic.size(), kMagic, 0, std::min(found.size(), kMagic.size())) != 0)
    refuse(path, "this is not a study", "name a .study file that cupel has written");
  if (found.size() < kHeaderBytes)
    refuse(path, "the study is cut off within its first bytes",
           "take a copy of the file from a backup, or start the study again");
  HeaderBytes bytes{};
  std::copy_n(found.begin(), bytes.size(), bytes.begin());
  return bytes;
}

std::uint32_t big_endian(const HeaderBytes& bytes, std::size_t place) {
  return std::uint32_t{bytes[place]} << 24 | std::uint32_t{bytes[place + 1]} << 16 |
         std::uint32_t{bytes[place + 2]} << 8 | bytes[place + 3];
}

void check_version(const std::string& path, const HeaderBytes& bytes) {
  if (big_endian(bytes, kApplication) != kStudyApplication)
    refuse(path, "this is a database of another program, or a damaged study",
           "name a .study file that cupel has written");
  const std::uint32_t version = big_endian(bytes, kUserVersion);
  if (version > static_cast<std::uint32_t>(kStudyFormat))
    refuse(
        path,
        fmt::format("the study has format {}, this program reads up to {}", version, kStudyFormat),
        "it was written by a newer version of cupel: update this one");
  if (version == 0)
    refuse(path, "the study was never finished being made, or is damaged",
           "remove it and design again");
}

/// A file shorter than its own count of pages was cut off. (A larger one is SQLite's matter.)
void check_length(const std::string& path, const HeaderBytes& bytes, std::uintmax_t size) {
  std::uintmax_t page = std::uintmax_t{bytes[kPageSize]} << 8 | bytes[kPageSize + 1];
  if (page == 1) page = 65536;
  if (big_endian(bytes, kChangeCounter) != big_endian(bytes, kPagesValidFor)) return;
  const std::uintmax_t full = page * big_endian(bytes, kPages);
  if (size < full)
    refuse(path, fmt::format("the study is cut off: {} of {} bytes are there", size, full),
           "take a copy of the file from a backup, or copy it again");
}

}  // namespace

StudyHeader read_study_header(const std::string& path) {
  FileReader file(path, kStudyKind);
  const HeaderBytes bytes = header_bytes(path, file);
  check_version(path, bytes);
  StudyHeader header;
  header.has_log = bytes[kWriteVersion] == kWithLog;
  if (!header.has_log) {
    check_length(path, bytes, file.size());
    return header;
  }
  std::error_code problem;
  const std::uintmax_t log = std::filesystem::file_size(path + "-wal", problem);
  header.log_missing = static_cast<bool>(problem) || log == 0;
  return header;
}

}  // namespace cupel
