// Units as text: whether two spellings mean the same, and how many of one make the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cupel {

/// °C, degC, deg C and C are one unit, so are m3/h, m³/h and m^3/h.
bool same_unit(std::string_view a, std::string_view b);

/// How many `to` one `from` is, where they differ by a decimal prefix only: W and kW, mg/l and g/l.
std::optional<double> unit_ratio(std::string_view from, std::string_view to);

/// What a letter or a word behind a number multiplies it by: k, K, thousand, M, Mil, Mio, G, Bil, …
std::optional<double> scale_word(std::string_view text);

/// Whether a text in parentheses behind a name is its unit and not a part of the name, as in
/// "T (inlet)".
bool looks_like_unit(std::string_view text);

}  // namespace cupel
