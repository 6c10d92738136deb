#include "cupel/data/number_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "cupel/data/csv_grid.hpp"

namespace cupel {
namespace {

constexpr std::size_t kLongestNumber = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Too large for a double, or too small? The sign of what is left of its exponent tells.
double beyond_range(std::string_view text) {
  const std::size_t mark = text.find_first_of("eE");
  const bool tiny =
      (mark != std::string_view::npos && mark + 1 < text.size() && text[mark + 1] == '-') ||
      (mark == std::string_view::npos && text.find('.') < 300);
  if (tiny) return 0;
  const double huge = std::numeric_limits<double>::infinity();
  return text[0] == '-' ? -huge : huge;
}

std::optional<double> parse_with_point(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  const char first = text[0] == '-' && text.size() > 1 ? text[1] : text[0];
  if (!is_digit(first) && first != '.' && first != 'i' && first != 'I') return std::nullopt;
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (problem == std::errc::result_out_of_range) return beyond_range(text);
  if (problem != std::errc()) return std::nullopt;
  return value;
}

std::size_t leading_digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

struct Spelling {
  std::string_view written;
  char plain;
};

/// Blanks and apostrophes between digits, and what else stands for a minus, in plain ASCII.
constexpr std::array<Spelling, 10> kSpellings = {{{"\xC2\xA0", ' '},
                                                  {"\xE2\x80\xAF", ' '},
                                                  {"\xE2\x80\x89", ' '},
                                                  {"\xE2\x80\x87", ' '},
                                                  {"\xE2\x80\x99", '\''},
                                                  {"\xE2\x88\x92", '-'},
                                                  {"\xE2\x80\x93", '-'},
                                                  {"\xE2\x80\x90", '-'},
                                                  {"\xE2\x80\x91", '-'},
                                                  {"\xEF\xBC\x8D", '-'}}};

/// Empty when a sign is left that no number has.
std::optional<std::string> in_ascii(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    if ((text[0] & 0x80) == 0) {
      plain += text[0];
      text.remove_prefix(1);
      continue;
    }
    const auto found = std::find_if(kSpellings.begin(), kSpellings.end(), [&](const Spelling& one) {
      return text.starts_with(one.written);
    });
    if (found == kSpellings.end()) return std::nullopt;
    plain += found->plain;
    text.remove_prefix(found->written.size());
  }
  return plain;
}

/// Takes sign, parentheses and a minus behind the number away; true: the number is negative.
/// Empty when there is more than one of them.
std::optional<bool> take_sign(std::string_view& text) {
  int negative = 0, signs = 0;
  if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    text = trimmed(text.substr(1, text.size() - 2));
    ++negative;
  }
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative += text.front() == '-';
    ++signs;
    text = trimmed(text.substr(1));
  }
  if (text.size() > 1 && text.back() == '-') {
    ++negative;
    text = trimmed(text.substr(0, text.size() - 1));
  }
  if (negative > 1 || signs + negative > 2 || text.empty() || text.front() == '-' ||
      text.front() == '+')
    return std::nullopt;
  return negative == 1;
}

/// 12,345,678 or, as in India, 1,23,45,678: the length of the digits in groups from the front;
/// 0 when they are not in groups.
std::size_t grouped_length(std::string_view text, char mark) {
  const std::size_t first = leading_digits(text);
  if (first == 0 || first > 3 || text[0] == '0') return 0;
  std::size_t at = first, last = 0;
  bool pairs = false;
  while (at + 1 < text.size() && text[at] == mark) {
    const std::size_t digits = leading_digits(text.substr(at + 1));
    if (digits != 2 && digits != 3) break;
    pairs = pairs || digits == 2;
    if (last == 3 && digits == 2) return 0;
    last = digits;
    at += 1 + digits;
  }
  if (last != 3) return 0;
  return pairs && mark != ',' ? 0 : at;
}

struct Digits {
  std::string plain;  ///< with a decimal point and without grouping
  char grouping = '\0';
};

/// Digits, groups and a fraction; no sign. Empty when it is not that.
std::optional<Digits> ungrouped(std::string_view text, char decimal_mark) {
  for (const char mark : {',', '.', '\'', ' '}) {
    if (mark == decimal_mark) continue;
    const std::size_t length = grouped_length(text, mark);
    if (length == 0) continue;
    const std::string_view rest = text.substr(length);
    if (!rest.empty() &&
        (rest[0] != decimal_mark || leading_digits(rest.substr(1)) != rest.size() - 1))
      continue;
    Digits digits{{}, mark};
    for (const char c : text.substr(0, length))
      if (is_digit(c)) digits.plain += c;
    if (!rest.empty()) digits.plain += '.' + std::string(rest.substr(1));
    return digits;
  }
  return std::nullopt;
}

/// 1.5D+03, 1.5×10^3 as 1.5E+03.
std::string with_plain_exponent(std::string text) {
  for (const std::string_view power : {"x10^", "*10^", " x 10^", "×10^", " × 10^"}) {
    const std::size_t at = text.find(power);
    if (at == std::string::npos || at == 0) continue;
    return text.replace(at, power.size(), "E");
  }
  const std::size_t mark = text.find_first_of("dD");
  if (mark != std::string::npos && mark > 0 && mark + 1 < text.size() &&
      (is_digit(text[mark - 1]) || text[mark - 1] == '.' || text[mark - 1] == ','))
    text[mark] = 'E';
  return text;
}

/// A mark between groups of digits; empty: there is none. Blanks may be no-break ones.
std::string_view thousands_mark(std::string_view text) {
  for (const std::string_view mark : {",", ".", "'", " ", "\xC2\xA0", "\xE2\x80\xAF"})
    if (text.starts_with(mark)) return mark;
  return {};
}

}  // namespace

std::optional<double> parse_number(std::string_view text, char decimal_mark) {
  if (decimal_mark == '.') return parse_with_point(text);
  if (text.find('.') != std::string_view::npos) return std::nullopt;
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return parse_with_point(text);
  std::array<char, kLongestNumber> buffer;
  if (text.size() > buffer.size()) return std::nullopt;
  std::memcpy(buffer.data(), text.data(), text.size());
  buffer[comma] = '.';
  return parse_with_point(std::string_view(buffer.data(), text.size()));
}

namespace {

/// 12.5, 1,318: digits, one mark, digits, which most cells are. Empty for all others.
std::optional<MarkEvidence> evidence_of_one_mark(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const std::size_t whole = leading_digits(text);
  if (whole == text.size() || (text[whole] != '.' && text[whole] != ',')) return std::nullopt;
  const std::string_view part = text.substr(whole + 1);
  if (whole + part.size() == 0 || leading_digits(part) != part.size()) return std::nullopt;
  const bool open = part.size() == 3 && whole >= 1 && whole <= 3 && text[0] != '0';
  if (text[whole] == '.') return open ? MarkEvidence::open_point : MarkEvidence::decimal_point;
  return open ? MarkEvidence::open_comma : MarkEvidence::decimal_comma;
}

}  // namespace

MarkEvidence mark_evidence(std::string_view text) {
  if (const auto evidence = evidence_of_one_mark(text)) return *evidence;
  const std::size_t point = text.rfind('.'), comma = text.rfind(',');
  if (point == comma || text.size() > kLongestNumber) return MarkEvidence::none;  // neither
  const bool ends_in_point =
      comma == std::string_view::npos || (point != std::string_view::npos && point > comma);
  const char mark = ends_in_point ? '.' : ',', other = ends_in_point ? ',' : '.';
  const auto number = parse_written(text, mark);
  const bool both = text.find(other) != std::string_view::npos;
  if (number && both)
    return ends_in_point ? MarkEvidence::decimal_point : MarkEvidence::decimal_comma;
  if (both) return MarkEvidence::none;
  const auto grouped = parse_written(text, other);
  const bool groups = grouped && grouped->grouping == mark;
  if (!number && groups)
    return ends_in_point ? MarkEvidence::grouping_point : MarkEvidence::grouping_comma;
  if (!number) return MarkEvidence::none;
  if (groups) return ends_in_point ? MarkEvidence::open_point : MarkEvidence::open_comma;
  return ends_in_point ? MarkEvidence::decimal_point : MarkEvidence::decimal_comma;
}

std::optional<WrittenNumber> parse_written(std::string_view text, char decimal_mark) {
  if (const auto number = parse_number(text, decimal_mark)) return WrittenNumber{*number};
  if (text.empty() || text.size() > kLongestNumber || text.find_first_of("0123456789") > 8)
    return std::nullopt;
  const auto ascii = in_ascii(with_plain_exponent(std::string(text)));
  if (!ascii) return std::nullopt;
  std::string_view body = trimmed(*ascii);
  const auto negative = take_sign(body);
  if (!negative) return std::nullopt;
  const double sign = *negative ? -1 : 1;
  if (!is_digit(body[0]) && body[0] != decimal_mark) return std::nullopt;
  if (const auto number = parse_number(body, decimal_mark)) return WrittenNumber{sign * *number};
  const auto digits = ungrouped(body, decimal_mark);
  if (!digits) return std::nullopt;
  const auto number = parse_with_point(digits->plain);
  if (!number) return std::nullopt;
  return WrittenNumber{sign * *number, digits->grouping};
}

bool has_thousands_marks(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const std::size_t first = leading_digits(text);
  if (first == 0 || first > 3 || first == text.size() || text[0] == '0') return false;
  text.remove_prefix(first);
  const std::string_view mark = thousands_mark(text);
  if (mark.empty()) return false;
  int groups = 0;
  for (; text.starts_with(mark) && leading_digits(text.substr(mark.size())) == 3; ++groups)
    text.remove_prefix(mark.size() + 3);
  if (groups == 0) return false;
  if (text.empty()) return true;
  const bool fraction = (text[0] == '.' || text[0] == ',') && text[0] != mark[0];
  return fraction && leading_digits(text.substr(1)) == text.size() - 1;
}

namespace {

/// A unit says something and holds no longer numbers.
bool is_unit_text(std::string_view unit) {
  if (unit.empty() || is_digit(unit[0])) return false;
  bool says_something = false;
  for (std::size_t k = 0; k < unit.size(); ++k) {
    if (k > 0 && is_digit(unit[k]) && is_digit(unit[k - 1])) return false;
    says_something = says_something || unit[k] == '%' || unit[k] == '$' ||
                     std::isalpha(static_cast<unsigned char>(unit[k])) != 0 ||
                     (unit[k] & 0x80) != 0;
  }
  return says_something;
}

std::optional<NumberWithUnit> with_money_before(std::string_view text, char decimal_mark) {
  for (const std::string_view money : {"$", "€", "£", "¥", "US$", "USD", "EUR", "GBP", "CHF"}) {
    if (!text.starts_with(money)) continue;
    const auto number = parse_written(trimmed(text.substr(money.size())), decimal_mark);
    if (number && std::isfinite(number->value))
      return NumberWithUnit{number->value, std::string(money)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<NumberWithUnit> parse_with_unit(std::string_view text, char decimal_mark) {
  if (text.empty() || text.size() > 2 * kLongestNumber) return std::nullopt;
  if (auto money = with_money_before(text, decimal_mark)) return money;
  if (text.find_first_of("0123456789") > 4) return std::nullopt;
  // The longest number that the text begins with: in "3 e" it is 3, in "3e2 kg" 300.
  std::size_t end = 0;
  while (end < text.size() &&
         (std::string_view("+-.,0123456789eE '(").find(text[end]) != std::string_view::npos ||
          (text[end] & 0x80) != 0))
    ++end;
  for (std::size_t size = end; size > 0; --size) {
    if (!is_digit(text[size - 1]) && text[size - 1] != '.') continue;
    const auto number = parse_written(text.substr(0, size), decimal_mark);
    if (!number) continue;
    const std::string_view unit = trimmed(text.substr(size));
    if (!is_unit_text(unit) || !std::isfinite(number->value)) return std::nullopt;
    return NumberWithUnit{number->value, std::string(unit)};
  }
  return std::nullopt;
}

bool is_limit(std::string_view text, char decimal_mark) {
  for (const std::string_view sign : {"<=", ">=", "<", ">", "≤", "≥", "~<"}) {
    if (!text.starts_with(sign)) continue;
    const std::string_view rest = trimmed(text.substr(sign.size()));
    return parse_written(rest, decimal_mark).has_value() ||
           parse_written(rest, decimal_mark == '.' ? ',' : '.').has_value() ||
           parse_with_unit(rest, decimal_mark).has_value();
  }
  return false;
}

}  // namespace cupel
