// Yes and no in the spellings of several languages and of several programs.
#pragma once

#include <optional>
#include <string_view>

namespace cupel {

/// yes, y, true, on, 1, ja, oui, si, wahr, … : true; no, false, off, 0, nein, …: false; else empty.
std::optional<bool> yes_or_no(std::string_view text);

}  // namespace cupel
