// How a cell is written into a CSV file, so that it reads back as the same and runs nowhere.
#pragma once

#include <string>
#include <string_view>

namespace cupel {

/// The shortest text that reads back as the same number, as in JSON; empty when it is not finite.
std::string csv_number(double value);

/// In quotes where it holds a separator, a quote, a line break or a blank at an end. Where a
/// spreadsheet would take it, or what stands in it behind a separator or a quote, for a formula
/// (it begins with = + - @, a tab or a line break), an apostrophe comes first; a number has none.
std::string csv_text(std::string_view text);

/// Undoes the apostrophes of csv_text().
std::string without_guards(std::string text);

}  // namespace cupel
