#include "cupel/data/csv_cells.hpp"

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

constexpr std::array<std::string_view, 19> kMissing = {
    "na",   "n/a", "#n/a", "nan",  "null", "none",     "-",       "--",  "?",   "nil",
    "n.a.", ".",   "#na",  "-nan", "<na>", "#n/a n/a", "missing", "#nv", "#n/d"};

/// Missing in columns of words too, where 'none' or '-' may be a category.
constexpr std::array<std::string_view, 6> kMissingWord = {"na",  "n/a",  "#n/a",
                                                          "nan", "null", "<na>"};

constexpr std::array<std::string_view, 35> kBadStatus = {
    "bad",          "no data",        "nodata",       "bad input",  "i/o timeout",  "io timeout",
    "shutdown",     "bad quality",    "bad value",    "comm fail",  "comm failure", "configure",
    "under range",  "over range",     "underrange",   "overrange",  "out of range", "not connected",
    "not connect",  "scan off",       "scan timeout", "pt created", "calc failed",  "error",
    "err",          "invalid",        "fault",        "failed",     "offline",      "off-line",
    "arc off-line", "out of service", "no result",    "no sample",  "timeout"};

/// What a spreadsheet of any language shows in place of a number: "#DIV/0!", "#WERT!", "#NOM ?".
bool is_spreadsheet_error(std::string_view text) {
  return text.size() > 3 && text.front() == '#' && (text.back() == '!' || text.back() == '?');
}

constexpr std::size_t kLongestMark = 16;

template <class List, class Value>
bool contains(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

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

}  // namespace

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::optional<double> parse_number(std::string_view text, char decimal_mark) {
  if (decimal_mark == '.') return parse_with_point(text);
  if (text.find('.') != std::string_view::npos) return std::nullopt;
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return parse_with_point(text);
  std::array<char, 64> buffer;
  if (text.size() > buffer.size()) return std::nullopt;
  std::memcpy(buffer.data(), text.data(), text.size());
  buffer[comma] = '.';
  return parse_with_point(std::string_view(buffer.data(), text.size()));
}

std::optional<NumberWithUnit> parse_with_unit(std::string_view text, char decimal_mark) {
  // The longest number that the text begins with: in "3 e" it is 3, in "3e2 kg" 300.
  const std::size_t end = std::min(text.find_first_not_of("+-.,0123456789eE"), text.size());
  for (std::size_t size = end; size > 0; --size) {
    const auto number = parse_number(text.substr(0, size), decimal_mark);
    if (!number) continue;
    const std::string_view unit = trimmed(text.substr(size));
    if (unit.empty() || is_digit(unit[0]) || !std::isfinite(*number)) return std::nullopt;
    bool says_something = false;
    for (std::size_t k = 0; k < unit.size(); ++k) {
      if (k > 0 && is_digit(unit[k]) && is_digit(unit[k - 1])) return std::nullopt;
      says_something = says_something || unit[k] == '%' ||
                       std::isalpha(static_cast<unsigned char>(unit[k])) != 0 ||
                       (unit[k] & 0x80) != 0;
    }
    if (!says_something) return std::nullopt;
    return NumberWithUnit{*number, unit};
  }
  return std::nullopt;
}

bool is_limit(std::string_view text, char decimal_mark) {
  if (text.empty() || (text[0] != '<' && text[0] != '>')) return false;
  text.remove_prefix(1);
  if (!text.empty() && text[0] == '=') text.remove_prefix(1);
  return parse_number(trimmed(text), decimal_mark).has_value();
}

CellReader::CellReader(char decimal_mark, const std::vector<std::string>& missing_marks)
    : decimal_mark_(decimal_mark) {
  for (const std::string& mark : missing_marks) {
    marks_.push_back(lower_case(trimmed(mark)));
    if (const auto number = parse_with_point(marks_.back())) numbers_.push_back(*number);
  }
}

CellValue CellReader::read(std::string_view text) const {
  if (text.empty()) return {};
  if (const auto number = parse_number(text, decimal_mark_)) {
    if (std::isinf(*number)) return {CellKind::infinite, *number};
    if (contains(numbers_, *number)) return {};
    return {CellKind::number, *number};
  }
  if (text.size() <= kLongestMark) {
    const std::string word = lower_case(text);
    if (contains(kMissing, word)) return {};
    if (contains(kBadStatus, word) || is_spreadsheet_error(word)) return {CellKind::bad_status, 0};
  }
  if (!marks_.empty() && contains(marks_, lower_case(text))) return {};
  return {CellKind::word, 0};
}

bool CellReader::missing_word(std::string_view text) const {
  if (text.empty()) return true;
  if (text.size() > kLongestMark && marks_.empty()) return false;
  const std::string word = lower_case(text);
  return contains(kMissingWord, word) || contains(marks_, word);
}

namespace {

/// A mark between groups of digits; empty: there is none. Blanks may be no-break ones.
std::string_view thousands_mark(std::string_view text) {
  for (const std::string_view mark : {",", ".", "'", " ", "\xC2\xA0", "\xE2\x80\xAF"})
    if (text.starts_with(mark)) return mark;
  return {};
}

std::size_t leading_digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

/// The mark where the whole text is digits in groups of three; empty otherwise.
std::string_view grouping_mark(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const std::size_t first = leading_digits(text);
  if (first == 0 || first > 3 || first == text.size() || text[0] == '0') return {};
  text.remove_prefix(first);
  const std::string_view mark = thousands_mark(text);
  if (mark.empty()) return {};
  int groups = 0;
  for (; text.starts_with(mark) && leading_digits(text.substr(mark.size())) == 3; ++groups)
    text.remove_prefix(mark.size() + 3);
  if (groups == 0) return {};
  if (text.empty()) return mark;
  const bool fraction = (text[0] == '.' || text[0] == ',') && text[0] != mark[0];
  return fraction && leading_digits(text.substr(1)) == text.size() - 1 ? mark : std::string_view{};
}

}  // namespace

bool has_thousands_marks(std::string_view text) { return !grouping_mark(text).empty(); }

bool has_blank_marks(std::string_view text) {
  const std::string_view mark = grouping_mark(text);
  return !mark.empty() && mark != "," && mark != "." && mark != "'";
}

bool is_sentinel(double value) {
  constexpr std::array<double, 9> kSentinels = {-999,    -999.25,  -999.9,   -999.99, -9999,
                                                -9999.9, -9999.25, -9999.99, -99999};
  return value <= -999 && contains(kSentinels, value);
}

}  // namespace cupel
