#include "cupel/data/folder_walk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cupel/data/csv_cells.hpp"

namespace cupel {

namespace fs = std::filesystem;

namespace {

/// Files of tools and cameras beside images: no word about them.
bool is_bystander(const fs::path& path) {
  const std::string name = lower_case(path.filename().string());
  return name.starts_with('.') || name == "thumbs.db" || name == "desktop.ini";
}

}  // namespace

void FolderWalk::leave_out(const fs::path& path, const std::string& why,
                           const std::string& advice) {
  if (!named_.insert(path).second) return;
  left_out.push_back({.severity = Severity::warning,
                      .code = "left-out",
                      .what = fmt::format("{}: {}; left out", path.string(), why),
                      .advice = advice});
}

FolderWalk::Entries FolderWalk::entries_of(const fs::path& folder) {
  Entries found;
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end;
       at.increment(problem)) {
    const fs::path& path = at->path();
    if (is_bystander(path)) continue;
    std::error_code unknown;
    const fs::file_status status = fs::status(path, unknown);
    if (status.type() == fs::file_type::directory)
      found.folders.push_back(path);
    else if (status.type() == fs::file_type::regular)
      found.files.push_back(path);
    else if (status.type() == fs::file_type::not_found)
      leave_out(path, "a link to what is not there", "mend or remove the link");
    else if (unknown)
      leave_out(path, fmt::format("cannot be read ({})", unknown.message()), "mend or remove it");
    else
      leave_out(path, "no file, but a pipe, a socket or a device", "remove it");
  }
  if (problem)
    leave_out(folder, fmt::format("the folder cannot be read ({})", problem.message()),
              "check that you may read it");
  std::sort(found.files.begin(), found.files.end());
  std::sort(found.folders.begin(), found.folders.end());
  return found;
}

void FolderWalk::claim(const fs::path& folder) {
  std::error_code problem;
  fs::path real = fs::canonical(folder, problem);
  while (!problem && claimed_.insert(real).second) real = real.parent_path();
}

std::vector<fs::path> FolderWalk::folders_in(const fs::path& folder) {
  return entries_of(folder).folders;
}

void FolderWalk::add_files(const fs::path& folder, int depth, std::vector<fs::path>& files) {
  std::error_code problem;
  const fs::path real = fs::canonical(folder, problem);
  if (problem) {
    leave_out(folder, fmt::format("the folder cannot be read ({})", problem.message()),
              "check that you may read it");
    return;
  }
  if (depth > kDeepestFolder) {
    leave_out(folder, fmt::format("more than {} folders inside each other", kDeepestFolder),
              "move its images up");
    return;
  }
  const bool is_claimed = depth > 0 && claimed_.count(real) > 0;
  if (is_claimed || !walked_.insert(real).second) {
    leave_out(folder, "a link to a folder that is read already", "remove the link");
    return;
  }
  const Entries entries = entries_of(folder);
  files.insert(files.end(), entries.files.begin(), entries.files.end());
  for (const fs::path& inner : entries.folders) add_files(inner, depth + 1, files);
}

std::vector<fs::path> FolderWalk::files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  add_files(folder, 0, files);
  return files;
}

}  // namespace cupel
