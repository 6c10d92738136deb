// Loaded in front of the C library (LD_PRELOAD), ends the process, as a power failure would, before
// its n-th call that changes a file: CUPEL_KILL_AT=n. With CUPEL_COUNT_CALLS=PATH it says at the
// end how many there were.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<long> calls = 0;

long kill_at() {
  static const long number = [] {
    const char* text = std::getenv("CUPEL_KILL_AT");
    return text == nullptr ? 0 : std::atol(text);
  }();
  return number;
}

void count() {
  if (++calls == kill_at()) ::syscall(SYS_kill, ::getpid(), SIGKILL);
}

/// Of the files that a program writes; its three streams do not count.
void count(int file) {
  if (file > STDERR_FILENO) count();
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

struct Report {
  ~Report() {
    const char* path = std::getenv("CUPEL_COUNT_CALLS");
    if (path == nullptr) return;
    char text[32];
    const int size = std::snprintf(text, sizeof text, "%ld\n", calls.load());
    const int file =
        static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600));
    if (::syscall(SYS_write, file, text, size) < 0) ::_exit(9);
  }
} report;

int open_next(const char* name, const char* path, int flags, mode_t mode) {
  if ((flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0) count();
  return next<int(const char*, int, mode_t)>(name)(path, flags, mode);
}

mode_t mode_of(int flags, va_list list) {
  return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(list, int)) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  return open_next("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  return open_next("open64", path, flags, mode);
}

ssize_t write(int file, const void* bytes, size_t size) {
  count(file);
  return next<ssize_t(int, const void*, size_t)>("write")(file, bytes, size);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t place) {
  count(file);
  return next<ssize_t(int, const void*, size_t, off_t)>("pwrite")(file, bytes, size, place);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t place) {
  count(file);
  return next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64")(file, bytes, size, place);
}

int fsync(int file) {
  count(file);
  return next<int(int)>("fsync")(file);
}

int fdatasync(int file) {
  count(file);
  return next<int(int)>("fdatasync")(file);
}

int ftruncate(int file, off_t size) noexcept {
  count(file);
  return next<int(int, off_t)>("ftruncate")(file, size);
}

int ftruncate64(int file, off64_t size) noexcept {
  count(file);
  return next<int(int, off64_t)>("ftruncate64")(file, size);
}

int rename(const char* from, const char* to) noexcept {
  count();
  return next<int(const char*, const char*)>("rename")(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  count();
  return next<int(int, const char*, int, const char*, unsigned)>("renameat2")(from_folder, from,
                                                                              to_folder, to, flags);
}

int link(const char* from, const char* to) noexcept {
  count();
  return next<int(const char*, const char*)>("link")(from, to);
}

int unlink(const char* path) noexcept {
  count();
  return next<int(const char*)>("unlink")(path);
}

}  // extern "C"
