// A workbook (.xlsx) as a few plain calls: numbers, text, formulas with the value they have now,
// and cells for the user to fill. Rows and columns count from 0.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cupel {

struct Cell {
  int sheet = 0, row = 0, column = 0;
};

/// A cell with the number that stands in it, or that its formula gives.
struct NumberCell {
  Cell cell;
  double value = 0;
};

enum class CellLook { plain, title, head, number_head, note, input, result };

class Sheets {
 public:
  /// Throws Error{runtime} when the file cannot be made.
  explicit Sheets(const std::string& path);
  ~Sheets();

  /// Its number.
  int add(const std::string& name, std::vector<double> column_widths);
  void text(Cell cell, const std::string& text, CellLook look = CellLook::plain);
  NumberCell number(Cell cell, double value, CellLook look = CellLook::plain);
  /// `formula` without the leading "="; `decimals` shown, -1: as many as fit.
  NumberCell formula(Cell cell, const std::string& formula, double value,
                     CellLook look = CellLook::plain, int decimals = -1);
  void text_formula(Cell cell, const std::string& formula, const std::string& value,
                    CellLook look = CellLook::plain);
  /// The cell may hold one of the words in a row or column of cells.
  void choice(Cell cell, Cell first, Cell last);

  /// "'Network'!$B$5".
  std::string name(Cell cell) const;
  std::string range(Cell first, Cell last) const;

  /// Writes the file. Throws Error{runtime} when it cannot.
  void close();

 private:
  struct Library;
  std::unique_ptr<Library> library_;
  std::vector<std::string> names_;
};

}  // namespace cupel
