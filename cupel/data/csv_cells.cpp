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

}  // namespace

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

CellReader::CellReader(char decimal_mark, const std::vector<std::string>& missing_marks)
    : decimal_mark_(decimal_mark) {
  for (const std::string& mark : missing_marks) {
    marks_.push_back(lower_case(trimmed(mark)));
    if (const auto number = parse_number(marks_.back(), '.')) numbers_.push_back(*number);
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

bool is_sentinel(double value) {
  constexpr std::array<double, 9> kSentinels = {-999,    -999.25,  -999.9,   -999.99, -9999,
                                                -9999.9, -9999.25, -9999.99, -99999};
  return value <= -999 && contains(kSentinels, value);
}

}  // namespace cupel
