#include "cupel/data/table_bytes.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_text.hpp"
#include "cupel/data/file_kinds.hpp"

namespace cupel {
namespace {

constexpr std::size_t kLargestFile = (std::size_t{1} << 32) - 1;

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File open_file(const std::string& path) {
  if (path == kStandardInput) return File(stdin);
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status))
    throw Error(ErrorKind::bad_data, fmt::format("{}: there is no such file", path),
                "check the name and the folder");
  if (std::filesystem::is_directory(status))
    throw Error(ErrorKind::bad_data, fmt::format("{}: this is a folder, not a CSV file", path),
                "name a file in it");
  File file(std::fopen(path.c_str(), "rb"));
  if (!file)
    throw Error(ErrorKind::bad_data,
                fmt::format("{}: the file cannot be opened ({})", path, std::strerror(errno)),
                "check that you may read it");
  return file;
}

}  // namespace

std::string shown_name(const std::string& path) {
  return path == kStandardInput ? "standard input" : path;
}

void refuse_size(std::size_t bytes, const std::string& name) {
  if (bytes > kLargestFile)
    throw Error(ErrorKind::bad_data, fmt::format("{}: larger than 4 GB", name),
                "take a part of the rows, or every tenth");
}

std::string read_table_bytes(const std::string& path, std::size_t longest_line) {
  const File file = open_file(path);
  const std::string name = shown_name(path);
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  std::string bytes;
  std::size_t line_begin = 0;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kPiece);
    const std::size_t got = std::fread(bytes.data() + before, 1, kPiece, file.get());
    bytes.resize(before + got);
    if (got == 0) break;
    refuse_size(bytes.size(), name);
    if (has_no_lines(bytes)) continue;
    const std::size_t last_end = std::string_view(bytes).substr(before).find_last_of("\r\n");
    if (last_end != std::string_view::npos) line_begin = before + last_end + 1;
    if (bytes.size() - line_begin > longest_line) refuse_long_lines(bytes, name, longest_line);
  }
  if (std::ferror(file.get()) != 0)
    throw Error(ErrorKind::runtime,
                fmt::format("{}: reading failed ({})", name, std::strerror(errno)),
                "check the disk or the network drive, and try again");
  return bytes;
}

}  // namespace cupel
