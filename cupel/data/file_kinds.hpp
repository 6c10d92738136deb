// What a file is by its first bytes, where it is no text with a table.
#pragma once

#include <string>
#include <string_view>

namespace cupel {

/// Packed content (.xlsx, .gz): what looks like a long line in it is none.
bool has_no_lines(std::string_view bytes);

/// Throws Error{bad_data} that says what the file is and how to get a table out of it: workbooks of
/// other kinds, documents, archives, databases, images, files of other programs.
void refuse_other_kinds(std::string_view bytes, const std::string& name);

}  // namespace cupel
