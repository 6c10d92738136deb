// Numbers as people write them: 1,234.5 and 1.234,5, 1 234,5, 1'234.5, 12,34,567; with a minus sign
// of any kind, before or behind, or in parentheses as accountants write it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cupel {

/// The number `text` states with this decimal mark and nothing else; infinite when it is too large.
std::optional<double> parse_number(std::string_view text, char decimal_mark);

/// What the points and commas of a cell say of the marks of its file.
enum class MarkEvidence {
  none,            ///< no number, or neither a point nor a comma in it
  decimal_point,   ///< 2.5, 1,234.5: the point can be nothing else
  decimal_comma,   ///< 2,5, 1.234,5
  grouping_comma,  ///< 1,234,567: the comma can be nothing else
  grouping_point,  ///< 1.234.567
  open_point,      ///< 1.318: either
  open_comma,      ///< 1,318
};
MarkEvidence mark_evidence(std::string_view text);

struct WrittenNumber {
  double value = 0;
  char grouping = '\0';  ///< the mark between groups of three digits: ',' '.' '\'' or ' '; 0: none
};

/// Also with marks between groups of digits (other than the decimal mark), signs of any kind, a
/// Fortran or a typeset exponent. Empty when it is no number.
std::optional<WrittenNumber> parse_written(std::string_view text, char decimal_mark);

/// Digits in groups of three, as in 1,234,567 or 1.234.567,8 or 1 234,5 (any blank).
bool has_thousands_marks(std::string_view text);

struct NumberWithUnit {
  double number = 0;
  std::string unit;
};

/// "12.5 kg/h", "3 %", "$ 4.50": a number and what follows it, or a sign of money before it. Words
/// without longer numbers in them.
std::optional<NumberWithUnit> parse_with_unit(std::string_view text, char decimal_mark);

/// "<0.05", "> 100", "≤ 3 mg": a number that is only known to lie below or above a limit.
bool is_limit(std::string_view text, char decimal_mark);

}  // namespace cupel
