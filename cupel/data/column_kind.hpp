// What a column holds, and how a cell without a value is kept.
#pragma once

#include <limits>

namespace cupel {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

enum class ColumnKind { number, text, time };

}  // namespace cupel
