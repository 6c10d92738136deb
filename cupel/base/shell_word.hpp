// Suggested commands that can be pasted into a POSIX shell, whatever columns and files are called.
#pragma once

#include <string>
#include <string_view>

namespace cupel {

/// One word to the shell: in single quotes where it would be more, or something else.
std::string shell_word(const std::string& text);
/// The same for a file; one that begins with a dash is no option.
std::string shell_file(const std::string& path);
/// "--keep NAME", or "--keep=-NAME" where the value begins with a dash.
std::string shell_option(std::string_view option, const std::string& value);

}  // namespace cupel
