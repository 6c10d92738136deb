// What the first hundred bytes of a file say: whether it is a study, of which version, and
// whether it is all there. Read without SQLite, so that each trouble has its own message.
#pragma once

#include <cstdint>
#include <string>

namespace cupel {

constexpr std::uint32_t kStudyApplication = 0x4375706C;  ///< "Cupl"

struct StudyHeader {
  /// A run was interrupted, or is going on: the newest trials stand in PATH-wal.
  bool has_log = false;
  bool log_missing = false;  ///< … but that file is not there, or empty
};

/// Throws Error{runtime}: no such file, empty, no study, from a newer program, truncated.
StudyHeader read_study_header(const std::string& path);

}  // namespace cupel
