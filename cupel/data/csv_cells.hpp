// What one cell says: a number, a time stamp, a mark of a missing value, or a word.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cupel/data/number_text.hpp"

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

/// -9999, -999.25 and their kin: numbers that stand for "no value".
bool is_sentinel(double value);

}  // namespace cupel
