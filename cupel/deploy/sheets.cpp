#include "cupel/deploy/sheets.hpp"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <map>
#include <utility>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

lxw_row_t row_of(Cell cell) { return static_cast<lxw_row_t>(cell.row); }
lxw_col_t column_of(Cell cell) { return static_cast<lxw_col_t>(cell.column); }

std::string column_letters(int column) {
  std::string letters;
  for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return letters;
}

std::string place(Cell cell) {
  return fmt::format("${}${}", column_letters(cell.column), cell.row + 1);
}

}  // namespace

struct Sheets::Library {
  lxw_workbook* workbook = nullptr;
  std::string path;
  std::vector<lxw_worksheet*> sheets;
  std::map<std::pair<CellLook, int>, lxw_format*> formats;

  lxw_worksheet* sheet(Cell cell) const { return sheets[static_cast<std::size_t>(cell.sheet)]; }

  lxw_format* look(CellLook look, int decimals = -1) {
    const auto [place, is_new] = formats.try_emplace({look, decimals}, nullptr);
    if (!is_new || (look == CellLook::plain && decimals < 0)) return place->second;
    lxw_format* format = place->second = workbook_add_format(workbook);
    if (decimals >= 0)
      format_set_num_format(format,
                            ("0" + (decimals > 0 ? "." + std::string(decimals, '0') : "")).c_str());
    switch (look) {
      case CellLook::title:
        format_set_bold(format);
        format_set_font_size(format, 14);
        break;
      case CellLook::number_head:
        format_set_align(format, LXW_ALIGN_RIGHT);
        [[fallthrough]];
      case CellLook::head:
        format_set_bold(format);
        format_set_bottom(format, LXW_BORDER_THIN);
        break;
      case CellLook::note:
        format_set_font_color(format, 0x666666);
        break;
      case CellLook::input:
        format_set_bg_color(format, 0xFFF2CC);
        format_set_border(format, LXW_BORDER_THIN);
        format_set_align(format, LXW_ALIGN_RIGHT);
        break;
      case CellLook::result:
        format_set_bold(format);
        format_set_bg_color(format, 0xE2EFDA);
        break;
      case CellLook::plain:
        break;
    }
    return format;
  }
};

Sheets::Sheets(const std::string& path) : library_(std::make_unique<Library>()) {
  library_->path = path;
  library_->workbook = workbook_new(path.c_str());
  if (library_->workbook == nullptr)
    throw Error(ErrorKind::runtime, fmt::format("{}: the workbook cannot be made", path));
}

Sheets::~Sheets() {
  if (library_->workbook != nullptr) lxw_workbook_free(library_->workbook);
}

int Sheets::add(const std::string& name, std::vector<double> column_widths) {
  lxw_worksheet* sheet = workbook_add_worksheet(library_->workbook, name.c_str());
  if (sheet == nullptr)
    throw Error(ErrorKind::runtime, fmt::format("{}: no sheet '{}'", library_->path, name));
  for (std::size_t c = 0; c < column_widths.size(); ++c)
    worksheet_set_column(sheet, static_cast<lxw_col_t>(c), static_cast<lxw_col_t>(c),
                         column_widths[c], nullptr);
  library_->sheets.push_back(sheet);
  names_.push_back(name);
  return static_cast<int>(names_.size()) - 1;
}

void Sheets::text(Cell cell, const std::string& text, CellLook look) {
  worksheet_write_string(library_->sheet(cell), row_of(cell), column_of(cell), text.c_str(),
                         library_->look(look));
}

NumberCell Sheets::number(Cell cell, double value, CellLook look) {
  worksheet_write_number(library_->sheet(cell), row_of(cell), column_of(cell), value,
                         library_->look(look));
  return {cell, value};
}

NumberCell Sheets::formula(Cell cell, const std::string& formula, double value, CellLook look,
                           int decimals) {
  worksheet_write_formula_num(library_->sheet(cell), row_of(cell), column_of(cell),
                              ("=" + formula).c_str(), library_->look(look, decimals), value);
  return {cell, value};
}

void Sheets::text_formula(Cell cell, const std::string& formula, const std::string& value,
                          CellLook look) {
  worksheet_write_formula_str(library_->sheet(cell), row_of(cell), column_of(cell),
                              ("=" + formula).c_str(), library_->look(look), value.c_str());
}

void Sheets::choice(Cell cell, Cell first, Cell last) {
  std::string source = "=" + range(first, last);
  lxw_data_validation validation = {};
  validation.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
  validation.value_formula = source.data();
  worksheet_data_validation_cell(library_->sheet(cell), row_of(cell), column_of(cell), &validation);
}

std::string Sheets::name(Cell cell) const {
  return fmt::format("'{}'!{}", names_[static_cast<std::size_t>(cell.sheet)], place(cell));
}

std::string Sheets::range(Cell first, Cell last) const {
  return fmt::format("{}:{}", name(first), place(last));
}

void Sheets::close() {
  const lxw_error problem = workbook_close(std::exchange(library_->workbook, nullptr));
  if (problem != LXW_NO_ERROR)
    throw Error(ErrorKind::runtime, fmt::format("{}: the workbook cannot be written ({})",
                                                library_->path, lxw_strerror(problem)));
}

}  // namespace cupel
