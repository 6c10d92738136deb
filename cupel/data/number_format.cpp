#include "cupel/data/number_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "cupel/data/csv_cells.hpp"

namespace cupel {
namespace {

constexpr double kDay_ms = 86'400'000;

/// Letters of a format that mean something: literals, colors, locales and conditions left out.
struct Plain {
  std::string letters;   ///< in small letters, of the first section
  bool elapsed = false;  ///< [h], [mm], [ss]
};

Plain plain_format(std::string_view format) {
  Plain plain;
  for (std::size_t at = 0; at < format.size(); ++at) {
    const char c = format[at];
    if (c == ';') break;
    if (c == '\\' || c == '_' || c == '*') {
      ++at;
    } else if (c == '"') {
      at = std::min(format.find('"', at + 1), format.size());
    } else if (c == '[') {
      const std::size_t end = std::min(format.find(']', at), format.size());
      const std::string inner = lower_case(format.substr(at + 1, end - at - 1));
      const bool unit = !inner.empty() && inner.find_first_not_of(inner[0]) == std::string::npos &&
                        (inner[0] == 'h' || inner[0] == 'm' || inner[0] == 's');
      plain.elapsed = plain.elapsed || unit;
      at = end;
    } else {
      plain.letters += c;
    }
  }
  plain.letters = lower_case(plain.letters);
  return plain;
}

std::string clock_text(std::int64_t ms) {
  std::string text =
      fmt::format("{:02}:{:02}:{:02}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60);
  if (ms % 1000 != 0) text += fmt::format(".{:03}", ms % 1000);
  return text;
}

struct Day {
  std::int64_t year, month, day;
};

/// Days since 1970-01-01 as a date (the algorithm of eras of 400 years).
Day civil_day(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t of_era = days - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  const std::int64_t day = of_year - (153 * month + 2) / 5 + 1;
  const std::int64_t civil_month = month < 10 ? month + 3 : month - 9;
  return {year + era * 400 + (civil_month <= 2 ? 1 : 0), civil_month, day};
}

std::string day_text(std::int64_t serial, bool from_1904) {
  if (!from_1904 && serial == 60) return "1900-02-29";  // a day that only spreadsheets know
  const std::int64_t epoch = from_1904 ? -24'107 : serial < 60 ? -25'568 : -25'569;
  const Day day = civil_day(serial + epoch);
  return fmt::format("{:04}-{:02}-{:02}", day.year, day.month, day.day);
}

/// Times 100 without rounding: the point of the shortest text moves by two places.
std::string hundredfold(double value) {
  std::string text = fmt::format("{}", value);
  if (const std::size_t mark = text.find('e'); mark != std::string::npos) {
    const double exponent = parse_number(text.substr(mark + 1), '.').value_or(0);
    text = fmt::format("{}e{}", text.substr(0, mark), exponent + 2);
    return fmt::format("{}", parse_number(text, '.').value_or(100 * value));
  }
  std::size_t point = text.find('.');
  if (point == std::string::npos)
    point = text.size();
  else
    text.erase(point, 1);
  text.append(2, '0');
  text.insert(point + 2, 1, '.');
  return fmt::format("{}", parse_number(text, '.').value_or(100 * value));
}

}  // namespace

CellForm form_of(std::string_view format) {
  const Plain plain = plain_format(format);
  const std::string& letters = plain.letters;
  const auto has = [&](std::string_view part) { return letters.find(part) != std::string::npos; };
  if (plain.elapsed) return CellForm::elapsed;
  if (letters == "general" || letters == "standard" || letters == "@") return CellForm::number;
  // Digits stand in formats of times only behind the seconds: ss.000.
  const std::size_t digit = letters.find_first_of("0#?");
  const bool fraction = digit != std::string::npos && digit >= 2 && letters[digit - 2] == 's';
  if (digit != std::string::npos && !fraction)
    return has("%") ? CellForm::percent : CellForm::number;
  const bool clock = has("h") || has("s");
  if (has("y") || has("d") || has("mmm") || (has("m") && !clock)) return CellForm::date;
  return clock ? CellForm::clock : CellForm::number;
}

std::string_view builtin_format(int id) {
  switch (id) {
    case 9:
    case 10:
      return "0%";
    case 20:
    case 21:
    case 18:
    case 19:
    case 32:
    case 33:
    case 34:
    case 35:
    case 45:
    case 47:
    case 55:
    case 56:
      return "h:mm:ss";
    case 46:
      return "[h]:mm:ss";
    case 22:
      return "m/d/yy h:mm";
    default:
      break;
  }
  const bool date =
      (id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58);
  return date ? "yyyy-mm-dd" : "";
}

std::string shown_value(double value, CellForm form, bool from_1904) {
  constexpr double kLastDay = 2'958'466, kYear = 366;
  const bool within = value >= 0 && value < kLastDay;
  if (form == CellForm::percent && std::isfinite(value)) return hundredfold(value) + " %";
  if (form == CellForm::number || !within) {
    const bool negative = form == CellForm::elapsed && value < 0 && value > -kLastDay;
    return negative ? "-" + clock_text(std::llround(-value * kDay_ms)) : fmt::format("{}", value);
  }
  const auto ms = std::llround(value * kDay_ms);
  const bool long_clock = form == CellForm::clock && value >= kYear;
  if (form == CellForm::elapsed || (form == CellForm::clock && !long_clock) || value < 1)
    return clock_text(ms);
  const auto day_ms = static_cast<std::int64_t>(kDay_ms);
  const std::string day = day_text(ms / day_ms, from_1904);
  return ms % day_ms == 0 ? day : day + " " + clock_text(ms % day_ms);
}

}  // namespace cupel
