// The page's look (screen, phone, A4) and its small optional script, as text to be put inline.
#pragma once

#include <string_view>

namespace cupel::report {

std::string_view page_style();
/// Sorts a table by a click on a heading and copies one as tab-separated text.
std::string_view page_script();

}  // namespace cupel::report
