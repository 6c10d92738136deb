// Names of months and days in the languages that plants export in.
#pragma once

#include <string>
#include <string_view>

namespace cupel {

/// Small letters without accents; blanks of any kind as ' '. What else is not ASCII stays.
std::string plain_letters(std::string_view text);

/// 1 to 12 for a month's name or its abbreviation (plain letters, without a point): en, de, fr, es,
/// it, pt, nl, sv, da, no, fi, pl, cs, tr in part. 0: none.
int month_of(std::string_view letters);

/// mon, monday, montag, lundi, …
bool is_weekday(std::string_view letters);

}  // namespace cupel
