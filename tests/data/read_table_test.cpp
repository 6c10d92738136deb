#include "cupel/data/read_table.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "support.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Table parse(std::string_view bytes, const ReadOptions& options = {}) {
  return parse_table(bytes, "plant.txt", options);
}
std::string refused(std::string_view bytes, const ReadOptions& options = {}) {
  return error_of(ErrorKind::bad_data, [&] { parse(bytes, options); });
}
std::string notes_of(const Table& table) {
  std::string text;
  for (const ReadNote& note : table.notes) text += note.what + '\n';
  return text;
}

TEST(ReadTable, NamesWhatIsNoTableAsWhatItIsWithTheCure) {
  using namespace std::string_literals;
  const std::pair<std::string, const char*> kinds[] = {
      {"{\\rtf1\\ansi T q}", "RTF"},
      {"%PDF-1.7\n1 0 obj", "PDF"},
      {"<!DOCTYPE html>\n<html><table>", "HTML"},
      {"\xEF\xBB\xBF \n<HTML xmlns:x=\"urn:schemas-microsoft-com:office:excel\">", "HTML"},
      {"<?xml version=\"1.0\"?><a/>", "XML"},
      {"<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
       "Excel 2003"},
      {"PAR1\x15\x04\0\x15"s, "Parquet"},
      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\0o\0r\0k\0b\0o\0o\0k\0\0\0"s, ".xls"},
      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
       "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0\0\0"s,
       "password"},
      {"MATLAB 5.0 MAT-file, Platform: GLNXA64\0\0\0"s, "MATLAB"},
      {"\x89HDF\r\n\x1A\n\0\0"s, "HDF5"},
      {"SQLite format 3\0"s, "SQLite"},
      {"\x89PNG\r\n\x1A\n\0\0"s, "PNG"},
      {"\xFF\xD8\xFF\xE0\0\x10JFIF"s, "JPEG"},
      {"{\"a\": [1, 2]}", "JSON"},
      {"[\n {\"a\": 1}]", "JSON"},
      {"{\n \"format\": 5,\n \"cupel\": \"0.1.0\"", "model"},
      {std::string(257, 'a') + "ustar\0\0"s, "tar"},
      {"7z\xBC\xAF\x27\x1C\0\4"s, "7z"},
  };
  for (const auto& [bytes, what] : kinds)
    EXPECT_THAT(refused(bytes), AllOf(HasSubstr(what), HasSubstr("not a table\n"))) << what;
}

TEST(ReadTable, ReadsNamesThatLookLikeTheMarkOfAnotherKind) {
  EXPECT_EQ(parse("PAR1,PAR2\n1,2\n2,3\n").columns[0].name, "PAR1");
  EXPECT_EQ(parse("ORC,T\n1,2\n2,3\n").columns[0].name, "ORC");
  EXPECT_EQ(parse("BZh,T\n1,2\n2,3\n").columns[0].name, "BZh");
  EXPECT_EQ(parse("[T],[p]\n1,2\n2,3\n").columns[0].name, "[T]");
}

TEST(ReadTable, TakesAFirstLineLikeTheOthersForData) {
  const Table table = parse("1,20.5,a\n2,21,b\n3,20,a\n4,20.7,b\n");
  EXPECT_EQ(table.rows, 4);
  EXPECT_EQ(table.columns[2].name, "column_3");
  EXPECT_THAT(table.columns[1].values, ElementsAre(20.5, 21, 20, 20.7));
  EXPECT_EQ(sheet_row(table, 0), 1);
  EXPECT_THAT(notes_of(table), HasSubstr("taken for data"));
}

TEST(ReadTable, TakesStampsInTheFirstLineForData) {
  const Table table = parse("2024-01-01 10:00,5\n2024-01-01 11:00,6\n2024-01-01 12:00,5.5\n");
  EXPECT_EQ(table.rows, 3);
  EXPECT_EQ(table.columns[0].kind, ColumnKind::time);
}

TEST(ReadTable, AsksWhereNumbersInTheFirstLineMayBeNames) {
  const char* wavelengths = "1100,1102,1104\n0.1,0.2,0.3\n0.2,0.3,0.1\n0.3,0.1,0.2\n";
  EXPECT_THAT(refused(wavelengths), AllOf(HasSubstr("--header yes"), HasSubstr("--header no")));
  const Table named = parse(wavelengths, {.header = HeaderLine::yes});
  EXPECT_EQ(named.columns[1].name, "1102");
  EXPECT_EQ(named.rows, 3);
  const Table nameless = parse(wavelengths, {.header = HeaderLine::no});
  EXPECT_EQ(nameless.columns[1].name, "column_2");
  EXPECT_EQ(nameless.rows, 4);
}

TEST(ReadTable, KeepsYearsAsNames) {
  const Table table = parse("site,2019,2020\na,1.5,2\nb,1.7,3\nc,1.6,2.5\n");
  EXPECT_EQ(table.columns[1].name, "2019");
  EXPECT_EQ(table.rows, 3);
}

TEST(ReadTable, TakesNamesBehindAMarkOfComments) {
  const Table table = parse(
      "# made by hand\n#time,T,state\n2024-01-01 10:00,5,ok\n"
      "2024-01-01 11:00,6,bad\n");
  EXPECT_EQ(table.rows, 2);
  EXPECT_EQ(table.columns[0].name, "time");
  EXPECT_EQ(sheet_row(table, 0), 3);
  EXPECT_EQ(parse("#,T,p\n1,5,2\n2,6,3\n").columns[0].name, "#");
  EXPECT_EQ(parse("# plant, unit 3\nT,p\n1,5\n2,6\n").columns[0].name, "T");
}

TEST(ReadTable, PassesManyLinesOfProse) {
  std::string text = "Instrument: X1\n";
  for (int line = 0; line < 45; ++line) text += "Setting " + std::to_string(line) + ": on\n";
  const Table table = parse(text + "T,p,q\n1,2,3\n2,3,4\n3,4,6\n4,4,5\n");
  EXPECT_EQ(table.columns.size(), 3u);
  EXPECT_EQ(sheet_row(table, 0), 48);
}

TEST(ReadTable, PassesARulerBelowTheNames) {
  EXPECT_EQ(parse("T\tp\n-----\t----\n1\t2\n2\t3\n").rows, 2);
  EXPECT_EQ(parse("T,p\n---------\n1,2\n2,3\n").rows, 2);
}

TEST(ReadTable, KeepsWordsThatAreStatedToBeWords) {
  const Table table = parse("code,q\n1,2\n2,3\nNA,4\n", {.word_columns = {"code"}});
  ASSERT_EQ(table.columns[0].kind, ColumnKind::text);
  EXPECT_THAT(table.columns[0].words, ElementsAre("1", "2", "NA"));
}

TEST(ReadTable, RefusesASheetOfAText) {
  EXPECT_THAT(error_of(ErrorKind::usage, [] { parse("a,b\n1,2\n", {.sheet = "Data"}); }),
              HasSubstr("no sheet 'Data'"));
}

}  // namespace
}  // namespace cupel
