// The bytes of a file that is said to hold a table, or of standard input.
#pragma once

#include <string>

namespace cupel {

/// What stands for standard input in place of a file's name.
constexpr const char* kStandardInput = "-";

/// The name for messages: "standard input" for "-".
std::string shown_name(const std::string& path);

/// Reads piece by piece, so that a text with a line of more than `longest_line` bytes is refused
/// before it fills memory. Throws as FileReader does, Error{bad_data}.
std::string read_table_bytes(const std::string& path, std::size_t longest_line);

/// Throws Error{bad_data} for more than 4 GB: cells are found by 32-bit places.
void refuse_size(std::size_t bytes, const std::string& name);

}  // namespace cupel
