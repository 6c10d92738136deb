// One cell, read by what was decided for its column: the value depends on the cell and on these
// decisions alone, never on the cells around it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cupel/data/csv_cells.hpp"
#include "cupel/data/reading.hpp"

namespace cupel {

enum class CellOutcome {
  value,
  missing,     ///< empty or a mark of it
  fill,        ///< a number that stands for none
  bad_status,  ///< Bad, No Data, #DIV/0!, …
  infinite,
  limit,          ///< <0.05
  unreadable,     ///< neither a number nor a known mark
  contradiction,  ///< could mean two things, or something else than the column was read as
};

struct CellReading {
  CellOutcome outcome = CellOutcome::missing;
  double value = kMissing;
  char grouping = '\0';   ///< mark between groups of digits, as in WrittenNumber
  std::string says = {};  ///< contradiction: what the cell may mean and what the column takes
  std::string cure = {};
  /// time: its clock's offset from UTC, where the stamp states one
  std::optional<double> offset_s = {};
};

class CellInterpreter {
 public:
  /// `taught`: the decisions were made on another file, so that a cell may contradict them.
  CellInterpreter(const Reading& file, const ColumnReading& column, bool taught);

  /// `text` without surrounding blanks.
  CellReading number(std::string_view text) const;
  CellReading time(std::string_view text) const;
  /// The word itself, or the category that it spells; outcome value or missing.
  struct Word {
    CellOutcome outcome = CellOutcome::missing;
    std::string text;
  };
  Word word(const std::string& text) const;

 private:
  CellReading plain_number(std::string_view text) const;
  CellReading written_number(std::string_view text) const;
  CellReading number_with_unit(std::string_view text) const;
  CellReading clock_time(std::string_view text) const;
  bool in_range(double value) const;
  bool is_fill(double value) const;

  const Reading& file_;
  const ColumnReading& column_;
  bool taught_;
  CellReader reader_;
};

}  // namespace cupel
