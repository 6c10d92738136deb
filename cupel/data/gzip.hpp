// Files packed with gzip (.gz).
#pragma once

#include <string>
#include <string_view>

namespace cupel {

bool is_gzip(std::string_view bytes);

/// What is packed in `bytes`, of all members one after another. Throws Error{bad_data} for a
/// damaged or incomplete file and for more than 4 GB; a text with a line of more than
/// `longest_line` bytes is refused before it fills memory.
std::string unpack_gzip(std::string_view bytes, const std::string& name, std::size_t longest_line);

}  // namespace cupel
