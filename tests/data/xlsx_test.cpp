// Workbooks: most of them as parts in memory, so that a test shows what it is about.
#include "cupel/data/xlsx.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "cupel/data/number_format.hpp"
#include "cupel/data/read_table.hpp"
#include "support.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::NanSensitiveDoubleEq;

constexpr double kNoon_2024_02_29 = 1709208000;

std::string relations(const std::vector<std::pair<std::string, std::string>>& list) {
  std::string xml = "<Relationships>";
  for (std::size_t k = 0; k < list.size(); ++k)
    xml += fmt::format(R"(<Relationship Id="r{}" Type="http://x/{}" Target="{}"/>)", k + 1,
                       list[k].first, list[k].second);
  return xml + "</Relationships>";
}

/// A workbook of one sheet; styles 1, 2, 3, … have the formats given.
struct Parts {
  std::string rows, strings, formats, after, before, properties;
  std::string sheets = R"(<sheet name="Data" sheetId="1" r:id="r1"/>)";
  std::map<std::string, std::string> more = {};

  Table parse(const ReadOptions& options = {}) const {
    std::map<std::string, std::string> parts = more;
    parts["_rels/.rels"] = relations({{"officeDocument", "xl/workbook.xml"}});
    parts["xl/workbook.xml"] = "<?xml version=\"1.0\"?><workbook>" + properties + "<sheets>" +
                               sheets + "</sheets></workbook>";
    parts["xl/_rels/workbook.xml.rels"] = relations({{"worksheet", "worksheets/sheet1.xml"},
                                                     {"worksheet", "/xl/worksheets/sheet2.xml"},
                                                     {"styles", "styles.xml"},
                                                     {"sharedStrings", "sharedStrings.xml"}});
    parts["xl/sharedStrings.xml"] = "<sst>" + strings + "</sst>";
    parts["xl/worksheets/sheet1.xml"] = sheet_xml(before, rows, after);
    parts["xl/styles.xml"] = styles();
    const OpenPart open = [&](const std::string& name) -> PartPieces {
      const auto found = parts.find(name);
      if (found == parts.end()) return {};
      // Byte by byte where it is short, so that every seam between pieces is met.
      const std::size_t piece = found->second.size() < 2000 ? 1 : 4096;
      return [text = found->second, piece, at = std::size_t{0}](std::string& to) mutable {
        to += text.substr(std::min(at, text.size()), piece);
        at += piece;
        return at < text.size() + piece;
      };
    };
    return parse_workbook(open, "plant.xlsx", options);
  }

  static std::string sheet_xml(const std::string& before, const std::string& rows,
                               const std::string& after) {
    return "<?xml version=\"1.0\"?><worksheet>" + before + "<sheetData>" + rows + "</sheetData>" +
           after + "</worksheet>";
  }

  std::string styles() const {
    std::string own, used = "<xf numFmtId=\"0\"/>", rest = formats;
    for (int id = 164; !rest.empty(); ++id) {
      const std::string one = rest.substr(0, rest.find('|'));
      rest.erase(0, one.size() + 1);
      own += fmt::format("<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>", id, one);
      used += fmt::format("<xf numFmtId=\"{}\"/>", id);
    }
    return "<styleSheet><numFmts>" + own + "</numFmts><cellXfs>" + used + "</cellXfs></styleSheet>";
  }
};

std::string word(std::string_view text) {
  return fmt::format("<c t=\"inlineStr\"><is><t>{}</t></is></c>", text);
}
std::string value(std::string_view text, int style = 0) {
  return fmt::format("<c s=\"{}\"><v>{}</v></c>", style, text);
}
std::string row(const std::string& cells) { return "<row>" + cells + "</row>"; }

std::string notes_of(const Table& table) {
  std::string text;
  for (const ReadNote& note : table.notes) text += note.what + '\n';
  return text;
}

TEST(Xlsx, ReadsSharedAndInlineWordsWithoutReadingMarks) {
  const Parts parts{.rows = row("<c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c>") +
                            row(value("1") + word("a &amp; b")) +
                            row(value("0.10000000000000001") + word("c")),
                    .strings =
                        "<si><r><t>T</t></r><r><rPr/><t xml:space=\"preserve\"> in</t></r></si>"
                        "<si><t>kind</t><rPh sb=\"0\" eb=\"1\"><t>KAIND</t></rPh></si>"};
  const Table table = parts.parse();
  EXPECT_EQ(table.columns.at(0).name, "T in");
  EXPECT_EQ(table.columns.at(1).name, "kind");
  EXPECT_THAT(table.columns[0].values, ElementsAre(1, 0.1));
  EXPECT_THAT(table.columns[1].words, ElementsAre("a & b", "c"));
}

TEST(Xlsx, ReadsDatesOfBothCountsAndTimes) {
  Parts parts{.rows = row(word("when") + word("x")) + row(value("45351.5", 1) + value("1")) +
                      row(value("45352", 1) + value("2")),
              .formats = "dd\\.mm\\.yyyy\\ hh:mm"};
  EXPECT_THAT(parts.parse().columns[0].values,
              ElementsAre(kNoon_2024_02_29, kNoon_2024_02_29 + 43200));
  parts.properties = "<workbookPr date1904=\"1\"/>";
  const double shift = 1462 * 86400.0;
  EXPECT_THAT(parts.parse().columns[0].values,
              ElementsAre(kNoon_2024_02_29 + shift, kNoon_2024_02_29 + 43200 + shift));
}

TEST(NumberFormat, TellsDatesFromNumbers) {
  for (const char* format : {"yyyy-mm-dd", "m/d/yy h:mm", "[$-409]d-mmm-yy;@", "mmm yy",
                             "dd/mm/yyyy hh:mm:ss.000", "[Red]dd.mm.yy"})
    EXPECT_EQ(form_of(format), CellForm::date) << format;
  for (const char* format : {"h:mm", "hh:mm:ss AM/PM", "mm:ss.0"})
    EXPECT_EQ(form_of(format), CellForm::clock) << format;
  for (const char* format : {"[h]:mm:ss", "[mm]:ss"})
    EXPECT_EQ(form_of(format), CellForm::elapsed) << format;
  for (const char* format : {"General", "0.00", "#,##0.0 \"days\"", "0.0\\ \\h", "0.00E+00", "@",
                             "[Red]0.0;[Blue]-0.0", "0 \"%\"", ""})
    EXPECT_EQ(form_of(format), CellForm::number) << format;
  for (const char* format : {"0%", "0.00 %"}) EXPECT_EQ(form_of(format), CellForm::percent);
}

TEST(NumberFormat, ShowsWhatSpreadsheetsShow) {
  EXPECT_EQ(shown_value(1, CellForm::date, false), "1900-01-01");
  EXPECT_EQ(shown_value(59, CellForm::date, false), "1900-02-28");
  EXPECT_EQ(shown_value(60, CellForm::date, false), "1900-02-29");
  EXPECT_EQ(shown_value(61, CellForm::date, false), "1900-03-01");
  EXPECT_EQ(shown_value(1, CellForm::date, true), "1904-01-02");
  EXPECT_EQ(shown_value(45351.5416666667, CellForm::date, false), "2024-02-29 13:00:00");
  EXPECT_EQ(shown_value(45351.999999999, CellForm::date, false), "2024-03-01");
  EXPECT_EQ(shown_value(0.75, CellForm::clock, false), "18:00:00");
  EXPECT_EQ(shown_value(1.0625, CellForm::elapsed, false), "25:30:00");
  EXPECT_EQ(shown_value(-0.0625, CellForm::elapsed, false), "-01:30:00");
  EXPECT_EQ(shown_value(0.07, CellForm::percent, false), "7 %");
  EXPECT_EQ(shown_value(-0.125, CellForm::percent, false), "-12.5 %");
  EXPECT_EQ(shown_value(1e-7, CellForm::percent, false), "1e-05 %");
  EXPECT_EQ(shown_value(0.1, CellForm::number, false), "0.1");
}

TEST(Xlsx, ReadsPercentCellsAsACsvFileShowsThem) {
  const Parts parts{.rows = row(word("yield") + word("T")) + row(value("0.07", 1) + value("1")) +
                            row(value("0.125", 1) + value("2")),
                    .formats = "0.0%"};
  const Table table = parts.parse();
  EXPECT_THAT(table.columns[0].values, ElementsAre(7, 12.5));
  EXPECT_EQ(table.columns[0].unit, "%");
}

TEST(Xlsx, TakesResultsOfFormulasAndNamesThoseWithoutOne) {
  const Parts parts{
      .rows =
          row(word("a") + word("b") + word("c")) +
          row("<c><f>1+1</f><v>2</v></c><c t=\"str\"><f>x</f><v>up</v></c><c><f>A2</f><v/></c>") +
          row("<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c><c t=\"str\"><f>x</f><v></v></c>"
              "<c><f>A3</f></c>") +
          row("<c><v>3</v></c><c t=\"str\"><v>down</v></c><c><v>7</v></c>")};
  const Table table = parts.parse();
  EXPECT_THAT(table.columns[0].values, ElementsAre(2, NanSensitiveDoubleEq(kMissing), 3));
  EXPECT_THAT(table.columns[1].words, ElementsAre("up", "down"));
  EXPECT_EQ(table.columns[2].values[2], 7);
  EXPECT_THAT(notes_of(table), HasSubstr("2 formulas have no computed result (first: C2)"));
}

TEST(Xlsx, PassesTitlesEmptyRowsAndEmptyColumns) {
  const Parts parts{.rows =
                        "<row r=\"2\"><c r=\"C2\" t=\"inlineStr\"><is><t>Report</t></is></c></row>"
                        "<row r=\"5\"><c r=\"C5\" t=\"inlineStr\"><is><t>T</t></is></c>"
                        "<c r=\"XFD5\" t=\"inlineStr\"><is><t>p</t></is></c></row>"
                        "<row r=\"6\"><c r=\"C6\"><v>1</v></c><c r=\"XFD6\"><v>2</v></c></row>"
                        "<row r=\"8\"><c r=\"C8\"><v>3</v></c><c r=\"XFD8\"><v>4</v></c></row>"
                        "<row r=\"9\"><c r=\"C9\"><v>5</v></c><c r=\"XFD9\"><v>4</v></c></row>"
                        "<row r=\"1048576\"><c r=\"A1048576\" s=\"3\"/></row>"};
  const Table table = parts.parse();
  ASSERT_EQ(table.columns.size(), 2u);
  EXPECT_EQ(table.columns[1].name, "p");
  EXPECT_THAT(table.columns[0].values, ElementsAre(1, 3, 5));
  EXPECT_EQ(sheet_row(table, 0), 6);
  EXPECT_EQ(sheet_row(table, 1), 8);
}

TEST(Xlsx, JoinsMergedHeadingsAndFillsMergedValues) {
  const Parts parts{.rows = row(word("batch") + word("inlet") + "<c/>" + word("outlet") + "<c/>") +
                            row("<c/>" + word("T") + word("p") + word("T") + word("p")) +
                            row(word("A") + value("1") + value("2") + value("3") + value("4")) +
                            row("<c/>" + value("2") + value("2") + value("3") + value("5")) +
                            row(word("B") + value("3") + value("2") + value("4") + value("4")),
                    .after =
                        "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:C1\"/>"
                        "<mergeCell ref=\"D1:E1\"/><mergeCell ref=\"A3:A4\"/></mergeCells>"};
  const Table table = parts.parse();
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  EXPECT_THAT(names, ElementsAre("batch", "inlet T", "inlet p", "outlet T", "outlet p"));
  EXPECT_THAT(table.columns[0].values, ElementsAre(0, 0, 1));
  EXPECT_EQ(sheet_row(table, 0), 3);
}

TEST(Xlsx, SaysWhatIsHidden) {
  const Parts parts{.rows = row(word("a") + word("b")) + row(value("1") + value("2")) +
                            "<row hidden=\"1\">" + value("2") + value("3") + "</row>" +
                            row(value("3") + value("1")),
                    .before = "<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols>"};
  const std::string notes = notes_of(parts.parse());
  EXPECT_THAT(notes,
              HasSubstr("1 row of the sheet is hidden, and read as all others (first: row 3)"));
  EXPECT_THAT(notes,
              HasSubstr("1 column of the sheet is hidden, and read as all others (first: B)"));
}

Parts two_sheets() {
  return {.rows = row(word("Notes")),
          .sheets = R"(<sheet name="Cover" sheetId="1" r:id="r1"/>)"
                    R"(<sheet name="Runs" sheetId="7" r:id="r2"/>)",
          .more = {{"xl/worksheets/sheet2.xml",
                    Parts::sheet_xml("",
                                     row(word("x") + word("y")) + row(value("1") + value("2")) +
                                         row(value("2") + value("2.5")),
                                     "")}}};
}

TEST(Xlsx, TakesTheFirstSheetWithATableOrTheOneNamed) {
  const Parts parts = two_sheets();
  EXPECT_THAT(notes_of(parts.parse()), HasSubstr("sheet 'Runs' is read, of 'Cover', 'Runs'"));
  for (const char* name : {"Runs", "runs", "2"})
    EXPECT_EQ(parts.parse({.sheet = name}).columns[1].name, "y") << name;
  EXPECT_THAT(error_of(ErrorKind::usage, [&] { parts.parse({.sheet = "3"}); }),
              AllOf(HasSubstr("no sheet '3'"), HasSubstr("'Cover', 'Runs'")));
  EXPECT_THAT(error_of(ErrorKind::bad_data, [&] { parts.parse({.sheet = "Cover"}); }),
              HasSubstr("sheet 'Cover'"));
}

TEST(Xlsx, SkipsHiddenSheetsUnlessNamed) {
  Parts parts = two_sheets();
  parts.sheets = R"(<sheet name="Cover" sheetId="1" r:id="r1"/>)"
                 R"(<sheet name="Runs" state="hidden" sheetId="7" r:id="r2"/>)";
  EXPECT_THAT(error_of(ErrorKind::bad_data, [&] { parts.parse(); }), HasSubstr("'Runs' (hidden)"));
  EXPECT_EQ(parts.parse({.sheet = "Runs"}).rows, 2);
}

TEST(Xlsx, KeepsCellsApartWhateverIsInThem) {
  const Parts parts{.rows = row(word("#") + word("note, or two")) +
                            row(value("1") + word("tab\there; \"q\"")) +
                            row(value("2") + word("line\nbreak")) + row(value("3") + word("a|b"))};
  const Table table = parts.parse();
  ASSERT_EQ(table.columns.size(), 2u);
  EXPECT_EQ(table.columns[0].name, "#");
  EXPECT_THAT(table.columns[1].words, ElementsAre("tab\there; \"q\"", "line\nbreak", "a|b"));
}

TEST(Xlsx, ReadsElementsWithAPrefix) {
  Parts parts{.rows =
                  "<x:row><x:c t=\"inlineStr\"><x:is><x:t>a</x:t></x:is></x:c></x:row>"
                  "<x:row><x:c><x:v>1</x:v></x:c></x:row>"
                  "<x:row><x:c><x:v>2.5</x:v></x:c></x:row>"};
  EXPECT_THAT(parts.parse().columns[0].values, ElementsAre(1, 2.5));
}

TEST(Xlsx, RefusesDamageAndFarTooManyCells) {
  EXPECT_THAT(error_of(ErrorKind::bad_data, [] { Parts{.rows = row("<c><v>1</v>")}.parse(); }),
              HasSubstr("damaged"));
  EXPECT_THAT(
      error_of(ErrorKind::bad_data, [] { Parts{.rows = "<row r=\"99999999\"></row>"}.parse(); }),
      HasSubstr("damaged"));
  std::string wide;
  for (int column = 0; column < 1000; ++column) wide += value("1");
  EXPECT_THAT(
      error_of(ErrorKind::bad_data,
               [&] { Parts{.rows = row(wide) + "<row r=\"1048576\">" + wide + "</row>"}.parse(); }),
      HasSubstr("too many cells"));
  for (const char* bytes : {"PK\x03\x04", "PK\x03\x04zzzzzzzz"})
    EXPECT_THAT(error_of(ErrorKind::bad_data, [&] { parse_table(bytes, "plant.xlsx"); }),
                HasSubstr("damaged"));
}

TEST(Xlsx, ReadsAWorkbookAsAProgramWroteIt) {
  const Table table = read_table(test::source_path("tests/data/tables/report.xlsx"));
  ASSERT_EQ(table.rows, 8);
  EXPECT_EQ(table.columns[1].name, "Reactor 1 T");
  EXPECT_EQ(table.columns[1].unit, "degC");
  EXPECT_EQ(column_of(table, "Time").values[0], 1706742000);  // 2024-01-31 23:00
  EXPECT_TRUE(std::isnan(column_of(table, "Reactor 1 p").values[3]));
  EXPECT_EQ(column_of(table, "Yield").values[0], 7);
  EXPECT_EQ(sheet_row(table, 0), 6);
  EXPECT_EQ(read_table(test::source_path("tests/data/tables/report.xlsx"), {.sheet = "Other"}).rows,
            2);
}

}  // namespace
}  // namespace cupel
