#include "cupel/base/csv_cell.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace cupel {
namespace {

constexpr std::string_view kBeginsFormula = "=+-@\t\r\n";
constexpr std::string_view kBeginsCell = ",;\t|\r\n\"";

bool is_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

/// How many apostrophes stand before what begins a formula at `at`; -1: nothing does.
int guards_at(std::string_view text, std::size_t at) {
  const std::size_t sign = text.find_first_not_of('\'', at);
  if (sign == std::string_view::npos || kBeginsFormula.find(text[sign]) == std::string_view::npos)
    return -1;
  return static_cast<int>(sign - at);
}

/// Calls `edit(at)` for every place where a cell may begin, blanks left out, and copies the rest.
template <class Edit>
std::string at_beginnings(std::string_view text, const Edit& edit) {
  std::string made;
  bool begins = true;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const bool here = begins && text[k] != ' ';
    begins = kBeginsCell.find(text[k]) != std::string_view::npos || (begins && text[k] == ' ');
    if (!here || edit(k, made)) made += text[k];
  }
  return made;
}

}  // namespace

std::string csv_number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "";
}

std::string csv_text(std::string_view text) {
  const std::string guarded = is_number(text)
                                  ? std::string(text)
                                  : at_beginnings(text, [&](std::size_t at, std::string& made) {
                                      if (guards_at(text, at) >= 0) made += '\'';
                                      return true;
                                    });
  const bool has_blank_end = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  if (!has_blank_end && guarded.find_first_of(kBeginsCell) == std::string::npos) return guarded;
  std::string quoted = "\"";
  for (const char c : guarded) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

std::string without_guards(std::string text) {
  if (text.find('\'') == std::string::npos) return text;
  return at_beginnings(text,
                       [&](std::size_t at, std::string&) { return guards_at(text, at) <= 0; });
}

}  // namespace cupel
