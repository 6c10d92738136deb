// One entry for every file that holds a table: text with separators or blanks between its columns
// (csv.hpp), and what is no text but can be read as one.
#pragma once

#include <string>
#include <string_view>

#include "cupel/data/csv.hpp"

namespace cupel {

/// The table in the file; "-": in standard input. Throws Error{bad_data} that names the file: what
/// parse_csv() states, no such file, and what is no table, named as what it is with the cure;
/// Error{usage} for a sheet of a file that has none.
Table read_table(const std::string& path, const ReadOptions& options = {});

/// The same from memory; `name` is used in messages.
Table parse_table(std::string_view bytes, const std::string& name, const ReadOptions& options = {});

/// "auto", "yes" or "no". Throws Error{usage} for another word.
HeaderLine header_line(std::string_view text);

/// "." or ",", also "point" or "comma". Throws Error{usage} for another word.
char decimal_mark(std::string_view text);

}  // namespace cupel
