// What a workbook's number formats make of a number: a date, a time of day, a duration, a share.
#pragma once

#include <string>
#include <string_view>

namespace cupel {

enum class CellForm { number, percent, date, clock, elapsed };

/// Of a format such as "0.00", "0 %", "dd/mm/yyyy hh:mm", "h:mm AM/PM", "[h]:mm:ss".
CellForm form_of(std::string_view format);

/// The format with which every workbook knows this number; empty: none.
std::string_view builtin_format(int id);

/// The value as a text that a CSV file would hold, without loss: 12.5 % for 0.125 in percent, ISO
/// stamps to the millisecond (days counted from 1900, with its 29th of February, or from 1904),
/// 13:45:00, 25:30:00. What no calendar has stays a number.
std::string shown_value(double value, CellForm form, bool from_1904);

}  // namespace cupel
