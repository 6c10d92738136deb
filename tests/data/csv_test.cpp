#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>

#include "cupel/base/rng.hpp"
#include "support.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::NanSensitiveDoubleEq;

constexpr double kDay = 86400;
constexpr double kNewYear2025 = 1735689600;  // 2025-01-01 00:00 UTC

Table parse(std::string_view text, const ReadOptions& options = {}) {
  return parse_csv(text, "plant.csv", options);
}
std::string refused(std::string_view text, const ReadOptions& options = {}) {
  return error_of(ErrorKind::bad_data, [&] { parse(text, options); });
}
const ReadNote* note_on(const Table& table, const std::string& column) {
  for (const ReadNote& note : table.notes)
    if (note.column == column) return &note;
  return nullptr;
}
std::string utf16(std::string_view ascii, bool big_endian, bool mark) {
  std::string bytes = mark ? (big_endian ? "\xFE\xFF" : "\xFF\xFE") : "";
  for (const char c : ascii) {
    bytes += big_endian ? '\0' : c;
    bytes += big_endian ? c : '\0';
  }
  return bytes;
}

TEST(Csv, ReadsNumbersUnderTheirNames) {
  const Table table = parse("T,q\n1,2.5\n-3,4e2\n");
  ASSERT_EQ(table.columns.size(), 2u);
  EXPECT_EQ(table.columns[0].name, "T");
  EXPECT_THAT(table.columns[0].values, ElementsAre(1, -3));
  EXPECT_THAT(table.columns[1].values, ElementsAre(2.5, 400));
  EXPECT_TRUE(table.notes.empty());
}

TEST(Csv, FindsTheSeparatorByItself) {
  for (const char* text : {"a,b\n1,2\n3,4\n", "a;b\n1;2\n3;4\n", "a\tb\n1\t2\n3\t4\n",
                           "a|b\n1|2\n3|4\n", "sep=;\na;b\n1;2\n3;4\n"}) {
    const Table table = parse(text);
    ASSERT_EQ(table.columns.size(), 2u) << text;
    EXPECT_THAT(table.columns[1].values, ElementsAre(2, 4)) << text;
  }
}

TEST(Csv, ReadsDecimalCommasWithEachSeparator) {
  for (const char* text : {"a;b\n1,5;2,25\n3;4,5\n", "a\tb\n1,5\t2,25\n3\t4,5\n",
                           "a,b\n\"1,5\",\"2,25\"\n3,\"4,5\"\n"}) {
    const Table table = parse(text);
    EXPECT_THAT(table.columns.at(0).values, ElementsAre(1.5, 3)) << text;
    EXPECT_THAT(table.columns.at(1).values, ElementsAre(2.25, 4.5)) << text;
  }
}

TEST(Csv, ReadsMarksBetweenGroupsOfDigits) {
  EXPECT_THAT(parse("a,b\n\"1,500\",2.5\n\"1,600\",3.5\n").columns[0].values,
              ElementsAre(1500, 1600));
  EXPECT_THAT(parse("a;b\n1.500,5;2,5\n2;3,5\n").columns[0].values, ElementsAre(1500.5, 2));
  EXPECT_THAT(parse("a;b\n1'500.5;2\n-2’000;3\n").columns[0].values, ElementsAre(1500.5, -2000));
  EXPECT_THAT(parse("a\tb\n12,34,567.5\t2\n943\t3\n").columns[0].values,
              ElementsAre(1234567.5, 943));
  for (const char* blank : {" ", "\xC2\xA0", "\xE2\x80\xAF"})
    EXPECT_THAT(
        parse(std::string("a;b\n1;1") + blank + "200,5\n2;1" + blank + "300\n").columns[1].values,
        ElementsAre(1200.5, 1300));
  EXPECT_EQ(parse("a;b\n1;12 345 67\n2;x\n3;y\n").columns[1].kind, ColumnKind::text);
}

TEST(Csv, RefusesNumbersThatMayBeTwo) {
  // A file without any fraction: the point is no decimal point beside three digits and none.
  EXPECT_THAT(refused("a;b\n943;8\n1.318;9\n503;7\n"),
              AllOf(HasSubstr("'a'"), HasSubstr("row 3"), HasSubstr("thousands")));
  EXPECT_THAT(refused("a\tb\n943\t8\n1,318\t9\n503\t7\n"),
              AllOf(HasSubstr("'a'"), HasSubstr("row 3"), HasSubstr("--decimal-mark")));
  EXPECT_THAT(parse("a\tb\n943\t8\n1,318\t9\n", {.decimal_mark = '.'}).columns[0].values,
              ElementsAre(943, 1318));
  const Table sentinels = parse_csv("a;b\n1.250;8\n-999;9\n2.375;7\n", "real.csv");
  EXPECT_EQ(sentinels.columns.at(0).values.at(0), 1.25);
  const Table fractions = parse_csv("a;b\n101.325;8\n1.318;9\n503;7\n", "real.csv");
  EXPECT_THAT(fractions.columns.at(0).values, ElementsAre(101.325, 1.318, 503));
}

TEST(Csv, RefusesTwoDecimalMarksInOneFile) {
  EXPECT_THAT(refused("a;b;c\n1,5;2,5;1.5\n3,5;4,5;2.5\n"),
              AllOf(HasSubstr("'c'"), HasSubstr("decimal mark")));
}

TEST(Csv, ReadsEveryEncodingAlike) {
  const std::string text = "T,q\n1,2\n3,4\n";
  for (const std::string& bytes :
       {text, "\xEF\xBB\xBF" + text, utf16(text, false, true), utf16(text, true, true),
        utf16(text, false, false), utf16(text, true, false)}) {
    const Table table = parse(bytes);
    ASSERT_EQ(table.columns.size(), 2u);
    EXPECT_EQ(table.columns[0].name, "T");
    EXPECT_THAT(table.columns[1].values, ElementsAre(2, 4));
  }
}

TEST(Csv, ConvertsLatin1AndSaysSo) {
  const Table table = parse("Qualit\xE4t,q\ngr\xFCn,2\nrot,3\n");
  EXPECT_EQ(table.columns[0].name, "Qualit\xC3\xA4t");
  EXPECT_EQ(table.columns[0].words[0], "gr\xC3\xBCn");
  ASSERT_NE(note_on(table, ""), nullptr);
  EXPECT_THAT(note_on(table, "")->what, HasSubstr("Latin-1"));
}

TEST(Csv, UnderstandsLineEndsOfAllSystems) {
  for (const char* text : {"a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r"})
    EXPECT_THAT(parse(text).columns.at(1).values, ElementsAre(2, 4)) << text;
}

TEST(Csv, TakesUnitsOutOfTheHeader) {
  const Table table = parse("T [degC],p (bar),f(x)\n1,2,3\n");
  EXPECT_EQ(table.columns[0].name, "T");
  EXPECT_EQ(table.columns[0].unit, "degC");
  EXPECT_EQ(table.columns[1].name, "p");
  EXPECT_EQ(table.columns[1].unit, "bar");
  EXPECT_EQ(table.columns[2].name, "f(x)");
}

TEST(Csv, LeavesUnitsInTheNamesWhereTheNamesWouldCollide) {
  const Table table = parse("T (in),T (out),p (bar)\n1,2,3\n");
  EXPECT_EQ(table.columns[0].name, "T (in)");
  EXPECT_EQ(table.columns[1].name, "T (out)");
  EXPECT_EQ(table.columns[2].name, "p");
}

TEST(Csv, TakesUnitsFromASecondRow) {
  const Table table = parse("T,q,load\ndegC,kg/h,-\n1,2,low\n3,4,high\n");
  EXPECT_EQ(table.rows, 2);
  EXPECT_EQ(table.columns[1].unit, "kg/h");
  EXPECT_EQ(table.header_lines, 2);
  EXPECT_EQ(sheet_row(table, 0), 3);
}

TEST(Csv, DoesNotTakeARowOfMissingMarksForUnits) {
  EXPECT_EQ(parse("T,q\nNA,Bad\n1,2\n3,4\n").rows, 3);
  EXPECT_EQ(parse("color,size\nred,big\nblue,small\nred,big\n").rows, 3);
}

TEST(Csv, PassesOverCommentsAndEmptyLinesAndKeepsSheetRows) {
  const Table table = parse("# made by a historian\n\na,b\n1,2\n\n,\n3,4\n");
  EXPECT_THAT(table.columns.at(0).values, ElementsAre(1, 3));
  EXPECT_EQ(sheet_row(table, 0), 4);
  EXPECT_EQ(sheet_row(table, 1), 7);
}

TEST(Csv, TakesNamesFromTheCommentAboveNumbers) {
  const Table table = parse("# x, y\n1,2\n3,4\n");
  EXPECT_EQ(table.columns.at(1).name, "y");
  EXPECT_EQ(table.rows, 2);
}

TEST(Csv, ToleratesTrailingSeparators) {
  EXPECT_EQ(parse("a,b,\n1,2,\n3,4,\n").columns.size(), 2u);
  EXPECT_EQ(parse("a,b\n1,2,\n3,4,,\n").columns.size(), 2u);
  EXPECT_EQ(parse("a,b,\n1,2\n3,4\n").columns.size(), 2u);
}

TEST(Csv, NamesANamelessColumnThatHoldsValues) {
  const Table table = parse("a,,b\n1,2,3\n");
  EXPECT_EQ(table.columns.at(1).name, "column_2");
  ASSERT_NE(note_on(table, "column_2"), nullptr);
}

TEST(Csv, ReadsKnownMarksAsMissing) {
  const Table table = parse("x,y\n1,1\nNA,1\n#N/A,1\nnull,1\n?,1\n,1\n-,1\n7,1\n");
  int missing = 0;
  for (const double value : table.columns[0].values) missing += std::isnan(value);
  EXPECT_EQ(missing, 6);
  EXPECT_TRUE(table.notes.empty());
}

TEST(Csv, ReadsBadStatusWordsAsMissingWithANote) {
  const Table table = parse("x,y\n1,1\nBad,1\nNo Data,1\nI/O Timeout,1\n7,1\n");
  EXPECT_EQ(table.columns[0].kind, ColumnKind::number);
  const ReadNote* note = note_on(table, "x");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->row, 1);
  EXPECT_EQ(note->count, 3);
  EXPECT_FALSE(note->unreadable);
}

TEST(Csv, ReadsWhatASpreadsheetOfAnyLanguageWritesForAnErrorAsMissing) {
  const Table table = parse("x,y\n1,1\n#DIV/0!,1\n#WERT!,1\n#NOM ?,1\n#BEZUG!,1\n#NV,1\n7,1\n");
  EXPECT_EQ(table.columns[0].kind, ColumnKind::number);
  ASSERT_NE(note_on(table, "x"), nullptr);
  EXPECT_EQ(note_on(table, "x")->count, 4);
  EXPECT_FALSE(note_on(table, "x")->unreadable);
}

TEST(Csv, ReadsAFewUnreadableCellsAsMissingWithTheFirstRow) {
  std::string text = "x\n";
  for (int i = 0; i < 20; ++i) text += i == 6 || i == 9 ? "1O\n" : "10\n";
  const Table table = parse(text);
  EXPECT_EQ(table.columns[0].kind, ColumnKind::number);
  const ReadNote* note = note_on(table, "x");
  ASSERT_NE(note, nullptr);
  EXPECT_TRUE(note->unreadable);
  EXPECT_EQ(note->row, 6);
  EXPECT_EQ(note->count, 2);
}

TEST(Csv, TakesAColumnWithManyWordsForText) {
  const Table table = parse("x,y\n1,1\nlow,1\nhigh,1\nlow,1\n");
  EXPECT_EQ(table.columns[0].kind, ColumnKind::text);
  EXPECT_THAT(table.columns[0].words, ElementsAre("1", "low", "high"));
  EXPECT_THAT(table.columns[0].values, ElementsAre(0, 1, 2, 1));
}

TEST(Csv, KeepsStatusWordsInAColumnOfWords) {
  const Table table = parse("quality,y\ngood,1\nbad,1\n,1\nnone,1\n");
  EXPECT_THAT(table.columns[0].words, ElementsAre("good", "bad", "none"));
}

TEST(Csv, ReadsInfinitiesAsMissingWithANote) {
  const Table table = parse("x,y\n1,1\ninf,1\n1e999,1\n-Infinity,1\n1e-999,1\n");
  EXPECT_TRUE(std::isnan(table.columns[0].values[1]));
  EXPECT_TRUE(std::isnan(table.columns[0].values[2]));
  EXPECT_TRUE(std::isnan(table.columns[0].values[3]));
  EXPECT_EQ(table.columns[0].values[4], 0);
  ASSERT_NE(note_on(table, "x"), nullptr);
  EXPECT_EQ(note_on(table, "x")->count, 3);
}

TEST(Csv, ReadsSentinelsAsMissingOnlyFarOutsideTheRange) {
  const Table far = parse("x\n1\n5\n-9999\n-999.25\n");
  EXPECT_TRUE(std::isnan(far.columns[0].values[2]));
  EXPECT_TRUE(std::isnan(far.columns[0].values[3]));
  ASSERT_NE(note_on(far, "x"), nullptr);
  EXPECT_EQ(note_on(far, "x")->count, 2);
  EXPECT_EQ(parse("x\n-12000\n5\n-9999\n8000\n").columns[0].values[2], -9999);
  EXPECT_EQ(parse("x\n-990\n-980\n-999\n").columns[0].values[2], -999);
}

TEST(Csv, AcceptsTheUsersMissingMarks) {
  const Table table =
      parse("x,w\n1,a\nkaputt,b\n77.0,KAPUTT\n", {.missing_marks = {"Kaputt", "77"}});
  EXPECT_THAT(table.columns[0].values,
              ElementsAre(1, NanSensitiveDoubleEq(kMissing), NanSensitiveDoubleEq(kMissing)));
  EXPECT_TRUE(std::isnan(table.columns[1].values[2]));
}

TEST(Csv, ReadsTheCommonTimeStamps) {
  for (const char* stamp :
       {"2025-01-02T13:45:30", "2025-01-02 13:45:30", "2025-01-02T13:45:30Z",
        "2025-01-02T15:45:30+02:00", "2025/01/02 13:45:30", "02.01.2025 13:45:30",
        "2.1.2025 13:45:30", "02-Jan-25 13:45:30", "02/01/2025 1:45:30 PM"}) {
    const Table table = parse(std::string("t,y\n") + stamp + ",1\n");
    ASSERT_EQ(table.columns[0].kind, ColumnKind::time) << stamp;
    EXPECT_EQ(table.columns[0].values[0], kNewYear2025 + kDay + 13 * 3600 + 45 * 60 + 30) << stamp;
  }
  EXPECT_EQ(parse("t,y\n2025-01-02 13:45,1\n").columns[0].values[0],
            kNewYear2025 + kDay + 13 * 3600 + 45 * 60);
  EXPECT_EQ(parse("t,y\n2025-01-02,1\n").columns[0].values[0], kNewYear2025 + kDay);
}

TEST(Csv, DecidesTheOrderOfDayAndMonthOverTheColumn) {
  const Table month_first = parse("t,y\n1/2/2025,1\n1/13/2025,1\n");
  EXPECT_EQ(month_first.columns[0].values[0], kNewYear2025 + kDay);
  const Table day_first = parse("t,y\n2/1/2025,1\n13/1/2025,1\n");
  EXPECT_EQ(day_first.columns[0].values[0], kNewYear2025 + kDay);
  EXPECT_TRUE(day_first.notes.empty());
  const Table open = parse("t,y\n2/1/2025,1\n3/1/2025,1\n");
  EXPECT_EQ(open.columns[0].values[0], kNewYear2025 + kDay);
  EXPECT_NE(note_on(open, "t"), nullptr);
}

TEST(Csv, ReadsADayThatDoesNotExistAsMissing) {
  std::string text = "t,y\n2025-02-30,1\n";
  for (int day = 10; day < 20; ++day) text += "2025-02-" + std::to_string(day) + ",1\n";
  const Table table = parse(text);
  EXPECT_TRUE(std::isnan(table.columns[0].values[0]));
  ASSERT_NE(note_on(table, "t"), nullptr);
  EXPECT_TRUE(note_on(table, "t")->unreadable);
}

TEST(Csv, ReadsQuotedCellsWithSeparatorsQuotesAndLineBreaks) {
  const Table table = parse("w,y\n\"a,b\",1\n\"say \"\"hi\"\"\",2\n\"two\nlines\",3\n5\" pipe,4\n");
  EXPECT_THAT(table.columns[0].words, ElementsAre("a,b", "say \"hi\"", "two\nlines", "5\" pipe"));
  EXPECT_THAT(table.columns[1].values, ElementsAre(1, 2, 3, 4));
}

TEST(Csv, RefusesDuplicateNamesNamingBothColumns) {
  EXPECT_THAT(refused("a,b,a\n1,2,3\n"), AllOf(HasSubstr("columns 1 and 3"), HasSubstr("'a'")));
}

TEST(Csv, RefusesRaggedRowsNamingTheFirstLine) {
  EXPECT_THAT(refused("a,b\n1,2\n3\n4,5,6\n"),
              AllOf(HasSubstr("line 3"), HasSubstr("1 field"), HasSubstr("header has 2")));
  EXPECT_THAT(refused("a,b\n\"x\ny\",2\n3,4,5\n"), HasSubstr("line 4"));
}

TEST(Csv, PassesOverTitlesAboveTheTable) {
  for (const char* text : {"Report of unit 7\nExported 2026-01-03\n\nT,q\n1,2\n3,4\n5,6\n",
                           "Report of unit 7,\n,\nT,q\n1,2\n3,4\n5,6\n",
                           "Report; unit 7\r\n\r\nT;q;y\r\n1;2;0\r\n3;4;0\r\n5;6;0\r\n",
                           "Report\n# by hand\nT,q\ndegC,kg/h\n1,2\n3,4\n5,6\n"}) {
    const Table table = parse(text);
    ASSERT_GE(table.columns.size(), 2u) << text;
    EXPECT_EQ(table.columns[0].name, "T") << text;
    EXPECT_THAT(table.columns[1].values, ElementsAre(2, 4, 6)) << text;
    ASSERT_FALSE(table.notes.empty()) << text;
    EXPECT_THAT(table.notes[0].what, HasSubstr("'Report")) << text;
    const std::string_view before(text, std::string_view(text).find("1,2") != std::string::npos
                                            ? std::string_view(text).find("1,2")
                                            : std::string_view(text).find("1;2"));
    EXPECT_EQ(sheet_row(table, 0), 1 + std::count(before.begin(), before.end(), '\n')) << text;
  }
}
TEST(Csv, PassesOverSummariesBelowAColumnOfNames) {
  for (const char* below : {"Mittelwert;;2,5\ngepr\xC3\xBC"
                            "ft: M.;;\n",
                            "Total;6;10\nStd. dev.;1;2\n", "Average;2;3\n;;\n"}) {
    const Table table =
        parse(std::string("Probe;q;y\nS-1;1,5;0\nS-2;2;4\nS-3;3;3\nS-4;2;3\nS-5;1;1\n") + below);
    EXPECT_EQ(table.rows, 5) << below;
    EXPECT_EQ(table.columns[0].words.size(), 5u) << below;
  }
}
TEST(Csv, TakesCategoriesForNoSummaries) {
  // Sorted by a category whose last words could be summaries.
  for (const auto& [before, last] : {std::pair("y", "n"), {"high", "max"}, {"low", "total"}}) {
    std::string text = "mode,q\n";
    for (int row = 0; row < 40; ++row)
      text += std::string(row < 30 ? before : last) + "," + std::to_string(row) + "\n";
    EXPECT_EQ(parse(text).rows, 40) << last;
  }
}
TEST(Csv, TakesNoHeaderForATitle) {
  // Names missing at the end, above numbers or above units; one column; words only.
  EXPECT_THAT(refused("a,b\n1,2,3,4\n1,2,3,4\n1,2,3,4\n1,2,3,4\n"), HasSubstr("header has 2"));
  const Table units = parse("T,,q\ndegC,K,kg/h\n1,2,3\n4,5,6\n7,8,9\n");
  EXPECT_EQ(units.columns[0].name, "T");
  EXPECT_EQ(units.columns[1].unit, "K");
  EXPECT_EQ(parse("a\nx\ny\nz\nw\nv\n").columns.size(), 1u);
  EXPECT_EQ(parse("title\na,b\nx,y\nx,y\nx,y\n").rows, 4);
}
TEST(Csv, PassesOverTotalsAndRemarksBelowTheTable) {
  for (const char* below : {"Average,3,4\nEnd of report\n", "Total,,\n", "End of report\n",
                            "\nprinted by,J. S.,\n", "mean:,3,4\nmax:,5,6", "Mittelwert,3,4\n"}) {
    const Table table = parse(std::string("T,q,y\n1,2,0\n3,4,0\n5,6,0\n7,8,0\n9,1,0\n") + below);
    EXPECT_EQ(table.rows, 5) << below;
    EXPECT_THAT(table.columns[1].values, ElementsAre(2, 4, 6, 8, 1)) << below;
    ASSERT_EQ(table.notes.size(), 1u) << below;
    EXPECT_TRUE(table.notes[0].unreadable) << below;
    EXPECT_THAT(table.notes[0].what, HasSubstr("left out")) << below;
  }
}
TEST(Csv, KeepsLastRowsThatAreRows) {
  // Words in a column of words; a last row cut short; a short row inside the table.
  EXPECT_EQ(parse("name,q\nmin,1\nmean,2\nmax,3\ntotal,4\n").rows, 4);
  EXPECT_EQ(parse("name,q,y\nA,1,2\nB,1,2\nC,1,2\nD,,\n").rows, 4);
  EXPECT_EQ(parse("T,q,y\n1,2,0\n3,4,0\n5,6,0\nBad,,\n").rows, 4);
  EXPECT_THAT(refused("T,q,y\n1,2,0\n3,4,0\n5\n"), HasSubstr("line 4"));
  EXPECT_THAT(refused("T,q,y\n1,2,0\nremark\n3,4,0\n5,6,0\n"), HasSubstr("line 3"));
  EXPECT_THAT(refused("T,q,y\n1,2,0\nremark\n3\n"), HasSubstr("line 3"));
}

TEST(Csv, ReadsNumbersWithTheirUnits) {
  const Table table = parse("T,p,y\n12.5 degC,3 %,1\n-3 degC,4 %,2\nBad,5 %,3\n1e2 degC,,4\n");
  EXPECT_EQ(table.columns[0].kind, ColumnKind::number);
  EXPECT_EQ(table.columns[0].unit, "degC");
  EXPECT_THAT(table.columns[0].values, ElementsAre(12.5, -3, NanSensitiveDoubleEq(kMissing), 100));
  EXPECT_EQ(table.columns[1].unit, "%");
  EXPECT_THAT(note_on(table, "p")->what, HasSubstr("'%'"));
}
TEST(Csv, LearnsTheDecimalMarkFromCellsWithUnits) {
  const Table table =
      parse("T;p;y\n31,3 %;1 bar;2,5 min\n30,1 %;2 bar;3 min\n29 %;3 bar;4,5 min\n");
  EXPECT_THAT(table.columns[0].values, ElementsAre(31.3, 30.1, 29));
  EXPECT_THAT(table.columns[2].values, ElementsAre(2.5, 3, 4.5));
  EXPECT_EQ(table.columns[2].unit, "min");
}
TEST(Csv, LearnsNoDecimalMarkFromNames) {
  std::string text = "name;y\n";
  for (const char* name : {"1,5-pentanediol", "2,4-D", "3,5 mix", "2,4-D", "1,2 mix"})
    text += std::string(name) + ";5.5\n";
  EXPECT_THAT(parse(text).columns[1].values, ElementsAre(5.5, 5.5, 5.5, 5.5, 5.5));
}
TEST(Csv, LeavesNamesThatBeginWithANumberWords) {
  for (const char* text : {"g\n1A\n2A\n3A\n", "g\n1 kg\n2 t\n3 m\n4 s\n", "g\n1-a\n2-b\n3-c\n"})
    EXPECT_EQ(parse(text).columns[0].kind, ColumnKind::text) << text;
}
TEST(Csv, ReadsAKnownColumnOfNumbersWhateverElseItHolds) {
  const char* text = "T,q\nhot,5\n2,<3\ncold,x\n";
  EXPECT_EQ(parse(text).columns[0].kind, ColumnKind::text);
  const Table table = parse(text, {.taught = {.columns = {{.name = "T"}}}});
  EXPECT_THAT(table.columns[0].values,
              ElementsAre(NanSensitiveDoubleEq(kMissing), 2, NanSensitiveDoubleEq(kMissing)));
  EXPECT_THAT(note_on(table, "T")->what, HasSubstr("2 cells"));
  EXPECT_EQ(table.columns[1].kind, ColumnKind::text);
}
TEST(Csv, JoinsADateAndAClockTime) {
  const Table table = parse(
      "Date,Time,q\n2025-01-01,00:30,1\n2025-01-01,1:00 "
      "PM,2\n2025-01-02,,3\n2025-01-02,23:59:30,4\n");
  for (const int column : {0, 1}) {
    EXPECT_EQ(table.columns[static_cast<std::size_t>(column)].kind, ColumnKind::time);
    EXPECT_THAT(table.columns[static_cast<std::size_t>(column)].values,
                ElementsAre(kNewYear2025 + 1800, kNewYear2025 + 13 * 3600,
                            NanSensitiveDoubleEq(kMissing), kNewYear2025 + 2 * kDay - 30));
  }
  EXPECT_THAT(note_on(table, "Date")->what, HasSubstr("'Time'"));
}
TEST(Csv, JoinsNoClockTimeWhereItIsNotClearWhichDayIsMeant) {
  EXPECT_EQ(
      parse("a,b,Time\n2025-01-01,2025-01-02,0:30\n2025-01-02,2025-01-03,0:40\n").columns[2].kind,
      ColumnKind::number);
  EXPECT_EQ(parse("a,shift\n2025-01-01,0:20\n2025-01-02,late\n").columns[1].kind, ColumnKind::text);
}
TEST(Csv, NamesCellsBelowALimit) {
  std::string text = "T,q\n";
  for (int i = 0; i < 20; ++i) text += i == 7 ? "<0.05,1\n" : "1.5,2\n";
  const Table table = parse(text);
  EXPECT_THAT(note_on(table, "T")->advice, HasSubstr("half of it"));
}
TEST(Csv, ReadsAnImpossibleValueAsMissing) {
  std::string text = "T,q,wide\n";
  for (int i = 0; i < 40; ++i)
    text += std::to_string(100 + i) + (i == 7 ? ",1e9," : ",2." + std::to_string(i) + ",") +
            std::to_string(std::pow(10, i / 4)) + "\n";
  const Table table = parse(text);
  EXPECT_TRUE(std::isnan(table.columns[1].values[7]));
  EXPECT_EQ(note_on(table, "q")->row, 7);
  EXPECT_EQ(note_on(table, "T"), nullptr);
  EXPECT_EQ(note_on(table, "wide"), nullptr) << "ten decades, but no gap";
  EXPECT_EQ(table.columns[2].values[39], 1e9);
}

TEST(Csv, RefusesAQuoteThatIsNeverClosed) {
  EXPECT_THAT(refused("a,b\n1,\"2\n3,4\n"), AllOf(HasSubstr("line 2"), HasSubstr("quote")));
}

TEST(Csv, RefusesWhatIsNoTableWithItsOwnMessage) {
  EXPECT_THAT(refused(""), HasSubstr("empty"));
  EXPECT_THAT(refused("\n\n  \n"), HasSubstr("empty"));
  EXPECT_THAT(refused("a,b\n"), HasSubstr("no rows"));
  EXPECT_THAT(refused("1,2\n3,4\n"), HasSubstr("holds numbers"));
  EXPECT_THAT(refused(std::string("a,b\n1,\0\n", 8)), HasSubstr("zero bytes"));
  EXPECT_THAT(refused("a,b\n\x01\x02\x03\x04\x05,1\n"), HasSubstr("control characters"));
}

TEST(Csv, RefusesALineThatIsTooLong) {
  const std::string text = "a,b\n1,2\n" + std::string(3u << 20, '7') + ",1\n";
  EXPECT_THAT(refused(text, {.longest_line = 1u << 20}),
              AllOf(HasSubstr("line 3"), HasSubstr("longer than 1 MB")));
}

TEST(Csv, RefusesMissingFilesAndFoldersWithAHint) {
  EXPECT_THAT(error_of(ErrorKind::bad_data, [] { read_table("/no/such/file.csv"); }),
              HasSubstr("no such file"));
  EXPECT_THAT(error_of(ErrorKind::bad_data, [] { read_table(testing::TempDir()); }),
              HasSubstr("folder"));
}

TEST(Csv, ReadsTagsDescriptionsAndUnitsOfAHistorian) {
  const Table table = parse(
      "TI101,PI102,split\nReactor temperature,Reactor pressure,Split ratio\ndegC,bar,1\n"
      "80,2,0.5\n81,2.5,1\n");
  ASSERT_EQ(table.rows, 2);
  EXPECT_EQ(table.columns[0].name, "TI101");
  EXPECT_EQ(table.columns[0].unit, "degC");
  EXPECT_EQ(table.columns[2].unit, "");
  EXPECT_EQ(sheet_row(table, 0), 4);
  const Table units = parse("T,split\ndegC,1\n80,0.5\n81,1\n");
  EXPECT_EQ(units.rows, 2);
  EXPECT_EQ(units.columns[0].unit, "degC");
  EXPECT_EQ(parse("T,split\n80,1\n81,1\n").rows, 2) << "numbers are data";
}

TEST(Csv, StopsReadingAFileWithAnEndlessLine) {
  const std::string path = testing::TempDir() + "endless_line.csv";
  std::ofstream(path).close();
  std::filesystem::resize_file(path, std::uintmax_t{1} << 30);  // sparse: no disk is used
  const std::clock_t begin = std::clock();  // of this process, whatever else the machine does
  error_of(ErrorKind::bad_data, [&] { read_table(path); });
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  std::filesystem::remove(path);
  EXPECT_LT(seconds, 2) << "the whole gigabyte was read";
}

TEST(Csv, ReadsBackWhatWasWritten) {
  Rng rng(7);
  for (int round = 0; round < 30; ++round) {
    const bool comma = rng.chance(0.5);
    const int rows = 1 + rng.below(30), columns = 1 + rng.below(5);
    std::string text;
    std::vector<std::vector<double>> written(static_cast<std::size_t>(columns));
    for (int c = 0; c < columns; ++c) text += (c > 0 ? ";c" : "c") + std::to_string(c);
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c) {
        const double value = rng.normal() * std::pow(10, rng.below(9) - 4);
        char buffer[40];
        std::snprintf(buffer, sizeof buffer, "%.17g", value);
        std::string cell = buffer;
        if (comma && contains(cell, ".")) cell[cell.find('.')] = ',';
        text += (c > 0 ? ";" : "\n") + cell;
        written[static_cast<std::size_t>(c)].push_back(value);
      }
    const Table table = parse(text);
    for (int c = 0; c < columns; ++c)
      EXPECT_EQ(table.columns.at(static_cast<std::size_t>(c)).values,
                written[static_cast<std::size_t>(c)]);
  }
}

TEST(Table, AppendsRowsByNameAndTranslatesWords) {
  Table table = parse("a,w\n1,red\n2,blue\n");
  append_rows(table, parse("w,a\ngreen,3\nred,4\n"));
  EXPECT_EQ(table.rows, 4);
  EXPECT_THAT(table.columns[0].values, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(table.columns[1].words, ElementsAre("red", "blue", "green"));
  EXPECT_THAT(table.columns[1].values, ElementsAre(0, 1, 2, 0));
}

TEST(Table, AppendsAColumnWithoutValuesToAnyKind) {
  Table table = parse("a,w\n1,red\n2,blue\n");
  append_rows(table, parse("a,w\n3,\n4,\n"));
  EXPECT_EQ(table.columns[1].kind, ColumnKind::text);
  EXPECT_TRUE(std::isnan(table.columns[1].values[3]));
}

TEST(Table, RefusesToAppendOtherColumns) {
  Table table = parse("a,b\n1,2\n");
  EXPECT_THAT(error_of(ErrorKind::bad_data, [&] { append_rows(table, parse("a,c\n1,2\n")); }),
              HasSubstr("'b'"));
  EXPECT_THAT(error_of(ErrorKind::bad_data, [&] { append_rows(table, parse("a,b\nx,2\n")); }),
              HasSubstr("'a'"));
}

}  // namespace
}  // namespace cupel
