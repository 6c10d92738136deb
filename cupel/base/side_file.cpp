#include "cupel/base/side_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cupel/base/descriptor.hpp"

namespace cupel {
namespace {

/// `count` bytes from `place`, or as many as there are.
std::string part_of(int file, off_t place, std::size_t count) {
  std::string bytes(count, '\0');
  const ssize_t got = ::pread(file, bytes.data(), count, place);
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

std::string problem_text(const std::string& path, int problem) {
  return fmt::format("{}: cannot be written ({})", path,
                     problem == ELOOP    ? "this is a link"
                     : problem == ENXIO  ? "this is a pipe"
                     : problem == ENOSPC ? "the disk is full"
                                         : std::strerror(problem));
}

}  // namespace

std::string append_to_side_file(const std::string& path, std::string_view header,
                                std::string_view line) {
  const Descriptor file(::open(
      path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666));
  if (!file.is_open()) return problem_text(path, errno);
  struct stat found {};
  // Until the file is closed: between the look at it and the line nobody else writes.
  ::flock(file.number(), LOCK_EX);
  if (::fstat(file.number(), &found) != 0) return problem_text(path, errno);
  if (!S_ISREG(found.st_mode)) return fmt::format("{}: this is not a file", path);
  std::string text;
  if (found.st_size == 0)
    text = header;
  else if (part_of(file.number(), 0, header.size()) != header)
    return fmt::format("{}: its columns are not those that are written here; it is left as it is",
                       path);
  else if (part_of(file.number(), found.st_size - 1, 1) != "\n")
    text = "\n";  // behind a line that was cut off
  text += line;
  const ssize_t written = ::write(file.number(), text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) return {};
  const int problem = written < 0 ? errno : ENOSPC;
  if (::ftruncate(file.number(), found.st_size) != 0) return problem_text(path, errno);
  return problem_text(path, problem);
}

}  // namespace cupel
