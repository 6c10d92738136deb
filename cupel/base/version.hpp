// The version of the program, as files and reports state it.
#pragma once

#include <string_view>

namespace cupel {

constexpr std::string_view kVersion = "0.1.0";

}  // namespace cupel
