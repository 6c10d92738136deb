#include "cupel/base/whole_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

std::string hint_for(int problem) {
  switch (problem) {
    case ENOENT:
    case ENOTDIR:
      return "check the name and the folder";
    case EACCES:
    case EPERM:
    case EROFS:
      return "choose a folder in which you may write";
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return "make room on the disk and try again";
    default:
      return {};
  }
}

[[noreturn]] void fail(const std::string& path, std::string_view doing, int problem) {
  throw Error(ErrorKind::runtime,
              fmt::format("{}: cannot be {} ({})", path, doing,
                          problem == ENOSPC ? "the disk is full" : std::strerror(problem)),
              hint_for(problem));
}

/// Closes on every way out.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

/// Returns errno of the first failure, 0 when all is on the disk.
int write_and_sync(const std::string& path, std::string_view bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (file.number() < 0) return errno;
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.number()) != 0) return errno;
  return file.close() ? 0 : errno;
}

}  // namespace

std::string read_whole_file(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) fail(path, "read", errno);
  std::string bytes;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t count = ::read(file.number(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, "read", errno);
    if (count == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
  }
}

void replace_whole_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  int problem = write_and_sync(temporary, bytes);
  if (problem == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) problem = errno;
  if (problem == 0) return;
  ::unlink(temporary.c_str());
  fail(path, "written", problem);
}

}  // namespace cupel
