// Files of Weka (.arff): attributes with their kinds, then rows.
#pragma once

#include <string>
#include <string_view>

#include "cupel/data/csv.hpp"

namespace cupel {

/// Whether the first line that is neither empty nor a comment (%) is @relation or @attribute.
bool is_arff(std::string_view bytes);

/// Nominal and string attributes are words, even where they look like numbers; `?` alone is
/// missing in them. Sparse rows are read. Throws Error{bad_data} naming file and line for a kind of
/// attribute that is not known, a row with another number of values, and what parse_csv() states.
Table parse_arff(std::string_view bytes, const std::string& name, const ReadOptions& options = {});

}  // namespace cupel
