#include "cupel/base/file_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cupel {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

[[noreturn]] void refuse_opening(const std::string& path, const FileKind& kind, int problem) {
  if (problem == ENOENT || problem == ENOTDIR)
    throw Error(kind.error, fmt::format("{}: there is no such file", path),
                "check the name and the folder");
  throw Error(kind.error, fmt::format("{}: cannot be read ({})", path, std::strerror(problem)),
              problem == EACCES ? "check that you may read it" : "check the name and the disk");
}

/// Throws unless it is a regular file.
void check_kind(const std::string& path, const struct stat& found, const FileKind& kind) {
  if (S_ISREG(found.st_mode)) return;
  if (S_ISDIR(found.st_mode))
    throw Error(kind.error, fmt::format("{}: this is a folder, not {}", path, kind.name),
                "name a file in it");
  const std::string_view what = S_ISFIFO(found.st_mode)   ? "a pipe"
                                : S_ISSOCK(found.st_mode) ? "a socket"
                                                          : "a device";
  throw Error(kind.error, fmt::format("{}: this is {}, not {}", path, what, kind.name),
              "save what it gives in a file, and name that");
}

[[noreturn]] void refuse_size(const std::string& path, const FileKind& kind) {
  const std::string most = kind.most_bytes >= 1024 * kMegabyte - 1
                               ? fmt::format("{:.0f} GB", static_cast<double>(kind.most_bytes) /
                                                              static_cast<double>(1024 * kMegabyte))
                               : fmt::format("{} MB", kind.most_bytes / kMegabyte);
  throw Error(
      kind.error, fmt::format("{}: larger than {}, which {} may have", path, most, kind.name),
      kind.cure.empty() ? "check the name: is this the right file?" : std::string(kind.cure));
}

Descriptor open_regular(const std::string& path, const FileKind& kind) {
  struct stat found {};
  // First, as to open a device may already do something.
  if (::stat(path.c_str(), &found) != 0) refuse_opening(path, kind, errno);
  check_kind(path, found, kind);
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) refuse_opening(path, kind, errno);
  if (::fstat(file.number(), &found) != 0) refuse_opening(path, kind, errno);
  check_kind(path, found, kind);
  if (static_cast<std::uint64_t>(std::max<off_t>(found.st_size, 0)) > kind.most_bytes)
    refuse_size(path, kind);
  return file;
}

}  // namespace

FileReader::FileReader(const std::string& path, const FileKind& kind)
    : FileReader(open_regular(path, kind), path, kind) {}

FileReader::FileReader(Descriptor file, std::string name, const FileKind& kind)
    : file_(std::move(file)), name_(std::move(name)), kind_(kind) {}

FileReader FileReader::standard_input(const FileKind& kind) {
  if (::isatty(STDIN_FILENO) != 0)
    throw Error(kind.error, "standard input is a terminal: there is no file in it",
                "feed it with '<' or '|'");
  return {Descriptor(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)), "standard input", kind};
}

bool FileReader::read_more(std::string& bytes) {
  const std::size_t before = bytes.size();
  within_memory(name_, [&] { bytes.resize(before + kPiece); });
  ssize_t got = 0;
  do got = ::read(file_.number(), bytes.data() + before, kPiece);
  while (got < 0 && errno == EINTR);
  const int problem = errno;
  bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got < 0)
    throw Error(ErrorKind::runtime,
                fmt::format("{}: reading failed ({})", name_,
                            problem == EBADF ? "it is closed" : std::strerror(problem)),
                "check the disk or the network drive, and try again");
  seen_ += static_cast<std::uint64_t>(got);
  if (seen_ > kind_.most_bytes) refuse_size(name_, kind_);
  return got > 0;
}

std::uint64_t FileReader::size() const {
  struct stat found {};
  if (::fstat(file_.number(), &found) != 0 || !S_ISREG(found.st_mode)) return 0;
  return static_cast<std::uint64_t>(found.st_size);
}

std::string read_whole_file(const std::string& path, const FileKind& kind) {
  FileReader file(path, kind);
  std::string bytes;
  while (file.read_more(bytes)) {
  }
  return bytes;
}

std::optional<std::string> read_machine_file(const std::string& path) {
  try {
    return read_whole_file(path, {"a file of the system", kMegabyte});
  } catch (const Error&) {
    return std::nullopt;
  }
}

Error out_of_memory(const std::string& path) {
  return {ErrorKind::runtime, fmt::format("{}: out of memory", path),
          "there is too much in it for the memory that this process may have: take a part of the "
          "rows or columns, close other programs, or raise the limit ('ulimit -v')"};
}

}  // namespace cupel
