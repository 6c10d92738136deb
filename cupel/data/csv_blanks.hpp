// Tables whose columns stand apart by runs of blanks, as Fortran, simulators and old archives write
// them, also with prose above and a line of dashes below the names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cupel {

/// Stands for a run of blanks; no text has it.
constexpr char kBlanks = '\x1F';

struct BlankTable {
  std::string text;  ///< the same lines, with kBlanks between columns; what is no row is empty
  std::string note;  ///< what to say of it
};

/// Empty where blanks do not part the columns: lines of one width, at least two numbers or times
/// in three fields, and more of them than any other separator finds.
std::optional<BlankTable> find_blank_table(std::string_view text);

/// Only dashes and the like, as below names: "-----  ----", "=====", "---|---".
bool is_ruler(std::string_view line);

}  // namespace cupel
