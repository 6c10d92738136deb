#include "cupel/data/sheet_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_cells.hpp"
#include "cupel/data/csv_grid.hpp"
#include "cupel/data/number_format.hpp"

namespace cupel {
namespace {

constexpr std::size_t kMostCells = 50'000'000, kMostFields = 400'000'000;

[[noreturn]] void refuse_many(const std::string& name) {
  throw Error(ErrorKind::bad_data, fmt::format("{}: the sheet has too many cells", name),
              "save the table as CSV text, or take a part of the rows");
}

/// Turns raw cells into words.
class CellWriter {
 public:
  CellWriter(const WorkbookWords& words, SheetCells& sheet) : words_(words), sheet_(sheet) {
    for (const std::string& format : words.formats) forms_.push_back(form_of(format));
  }

  void add(int row, const RawCell& cell) {
    if (!cell.has_value) {
      if (cell.formula) sheet_.no_result.add(row, cell.column);
      return;
    }
    if (cell.type == "s")
      add_shared(row, cell);
    else if (cell.type == "b")
      sheet_.add(row, cell.column, cell.value == "0" ? "FALSE" : "TRUE", true);
    else if (cell.type.empty() || cell.type == "n")
      add_number(row, cell);
    else
      sheet_.add(row, cell.column, cell.value, cell.type == "d" || cell.type == "e");
  }

 private:
  void add_shared(int row, const RawCell& cell) {
    const auto index = parse_number(cell.value, '.');
    if (!index || !(*index >= 0) || *index >= static_cast<double>(words_.shared.size())) return;
    sheet_.add(row, cell.column, words_.shared[static_cast<std::size_t>(*index)], false);
  }

  void add_number(int row, const RawCell& cell) {
    const auto number = parse_number(cell.value, '.');
    if (!number || !std::isfinite(*number)) return sheet_.add(row, cell.column, cell.value, false);
    const auto style = static_cast<std::size_t>(std::max(cell.style, 0));
    const CellForm form = style < forms_.size() ? forms_[style] : CellForm::number;
    const std::string text = shown_value(*number, form, words_.from_1904);
    if (form == CellForm::number || form == CellForm::percent)
      sheet_.has_fractions = sheet_.has_fractions || text.find('.') != std::string::npos;
    sheet_.add(row, cell.column, text, true);
  }

  const WorkbookWords& words_;
  SheetCells& sheet_;
  std::vector<CellForm> forms_;
};

/// In quotes where the content would be taken for more than one cell or for a comment.
void append_field(std::string& text, std::string_view field) {
  const bool plain = field.find_first_of("\t\n\r\";|,") == std::string_view::npos &&
                     field.front() != ' ' && field.back() != ' ' && field.front() != '#';
  if (plain) {
    text += field;
    return;
  }
  text += '"';
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c == '\0' ? ' ' : c;
  }
  text += '"';
}

std::vector<int> used_columns(const SheetCells& sheet) {
  std::vector<int> columns;
  for (const SheetCell& cell : sheet.cells) columns.push_back(cell.column);
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

}  // namespace

int SheetCells::find(int row, int column) const {
  const auto found = std::lower_bound(
      cells.begin(), cells.end(), std::pair(row, column),
      [](const SheetCell& a, const auto& at) { return std::pair(a.row, a.column) < at; });
  if (found == cells.end() || found->row != row || found->column != column) return -1;
  return static_cast<int>(found - cells.begin());
}

void SheetCells::add(int row, int column, std::string_view text, bool measured) {
  if (trimmed(text).empty()) return;
  cells.push_back({row, column, static_cast<std::uint32_t>(text.size()), content.size(), measured});
  content += text;
}

void SheetCells::sort() {
  const auto before = [](const SheetCell& a, const SheetCell& b) {
    return std::pair(a.row, a.column) < std::pair(b.row, b.column);
  };
  if (!std::is_sorted(cells.begin(), cells.end(), before))
    std::stable_sort(cells.begin(), cells.end(), before);
  const auto same = [](const SheetCell& a, const SheetCell& b) {
    return a.row == b.row && a.column == b.column;
  };
  cells.erase(std::unique(cells.begin(), cells.end(), same), cells.end());
}

bool SheetCells::looks_like_a_table() const {
  int rows = 0;
  bool numbers = false;
  for (std::size_t k = 0; k + 1 < cells.size(); ++k) {
    const bool first = k == 0 || cells[k - 1].row != cells[k].row;
    rows += first && cells[k + 1].row == cells[k].row;
  }
  for (const SheetCell& cell : cells)
    numbers =
        numbers || cell.measured || parse_number(text(cell), '.') || parse_number(text(cell), ',');
  return rows >= 2 && numbers;
}

SheetCells read_sheet(const WorkbookXml& xml, const std::string& part, const WorkbookWords& words,
                      const std::string& name) {
  SheetCells sheet;
  CellWriter writer(words, sheet);
  const SheetFrame frame = xml.read_rows(part, [&](const RawRow& row) {
    const std::size_t before = sheet.cells.size();
    for (const RawCell& cell : row.cells) writer.add(row.row, cell);
    if (row.hidden && sheet.cells.size() > before) sheet.hidden_rows.add(row.row, 0);
    if (sheet.cells.size() > kMostCells) refuse_many(name);
  });
  sheet.sort();
  resolve_merged(sheet, frame.merged);
  for (const int column : used_columns(sheet))
    for (const CellRange& hidden : frame.hidden_columns)
      if (column >= hidden.first_column && column <= hidden.last_column)
        sheet.hidden_columns.add(1, column);
  return sheet;
}

std::string sheet_text(const SheetCells& sheet, const std::string& name) {
  const std::vector<int> columns = used_columns(sheet);
  if (sheet.cells.empty()) return {};
  if (columns.size() * static_cast<std::size_t>(sheet.cells.back().row) > kMostFields)
    refuse_many(name);
  std::unordered_map<int, std::size_t> place;
  for (std::size_t k = 0; k < columns.size(); ++k) place[columns[k]] = k;
  std::string text;
  text.reserve(sheet.content.size() + 2 * sheet.cells.size());
  int row = 1;
  std::size_t field = 0;
  const auto end_row = [&] {
    text.append(columns.size() - 1 - field, '\t');
    text += '\n';
    field = 0;
    ++row;
  };
  for (const SheetCell& cell : sheet.cells) {
    while (row < cell.row) end_row();
    for (const std::size_t wanted = place[cell.column]; field < wanted; ++field) text += '\t';
    append_field(text, sheet.text(cell));
  }
  end_row();
  return text;
}

}  // namespace cupel
