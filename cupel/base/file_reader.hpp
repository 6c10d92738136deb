// Every file that is read goes through here: it must be a regular file, or standard input where
// that is meant, and no larger than its kind may be. A pipe, a device or a folder is named as what
// it is and never waited for.
#pragma once

#include <cstdint>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "cupel/base/descriptor.hpp"
#include "cupel/base/error.hpp"

namespace cupel {

/// What is expected of a file, for limits and messages.
struct FileKind {
  std::string_view name;                 ///< with its article: "a model"
  std::uint64_t most_bytes;              ///< larger ones are refused before they fill memory
  ErrorKind error = ErrorKind::runtime;  ///< of all that is wrong with it
  std::string_view cure = {};            ///< for a file that is too large
};

inline constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;

inline constexpr FileKind kAnyFile{"a file", 1024 * kMegabyte};
inline constexpr FileKind kModelFile{"a model", 512 * kMegabyte};
inline constexpr FileKind kOptionsFile{"a file of options", kMegabyte, ErrorKind::usage};
inline constexpr FileKind kRowNumbersFile{"a list of row numbers", 256 * kMegabyte,
                                          ErrorKind::usage};
inline constexpr FileKind kImageFile{"an image", 512 * kMegabyte, ErrorKind::bad_data};
inline constexpr FileKind kTableFile{"a table", 4096 * kMegabyte - 1, ErrorKind::bad_data,
                                     "take a part of the rows, or every tenth"};

/// An open file, read from its beginning, piece by piece.
class FileReader {
 public:
  /// Throws Error{kind.error}: no such file, a folder, a pipe, a device, not readable, too large.
  FileReader(const std::string& path, const FileKind& kind);
  /// Standard input, whatever it is. Throws Error{kind.error} where it is a terminal or closed.
  static FileReader standard_input(const FileKind& kind);

  /// Appends what comes next, a megabyte at most; false at the end. Throws Error{kind.error} when
  /// the limit is passed, Error{runtime} when reading fails.
  bool read_more(std::string& bytes);
  const std::string& name() const { return name_; }
  /// Bytes of the file as it is now; 0 where that is not known (standard input, /proc).
  std::uint64_t size() const;
  bool is_empty() const { return size() == 0; }

 private:
  FileReader(Descriptor file, std::string name, const FileKind& kind);

  Descriptor file_;
  std::string name_;
  FileKind kind_;
  std::uint64_t seen_ = 0;
};

/// All bytes of a file. Throws as FileReader does.
std::string read_whole_file(const std::string& path, const FileKind& kind = kAnyFile);

/// For the machine's own small files (/proc, /sys): empty where there is none.
std::optional<std::string> read_machine_file(const std::string& path);

Error out_of_memory(const std::string& path);

/// Runs `work`, which makes something of the contents of `path`; where memory runs out in it, the
/// Error names the file.
template <class Work>
auto within_memory(const std::string& path, Work work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    throw out_of_memory(path);
  } catch (const std::length_error&) {
    throw out_of_memory(path);
  }
}

}  // namespace cupel
