// What one cell says: a number, a time stamp, a mark of a missing value, or a word.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

enum class CellKind {
  number,
  missing,     ///< empty, NA, …
  bad_status,  ///< Bad, No Data, I/O Timeout, …: what a historian writes for a dead sensor
  infinite,    ///< inf, 1e999
  word,
};

struct CellValue {
  CellKind kind = CellKind::missing;
  double number = 0;
};

/// Reads cells of one file: its decimal mark and the user's marks of missing values.
class CellReader {
 public:
  CellReader(char decimal_mark, const std::vector<std::string>& missing_marks);
  /// `text` without surrounding blanks.
  CellValue read(std::string_view text) const;
  /// True for what is missing even among words: empty, NA, NaN, null, the user's marks.
  bool missing_word(std::string_view text) const;

 private:
  char decimal_mark_;
  std::vector<std::string> marks_;  ///< the user's, in lower case
  std::vector<double> numbers_;     ///< those of them that are numbers
};

/// A to Z as a to z; other letters stay.
std::string lower_case(std::string_view text);

/// The number `text` states with this decimal mark; infinite when it is too large.
std::optional<double> parse_number(std::string_view text, char decimal_mark);

struct NumberWithUnit {
  double number = 0;
  std::string_view unit;
};

/// "12.5 kg/h", "3 %": a number and what follows it, words without longer numbers in them.
std::optional<NumberWithUnit> parse_with_unit(std::string_view text, char decimal_mark);

/// "<0.05", "> 100": a number that is only known to lie below or above a limit.
bool is_limit(std::string_view text, char decimal_mark);

/// Digits in groups of three, as in 1,234,567 or 1.234.567,8 or 1 234,5 (any blank).
bool has_thousands_marks(std::string_view text);
/// The same with blanks as marks.
bool has_blank_marks(std::string_view text);

/// -9999, -999.25 and their kin: numbers that stand for "no value".
bool is_sentinel(double value);

}  // namespace cupel
