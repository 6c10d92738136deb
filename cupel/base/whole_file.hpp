// Files read and written as a whole.
#pragma once

#include <string>
#include <string_view>

namespace cupel {

/// The bytes of a file. Throws Error{runtime} naming it: not there, a folder, not readable.
std::string read_whole_file(const std::string& path);

/// Writes to a temporary file beside `path`, has it stored on the disk, then gives it the name:
/// after a full disk or a killed process the old file is whole. Throws Error{runtime} when the
/// folder is missing or not writable, or the disk is full; nothing is left behind.
void replace_whole_file(const std::string& path, std::string_view bytes);

}  // namespace cupel
