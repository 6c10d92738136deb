#include <algorithm>
#include <map>

#include "cupel/data/sheet_cells.hpp"

namespace cupel {
namespace {

/// The first row with a number and cells in half of the columns; the row behind the last where
/// there is none. Above it stand titles and names.
int first_data_row(const SheetCells& sheet, std::size_t columns) {
  for (std::size_t k = 0; k < sheet.cells.size();) {
    const int row = sheet.cells[k].row;
    std::size_t filled = 0;
    bool measured = false;
    for (; k < sheet.cells.size() && sheet.cells[k].row == row; ++k, ++filled)
      measured = measured || sheet.cells[k].measured;
    if (measured && 2 * filled >= columns) return row;
  }
  return sheet.cells.empty() ? 1 : sheet.cells.back().row + 1;
}

std::size_t count_columns(const SheetCells& sheet) {
  std::vector<int> columns;
  for (const SheetCell& cell : sheet.cells) columns.push_back(cell.column);
  std::sort(columns.begin(), columns.end());
  return static_cast<std::size_t>(std::unique(columns.begin(), columns.end()) - columns.begin());
}

constexpr std::size_t kMostHeadings = 20;

/// Changes that are made together, when all is decided.
struct Changes {
  std::vector<int> removed;  ///< indices of cells
  std::vector<SheetCell> added;
};

/// The same content in another place.
SheetCell moved(SheetCell cell, int row) {
  cell.row = row;
  return cell;
}

/// A value over several rows holds in each of them.
void fill_down(SheetCells& sheet, const CellRange& range, Changes& changes) {
  constexpr int kMostFilled = 5'000'000;
  const int anchor = sheet.find(range.first_row, range.first_column);
  if (anchor < 0 || range.first_column != range.last_column) return;
  const int last = std::min(range.last_row, sheet.cells.back().row);
  for (int row = range.first_row + 1; row <= last; ++row) {
    if (sheet.filled.cells > kMostFilled) return;
    changes.added.push_back(moved(sheet.cells[static_cast<std::size_t>(anchor)], row));
    sheet.filled.add(row, range.first_column);
  }
}

/// Headings of several columns in one row join the names below them: "Reactor 1" above "T" and "p".
void join_headings(SheetCells& sheet, int row, const std::vector<CellRange>& groups,
                   Changes& changes) {
  std::map<int, int> above;  // by column, the cell in or over it
  const auto first =
      std::lower_bound(sheet.cells.begin(), sheet.cells.end(), row,
                       [](const SheetCell& cell, int wanted) { return cell.row < wanted; });
  for (auto cell = first; cell != sheet.cells.end() && cell->row == row; ++cell)
    above[cell->column] = static_cast<int>(cell - sheet.cells.begin());
  for (const auto& [column, index] : above) changes.removed.push_back(index);
  for (const CellRange& group : groups) {
    const int anchor = sheet.find(row, group.first_column);
    for (int column = group.first_column; anchor >= 0 && column <= group.last_column; ++column)
      above[column] = anchor;
  }
  for (const auto& [column, index] : above) {
    SheetCell cell = moved(sheet.cells[static_cast<std::size_t>(index)], row + 1);
    cell.column = column;
    const int below = sheet.find(row + 1, column);
    if (below >= 0) {
      const std::string joined =
          std::string(sheet.text(cell)) + ' ' +
          std::string(sheet.text(sheet.cells[static_cast<std::size_t>(below)]));
      changes.removed.push_back(below);
      cell.begin = sheet.content.size();
      cell.size = static_cast<std::uint32_t>(joined.size());
      sheet.content += joined;
    } else if (cell.column != sheet.cells[static_cast<std::size_t>(index)].column) {
      continue;  // nothing stands below this part of a heading
    }
    changes.added.push_back(cell);
  }
  sheet.joined_headings = true;
}

void apply(SheetCells& sheet, Changes& changes) {
  if (changes.removed.empty() && changes.added.empty()) return;
  std::vector<bool> gone(sheet.cells.size(), false);
  for (const int index : changes.removed) gone[static_cast<std::size_t>(index)] = true;
  std::size_t kept = 0;
  for (std::size_t k = 0; k < sheet.cells.size(); ++k)
    if (!gone[k]) sheet.cells[kept++] = sheet.cells[k];
  sheet.cells.resize(kept);
  sheet.cells.insert(sheet.cells.end(), changes.added.begin(), changes.added.end());
  sheet.sort();
}

/// Rows of names with headings over at least half of the columns, and more than one of them.
std::map<int, std::vector<CellRange>> heading_rows(const SheetCells& sheet,
                                                   const std::vector<CellRange>& merged,
                                                   int data_row, std::size_t columns) {
  std::map<int, std::vector<CellRange>> rows;
  for (const CellRange& range : merged)
    if (range.last_column > range.first_column && range.first_row == range.last_row &&
        range.first_row + 1 < data_row && sheet.find(range.first_row, range.first_column) >= 0)
      rows[range.first_row].push_back(range);
  if (rows.size() > kMostHeadings) return {};
  for (auto row = rows.begin(); row != rows.end();) {
    std::size_t covered = 0, cells = 0;
    for (const CellRange& range : row->second)
      covered += static_cast<std::size_t>(range.last_column - range.first_column) + 1;
    for (const SheetCell& cell : sheet.cells) cells += cell.row == row->first;
    row = cells >= 2 && 2 * covered >= columns ? std::next(row) : rows.erase(row);
  }
  return rows;
}

}  // namespace

void resolve_merged(SheetCells& sheet, const std::vector<CellRange>& merged) {
  if (merged.empty() || sheet.cells.empty()) return;
  const std::size_t columns = count_columns(sheet);
  const int data_row = first_data_row(sheet, columns);
  Changes names;
  for (const CellRange& range : merged) {
    const int anchor = sheet.find(range.first_row, range.first_column);
    const bool tall = range.last_row > range.first_row && range.last_row < data_row &&
                      range.first_column == range.last_column;
    if (!tall || anchor < 0) continue;
    names.removed.push_back(anchor);
    names.added.push_back(moved(sheet.cells[static_cast<std::size_t>(anchor)], range.last_row));
  }
  const auto headings = heading_rows(sheet, merged, data_row, columns);
  apply(sheet, names);
  for (const auto& [row, groups] : headings) {
    Changes joined;
    join_headings(sheet, row, groups, joined);
    apply(sheet, joined);
  }
  Changes filled;
  for (const CellRange& range : merged)
    if (range.first_row >= data_row && range.last_row > range.first_row)
      fill_down(sheet, range, filled);
  apply(sheet, filled);
}

}  // namespace cupel
