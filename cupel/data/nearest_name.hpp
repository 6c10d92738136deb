// "Did you mean …?" for names that do not exist.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cupel/data/table.hpp"

namespace cupel {

/// The name most like `wanted` by edit distance, case ignored; empty when none is near.
std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names);

/// What to do about a column that the table lacks: a name near it that is not `needed` itself.
std::string missing_column_hint(const Table& table, std::string_view wanted,
                                const std::vector<std::string>& needed);

}  // namespace cupel
