#include "cli/console.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "cupel/base/error.hpp"

namespace cupel::cli {
namespace {

/// How long a terminal or pipe that takes nothing is waited for, the first time.
constexpr int kPatienceMs = 10000, kLastPatienceMs = 200;
/// What a pipe takes without waiting when it says that it takes something.
constexpr std::size_t kPiece = 4096;

/// A terminal that was stopped, or a pipe that nobody empties, holds the run up once, not for ever.
std::atomic<bool> stuck = false;

bool takes_something(int file, int patience_ms) noexcept {
  pollfd place{.fd = file, .events = POLLOUT, .revents = 0};
  int ready = 0;
  do ready = ::poll(&place, 1, stuck ? 0 : patience_ms);
  while (ready < 0 && errno == EINTR);
  stuck = ready <= 0;
  return ready > 0;
}

[[noreturn]] void fail_output(int problem) {
  if (problem == EPIPE) throw ReaderGone{};
  throw Error(ErrorKind::runtime,
              fmt::format("the output cannot be written ({})",
                          problem == EBADF    ? "standard output is closed"
                          : problem == ENOSPC ? "the disk is full"
                                              : std::strerror(problem)),
              "the result is not where you wanted it: make room or name another place, and run "
              "the command again");
}

void open_null(int wanted, int flags) {
  if (::fcntl(wanted, F_GETFD) >= 0 || errno != EBADF) return;
  const int file = ::open("/dev/null", flags);  // the lowest free number: the wanted one
  if (file < 0 || file == wanted) return;
  ::dup2(file, wanted);
  ::close(file);
}

}  // namespace

void prepare_streams() {
  open_null(STDIN_FILENO, O_WRONLY);
  open_null(STDOUT_FILENO, O_RDONLY);
  open_null(STDERR_FILENO, O_WRONLY);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

namespace {

void say(std::string_view text, int patience_ms) noexcept {
  while (!text.empty() && takes_something(STDERR_FILENO, patience_ms)) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), std::min(text.size(), kPiece));
    if (written > 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (written == 0 || (errno != EINTR && errno != EAGAIN))
      return;
  }
}

}  // namespace

void say(std::string_view text) noexcept { say(text, kPatienceMs); }

void say_last(std::string_view text) noexcept { say(text, kLastPatienceMs); }

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail_output(errno);
}

void flush_output() {
  if (std::fflush(stdout) != 0) fail_output(errno);
  if (std::ferror(stdout) != 0) fail_output(EIO);
}

}  // namespace cupel::cli
