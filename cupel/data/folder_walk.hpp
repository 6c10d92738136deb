// The files below a folder. What cannot be read as a file or folder of its own is left out by name:
// pipes and devices, links to nothing, links in a circle, folders without permission or too deep.
#pragma once

#include <filesystem>
#include <set>
#include <vector>

#include "cupel/data/check.hpp"

namespace cupel {

/// So many folders inside each other are walked through.
constexpr int kDeepestFolder = 64;

class FolderWalk {
 public:
  /// Sorted by name. Files of tools beside images are passed over.
  std::vector<std::filesystem::path> folders_in(const std::filesystem::path& folder);
  /// Files of the folder, then those of its folders; no folder twice, whatever links lead to it.
  std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

  /// Links elsewhere lead neither to this folder nor to one around it: it is read at its own place.
  void claim(const std::filesystem::path& folder);

  std::vector<Finding> left_out;  ///< code "left-out", one a file or folder

 private:
  struct Entries {
    std::vector<std::filesystem::path> files, folders;
  };
  Entries entries_of(const std::filesystem::path& folder);
  void add_files(const std::filesystem::path& folder, int depth,
                 std::vector<std::filesystem::path>& files);
  void leave_out(const std::filesystem::path& path, const std::string& why,
                 const std::string& advice);

  std::set<std::filesystem::path> walked_;  ///< without links
  std::set<std::filesystem::path> claimed_;
  std::set<std::filesystem::path> named_;  ///< in left_out
};

}  // namespace cupel
