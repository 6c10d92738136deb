#include "cupel/base/file_writer.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>
#include <optional>
#include <vector>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

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
    case ENAMETOOLONG:
      return "choose a shorter name";
    default:
      return "check the folder and the disk";
  }
}

[[noreturn]] void fail(const std::string& path, int problem) {
  throw Error(ErrorKind::runtime,
              fmt::format("{}: cannot be written ({})", path,
                          problem == ENOSPC ? "the disk is full" : std::strerror(problem)),
              hint_for(problem));
}

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

/// What all temporary files of a name begin with, without the folder. Short enough for any disk.
std::string temporary_beginning(const std::string& path) {
  constexpr std::size_t kMostOfName = 200;
  return fs::path(path).filename().string().substr(0, kMostOfName) + "~cupel-";
}

constexpr std::string_view kTemporaryEnding = ".tmp";
constexpr std::size_t kTemporaryDigits = 8;

std::string temporary_name(const std::string& path, int attempt) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  const std::uint64_t number =
      mix_seed({static_cast<std::uint64_t>(::getpid()), static_cast<std::uint64_t>(now),
                static_cast<std::uint64_t>(attempt)});
  const fs::path name =
      fmt::format("{}{:08x}{}", temporary_beginning(path), number & 0xFFFFFFFF, kTemporaryEnding);
  return (fs::path(path).parent_path() / name).string();
}

bool is_temporary_of(std::string_view name, const std::string& beginning) {
  if (!name.starts_with(beginning) || !name.ends_with(kTemporaryEnding)) return false;
  name.remove_prefix(beginning.size());
  return name.size() == kTemporaryDigits + kTemporaryEnding.size() &&
         name.find_first_not_of("0123456789abcdef") == kTemporaryDigits;
}

/// A temporary file is locked while its process lives: one that can be locked is left over.
void remove_when_left_over(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat found {};
  if (!file.is_open() || ::fstat(file.number(), &found) != 0 || !S_ISREG(found.st_mode)) return;
  if (::flock(file.number(), LOCK_EX | LOCK_NB) == 0) ::unlink(path.c_str());
}

void remove_left_overs(const std::string& path) {
  const std::string beginning = temporary_beginning(path), folder = folder_of(path);
  std::vector<std::string> names;
  if (DIR* entries = ::opendir(folder.c_str())) {
    while (const dirent* entry = ::readdir(entries))
      if (is_temporary_of(entry->d_name, beginning)) names.emplace_back(entry->d_name);
    ::closedir(entries);
  }
  for (const std::string& name : names)
    remove_when_left_over((fs::path(path).parent_path() / name).string());
}

std::optional<struct stat> status_of(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return std::nullopt;
  return found;
}

/// Throws unless the name is free or a regular file's.
void check_target(const std::string& path) {
  const auto found = status_of(path);
  if (!found || S_ISREG(found->st_mode)) return;
  if (S_ISDIR(found->st_mode))
    throw Error(ErrorKind::usage, fmt::format("{}: cannot be written: this is a folder", path),
                "choose the name of a file");
  if (S_ISLNK(found->st_mode))
    throw Error(ErrorKind::usage, fmt::format("{}: cannot be written: this is a link", path),
                "name the file that it leads to, or remove the link");
  throw Error(ErrorKind::usage,
              fmt::format("{}: cannot be written: this is a device or a pipe, not a file", path),
              "choose the name of a file");
}

/// Where a file system cannot do it there is nothing to be done about it.
int synced(int file) {
  if (::fsync(file) == 0) return 0;
  return errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP ? 0 : errno;
}

/// So that the new name outlives a power failure. The file itself is stored by now: where the
/// folder cannot be opened, as one without the right to read it, it is written all the same.
void sync_folder(const std::string& path) {
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.is_open()) synced(folder.number());
}

}  // namespace

TemporaryFile::TemporaryFile(const std::string& path) : path_(path) {
  constexpr int kAttempts = 100;
  check_target(path);
  remove_left_overs(path);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    temporary_ = temporary_name(path, attempt);
    file_ = Descriptor(
        ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (!file_.is_open() && errno == EEXIST) continue;
    if (!file_.is_open()) {
      const int problem = errno;
      temporary_.clear();
      fail(path, problem);
    }
    // Another process may have taken it for a left-over before the lock.
    struct stat found {};
    ::flock(file_.number(), LOCK_EX);
    if (::fstat(file_.number(), &found) == 0 && found.st_nlink > 0) return;
  }
  temporary_.clear();
  fail(path, EEXIST);
}

TemporaryFile::~TemporaryFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void TemporaryFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail(path_, written < 0 ? errno : ENOSPC);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void TemporaryFile::sync() {
  if (const auto old = status_of(path_); old && S_ISREG(old->st_mode)) {
    // The owner where that is allowed; then the permissions, which a new owner may have cut.
    if (::fchown(file_.number(), old->st_uid, old->st_gid) != 0) errno = 0;
    if (::fchmod(file_.number(), old->st_mode & 0777) != 0) errno = 0;
  }
  if (const int problem = synced(file_.number())) fail(path_, problem);
}

void TemporaryFile::replace() {
  check_target(path_);
  was_free_ = !is_taken(path_);
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail(path_, errno);
  temporary_.clear();
  sync_folder(path_);
}

bool TemporaryFile::create() {
  const char *from = temporary_.c_str(), *to = path_.c_str();
  int problem = ::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ? 0 : errno;
  if (problem == EINVAL || problem == ENOSYS) {  // a file system that cannot do it
    problem = ::link(from, to) == 0 ? 0 : errno;
    if (problem == 0) ::unlink(from);
  }
  if (problem == EEXIST) return false;
  if (problem == EPERM || problem == EOPNOTSUPP) {  // … and has no links
    if (is_taken(path_)) return false;
    problem = std::rename(from, to) == 0 ? 0 : errno;
  }
  if (problem != 0) fail(path_, problem);
  temporary_.clear();
  sync_folder(path_);
  return true;
}

/// As replace(), and what had the name keeps the temporary one; false where that cannot be done.
bool TemporaryFile::exchange() {
  exchanged_ =
      ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), RENAME_EXCHANGE) == 0;
  return exchanged_;
}

/// Undoes exchange() or replace().
void TemporaryFile::take_back() {
  if (exchanged_ && std::rename(temporary_.c_str(), path_.c_str()) == 0) temporary_.clear();
  if (was_free_) ::unlink(path_.c_str());
}

void replace_whole_file(const std::string& path, std::string_view bytes) {
  TemporaryFile file(path);
  file.write(bytes);
  file.sync();
  file.replace();
}

void replace_whole_files(std::span<const FileContent> files) {
  std::deque<TemporaryFile> parts;
  for (const FileContent& file : files) check_target(file.path);
  for (const FileContent& file : files) {
    parts.emplace_back(file.path).write(file.bytes);
    parts.back().sync();
  }
  std::size_t done = 0;
  try {
    for (; done < parts.size(); ++done)
      if (!is_taken(files[done].path) || !parts[done].exchange()) parts[done].replace();
  } catch (const Error&) {
    while (done-- > 0) parts[done].take_back();
    throw;
  }
  sync_folder(files.front().path);
}

bool create_whole_file(const std::string& path, std::string_view bytes) {
  if (is_taken(path)) return false;
  TemporaryFile file(path);
  file.write(bytes);
  file.sync();
  return file.create();
}

bool is_taken(const std::string& path) { return status_of(path).has_value(); }

void refuse_taken(const std::string& path, std::string_view cure,
                  const std::function<bool(std::string_view)>& is_earlier_form) {
  if (!is_taken(path)) return;
  check_target(path);
  if (is_earlier_form) {
    try {
      if (is_earlier_form(read_whole_file(path))) return;
    } catch (const Error&) {
      // What cannot be read is not known.
    }
  }
  throw Error(ErrorKind::usage,
              fmt::format("{}: the file exists already{}", path,
                          is_earlier_form ? " and is something else" : ""),
              std::string(cure));
}

}  // namespace cupel
