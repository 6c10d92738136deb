// Every file that is written as a whole goes through here. The bytes go into a temporary file
// beside it (a new one, whatever lies there), are stored on the disk, and get the name last: after
// a full disk or a kill there is the old file or the new one. What a killed run has left beside a
// name is removed when that name is written next.
// A name takes regular files only: a link, a device, a pipe or a folder is left as it is.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "cupel/base/descriptor.hpp"

namespace cupel {

/// Writes, or writes over what is there; a file that is replaced hands on its permissions.
/// Throws Error{runtime} when the folder is missing or not writable or the disk is full,
/// Error{usage} when something else than a file has the name; nothing is left behind.
void replace_whole_file(const std::string& path, std::string_view bytes);

struct FileContent {
  std::string path;
  std::string_view bytes;
};

/// All of them or none: names are given when every file is on the disk.
void replace_whole_files(std::span<const FileContent> files);

/// Writes a file that was not there; false, and nothing changed, when anything has the name.
bool create_whole_file(const std::string& path, std::string_view bytes);

/// The one rule of overwriting: what exists is left alone, unless it is an earlier form of the
/// same output. Throws Error{usage} when something has the name and `is_earlier_form` (none:
/// never) does not know its contents. To be asked before long work; `cure` says what to do.
void refuse_taken(const std::string& path, std::string_view cure,
                  const std::function<bool(std::string_view)>& is_earlier_form = {});

/// Whether anything has the name, a link that leads nowhere included.
bool is_taken(const std::string& path);

/// The file before it has its name, for writers that want a path. Unless it was put in place, it
/// is gone with this object.
class TemporaryFile {
 public:
  /// For what is to become `path`. Throws as replace_whole_file() does.
  explicit TemporaryFile(const std::string& path);
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  const std::string& path() const { return temporary_; }
  void write(std::string_view bytes);
  /// Stored on the disk; takes the permissions of the file it will replace.
  void sync();
  /// Gives it its name, in place of the file that has it.
  void replace();
  /// Gives it its name unless that is taken: then false.
  bool create();

 private:
  friend void replace_whole_files(std::span<const FileContent> files);
  bool exchange();
  void take_back();

  std::string path_, temporary_;
  Descriptor file_;
  bool exchanged_ = false;  ///< the temporary name has what was replaced
  bool was_free_ = false;   ///< replace() replaced nothing
};

}  // namespace cupel
