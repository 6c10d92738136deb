#include "cupel/data/xlsx.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "cupel/base/error.hpp"
#include "cupel/data/csv_cells.hpp"
#include "cupel/data/sheet_cells.hpp"
#include "cupel/data/workbook_xml.hpp"

namespace cupel {
namespace {

constexpr const char* kSaveAnew =
    "open it in a spreadsheet program and save it as .xlsx or as CSV text";

[[noreturn]] void refuse(const std::string& name, std::string_view what, std::string_view cure) {
  throw Error(ErrorKind::bad_data, fmt::format("{}: this is {}, not a table", name, what),
              std::string(cure));
}

/// What is in a zip archive that is no workbook.
[[noreturn]] void refuse_archive(const ZipArchive& archive, const std::string& name) {
  if (archive.has("xl/workbook.bin")) refuse(name, "a binary Excel workbook (.xlsb)", kSaveAnew);
  if (archive.has("mimetype") && archive.has("content.xml"))
    refuse(name, "an OpenDocument file (.ods, .odt)", kSaveAnew);
  if (archive.has("Index/Document.iwa")) refuse(name, "a Numbers or Pages document", kSaveAnew);
  if (archive.has("word/document.xml"))
    refuse(name, "a Word document (.docx)",
           "copy its table into a spreadsheet program, and save it there as .xlsx or as CSV text");
  if (archive.has("ppt/presentation.xml")) refuse(name, "a presentation (.pptx)", kSaveAnew);
  constexpr std::size_t kShown = 3;
  std::vector<std::string> names = archive.names(kShown + 1);
  if (names.size() > kShown) names.back() = "…";
  refuse(name, fmt::format("a zip archive ({})", fmt::join(names, ", ")),
         "unpack it, and name the file with the table in it");
}

std::string sheet_list(const WorkbookIndex& index) {
  std::vector<std::string> names;
  for (const SheetEntry& sheet : index.sheets)
    names.push_back(fmt::format("'{}'{}", sheet.name, sheet.hidden ? " (hidden)" : ""));
  return fmt::format("{}", fmt::join(names, ", "));
}

/// By its name, its number, or its name in other capitals.
const SheetEntry& named_sheet(const WorkbookIndex& index, const std::string& wanted,
                              const std::string& name) {
  const auto& sheets = index.sheets;
  const auto find = [&](const auto& is_it) {
    return std::find_if(sheets.begin(), sheets.end(), is_it);
  };
  auto found = find([&](const SheetEntry& sheet) { return sheet.name == wanted; });
  int number = 0;
  const char* end = wanted.data() + wanted.size();
  const bool is_number = std::from_chars(wanted.data(), end, number).ptr == end;
  if (found == sheets.end() && is_number && number >= 1 && number <= std::ssize(sheets))
    return sheets[static_cast<std::size_t>(number) - 1];
  if (found == sheets.end())
    found =
        find([&](const SheetEntry& sheet) { return lower_case(sheet.name) == lower_case(wanted); });
  if (found == sheets.end())
    throw Error(ErrorKind::usage, fmt::format("{}: there is no sheet '{}'", name, wanted),
                fmt::format("the sheets are {}", sheet_list(index)));
  return *found;
}

struct ChosenSheet {
  const SheetEntry* entry = nullptr;
  SheetCells cells;
};

/// The first visible one with a table, or else with anything.
ChosenSheet choose_sheet(const WorkbookXml& xml, const WorkbookIndex& index,
                         const WorkbookWords& words, const std::string& name) {
  std::optional<ChosenSheet> other;
  for (const SheetEntry& entry : index.sheets) {
    if (entry.hidden) continue;
    SheetCells cells = read_sheet(xml, entry.part, words, name);
    if (cells.looks_like_a_table()) return {&entry, std::move(cells)};
    if (!other && !cells.cells.empty()) other = ChosenSheet{&entry, std::move(cells)};
  }
  if (other) return std::move(*other);
  throw Error(ErrorKind::bad_data,
              fmt::format("{}: the workbook has no visible sheet with cells", name),
              index.sheets.empty() ? "a table is needed in it"
                                   : fmt::format("name one with --sheet: {}", sheet_list(index)));
}

void note(Table& table, std::string what, std::string advice = "", bool unreadable = false) {
  table.notes.push_back({.column = {},
                         .row = -1,
                         .count = 0,
                         .what = std::move(what),
                         .unreadable = unreadable,
                         .advice = std::move(advice)});
}

std::string plural(int count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

void note_cells(Table& table, const SheetCells& cells) {
  const CellCount& formulas = cells.no_result;
  if (formulas.cells > 0)
    note(table,
         fmt::format(
             "{} no computed result (first: {}); read as missing",
             formulas.cells == 1 ? "1 formula has" : plural(formulas.cells, "formula") + " have",
             cell_name(formulas.row, formulas.column)),
         "open the workbook in a spreadsheet program and save it: then it holds the results", true);
  if (cells.hidden_rows.cells > 0)
    note(table,
         fmt::format("{} of the sheet {} hidden, and read as all others (first: row {})",
                     plural(cells.hidden_rows.cells, "row"),
                     cells.hidden_rows.cells == 1 ? "is" : "are", cells.hidden_rows.row),
         "if they are not to count, delete them or copy the visible ones into another sheet");
  if (cells.hidden_columns.cells > 0) {
    const std::string letters = cell_name(1, cells.hidden_columns.column);
    note(table,
         fmt::format("{} of the sheet {} hidden, and read as all others (first: {})",
                     plural(cells.hidden_columns.cells, "column"),
                     cells.hidden_columns.cells == 1 ? "is" : "are",
                     letters.substr(0, letters.size() - 1)),
         "leave it out with --ignore where it does not count");
  }
  if (cells.filled.cells > 0)
    note(table, fmt::format("{} below a merged cell ({} is the first) took its value",
                            plural(cells.filled.cells, "cell"),
                            cell_name(cells.filled.row, cells.filled.column)));
  if (cells.joined_headings)
    note(table, "headings above several columns are part of the names of these columns");
}

Table parse_sheet(const ChosenSheet& chosen, const WorkbookIndex& index, const std::string& name,
                  ReadOptions options) {
  const std::string shown =
      index.sheets.size() > 1 ? fmt::format("{}, sheet '{}'", name, chosen.entry->name) : name;
  const std::string text = sheet_text(chosen.cells, shown);
  // Numbers that were typed as words may have another mark than a number's point; where no number
  // has one, they decide.
  const TextForm form{.separator = '\t', .decimal_mark = chosen.cells.has_fractions ? '.' : '\0'};
  Table table;
  try {
    table = parse_csv(text, shown, options, form);
  } catch (const Error& error) {
    if (index.sheets.size() < 2 || !options.sheet.empty()) throw;
    throw Error(
        error.kind(), error.message(),
        fmt::format("{}; or name another sheet with --sheet: {}", error.hint(), sheet_list(index)));
  }
  table.source = name;
  if (index.sheets.size() > 1)
    note(table, fmt::format("sheet '{}' is read, of {}", chosen.entry->name, sheet_list(index)),
         options.sheet.empty() ? "another one: --sheet NAME" : "");
  note_cells(table, chosen.cells);
  return table;
}

}  // namespace

bool is_zip(std::string_view bytes) {
  return bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06");
}

Table parse_workbook(const OpenPart& open, const std::string& name, const ReadOptions& options) {
  const WorkbookXml xml(open, name);
  const WorkbookIndex index = xml.index();
  const WorkbookWords words{xml.shared_words(), xml.formats(), index.from_1904};
  if (options.sheet.empty())
    return parse_sheet(choose_sheet(xml, index, words, name), index, name, options);
  const SheetEntry& entry = named_sheet(index, options.sheet, name);
  const ChosenSheet chosen{&entry, read_sheet(xml, entry.part, words, name)};
  if (chosen.cells.cells.empty())
    throw Error(ErrorKind::bad_data, fmt::format("{}: sheet '{}' is empty", name, entry.name),
                fmt::format("the sheets are {}", sheet_list(index)));
  return parse_sheet(chosen, index, name, options);
}

Table parse_xlsx(std::string_view bytes, const std::string& name, const ReadOptions& options) {
  const ZipArchive archive(bytes, name);
  const OpenPart open = [&](const std::string& part) { return archive.open(part); };
  const bool workbook = archive.has("[Content_Types].xml") && !archive.has("xl/workbook.bin") &&
                        !archive.has("word/document.xml") && !archive.has("ppt/presentation.xml");
  if (!workbook) refuse_archive(archive, name);
  return parse_workbook(open, name, options);
}

}  // namespace cupel
