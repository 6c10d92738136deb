// Text that is no CSV: columns apart by blanks, .arff, and what is packed with gzip. The published
// files, where they are.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <zlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cupel/data/read_table.hpp"
#include "support.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

Table parse(std::string_view bytes, const ReadOptions& options = {}) {
  return parse_table(bytes, "plant.txt", options);
}
std::string refused(std::string_view bytes) {
  return error_of(ErrorKind::bad_data, [&] { parse(bytes); });
}
Table sample(const std::string& name) {
  return read_table(test::source_path("tests/data/tables/" + name));
}
std::string notes_of(const Table& table) {
  std::string text;
  for (const ReadNote& note : table.notes) text += note.what + '\n';
  return text;
}
std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  return names;
}
int missing(const Table& table) {
  int count = 0;
  for (const Column& column : table.columns)
    for (const double value : column.values) count += std::isnan(value);
  return count;
}
std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
std::string gzipped(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST(Blanks, PartColumnsOfAnyWidthAndLinesThatEndWithBlanks) {
  const Table table = parse("  T     p\n 80.5   2  \r\n 81     2.25 \n\n 82  3\n 9 4\n");
  EXPECT_THAT(names_of(table), ElementsAre("T", "p"));
  EXPECT_THAT(table.columns[1].values, ElementsAre(2, 2.25, 3, 4));
  EXPECT_EQ(sheet_row(table, 2), 5);
  EXPECT_THAT(notes_of(table), HasSubstr("apart by blanks"));
}

TEST(Blanks, ReadTablesBelowProseAndARuler) {
  const Table table = sample("blanks.dat");
  EXPECT_THAT(names_of(table), ElementsAre("Y", "Z1", "Z2", "ORDER", "PATTERN"));
  ASSERT_EQ(table.rows, 6);
  EXPECT_THAT(table.columns[0].values, ElementsAre(28, 35, 8.25, 28.25, 33.5, 84));
  EXPECT_EQ(table.columns[4].kind, ColumnKind::text);
  EXPECT_EQ(sheet_row(table, 0), 12);
  EXPECT_THAT(notes_of(table), HasSubstr("begins in line 10"));
}

TEST(Blanks, ReadNamelessTablesWithATabAndQuotedNames) {
  const Table table = sample("nameless.data");
  ASSERT_EQ(table.rows, 4);
  ASSERT_THAT(table.columns, SizeIs(8));
  EXPECT_EQ(missing(table), 1);
  EXPECT_EQ(table.columns[4].values[0], 3504);
  EXPECT_EQ(table.columns[7].words[2], "maker c three");
}

TEST(Blanks, ReadNamesBehindAMarkAndUnitsBelowThem) {
  const Table table = parse("# T p\n# degC bar\n1 2\n2 3\n3 5\n4 5\n");
  EXPECT_THAT(names_of(table), ElementsAre("T", "p"));
  EXPECT_EQ(table.columns[0].unit, "degC");
  EXPECT_EQ(table.rows, 4);
}

TEST(Blanks, ReadDecimalCommas) {
  const Table table = parse("T p q\n1,5 2,25 3\n2,5 3,25 4\n3,5 1,25 4\n4,5 1,75 4\n");
  EXPECT_THAT(table.columns.at(1).values, ElementsAre(2.25, 3.25, 1.25, 1.75));
}

TEST(Blanks, AreContentWhereSomethingElsePartsColumns) {
  EXPECT_THAT(parse("a, b, c\n1, 2, 3\n2, 3, 4\n3, 4, 5\n4, 5, 6\n").columns, SizeIs(3));
  EXPECT_THAT(parse("a\tb\n12.5 kg\t3 bar\n13 kg\t4 bar\n14.5 kg\t4 bar\n12 kg\t4 bar\n").columns,
              SizeIs(2));
  EXPECT_THAT(parse("mass [kg]\n12.5 kg\n13 kg\n14.5 kg\n15 kg\n").columns, SizeIs(1));
  EXPECT_THAT(parse("time\n2024-01-01 10:00\n2024-01-01 11:00\n2024-01-01 12:00\n"
                    "2024-01-01 13:00\n")
                  .columns,
              SizeIs(1));
  EXPECT_THAT(parse("note\nhello world\nfoo bar\nred green\nblue white\n").columns, SizeIs(1));
}

TEST(Blanks, NameTheLineOfAnotherWidth) {
  EXPECT_THAT(refused("T p\n1 2\n2 3\n3 4\n4 5\n5\n6 7\n7 8\n8 9\n"),
              AllOf(HasSubstr("line 6"), HasSubstr("separated by blanks")));
}

TEST(Arff, KeepsTheKindsOfItsAttributes) {
  const Table table = sample("coils.arff");
  ASSERT_EQ(table.rows, 4);
  EXPECT_THAT(names_of(table), ElementsAre("grade", "T", "note", "day", "ok"));
  EXPECT_THAT(table.columns[0].words, ElementsAre("1", "2", "3 a", "NA"));
  EXPECT_EQ(table.columns[1].unit, "degC");
  EXPECT_EQ(table.columns[1].values[3], 1000);
  EXPECT_THAT(table.columns[2].words, ElementsAre("a, b", "it's", "none"));
  EXPECT_EQ(table.columns[3].kind, ColumnKind::time);
  EXPECT_EQ(missing(table), 3);
  EXPECT_EQ(sheet_row(table, 0), 12);
  EXPECT_EQ(sheet_row(table, 1), 14);
}

TEST(Arff, ReadsSparseRows) {
  const Table table = parse(
      "@relation r\n@attribute a numeric\n@attribute b {x,y}\n@attribute c real\n@data\n"
      "{0 5, 1 y}\n{2 1.5}\n{}\n");
  EXPECT_THAT(table.columns[0].values, ElementsAre(5, 0, 0));
  EXPECT_THAT(table.columns[1].words, ElementsAre("y", "x"));
  EXPECT_THAT(table.columns[2].values, ElementsAre(0, 1.5, 0));
}

TEST(Arff, NamesLinesThatAreWrong) {
  const std::string head = "@relation r\n@attribute a numeric\n@attribute b numeric\n@data\n";
  EXPECT_THAT(refused(head + "1,2\n1\n"), AllOf(HasSubstr("line 6"), HasSubstr("1 values for 2")));
  EXPECT_THAT(refused(head + "{7 1}\n"), HasSubstr("no attribute 7"));
  EXPECT_THAT(refused("@relation r\n@attribute a relational\n@data\n1\n"),
              AllOf(HasSubstr("line 2"), HasSubstr("relational")));
  EXPECT_THAT(refused("@relation r\n@attribute a numeric\n"), HasSubstr("@data"));
}

TEST(Gzip, HoldsAnyOtherKind) {
  EXPECT_THAT(parse(gzipped("a,b\n1,2\n3,4\n")).columns.at(1).values, ElementsAre(2, 4));
  EXPECT_THAT(parse(gzipped("a,b\n1,2\n") + gzipped("3,4\n")).columns.at(1).values,
              ElementsAre(2, 4));
  EXPECT_EQ(parse(gzipped(bytes_of(test::source_path("tests/data/tables/report.xlsx")))).rows, 8);
  EXPECT_EQ(parse(gzipped(bytes_of(test::source_path("tests/data/tables/coils.arff")))).rows, 4);
  EXPECT_THAT(refused(gzipped(std::string(257, 'a') + std::string("ustar\0\0", 7))),
              HasSubstr("tar archive"));
  EXPECT_THAT(refused(gzipped(gzipped("a\n1\n"))), HasSubstr("twice"));
}

TEST(Gzip, NamesDamageAndLinesWithoutEnd) {
  std::string packed = gzipped("a,b\n" + std::string(5000, '1') + ",2\n");
  EXPECT_THAT(refused(packed.substr(0, packed.size() - 9)), HasSubstr("ends too early"));
  packed[packed.size() - 6] ^= 1;
  EXPECT_THAT(refused(packed), HasSubstr("damaged"));
  EXPECT_THAT(refused("\x1F\x8B"), HasSubstr("gzip"));
  EXPECT_THAT(refused(gzipped(std::string(20u << 20, '0'))), HasSubstr("longer than 16 MB"));
}

/// The published file, or a visible skip.
#define PUBLISHED(path, name)                              \
  const std::string path = test::shared_data("raw/" name); \
  if (path.empty()) GTEST_SKIP() << "the published file is not here: " << (name)

TEST(Published, EnergyEfficiencyIsReadFromItsFirstSheet) {
  PUBLISHED(path, "ENB2012_data.xlsx");
  const Table table = read_table(path);
  EXPECT_EQ(table.rows, 768);
  EXPECT_THAT(table.columns, SizeIs(10));
  EXPECT_EQ(missing(table), 0);
  EXPECT_EQ(column_of(table, "Y1").values[0], 15.55);
}

TEST(Published, ResidentialBuildingsAreReadFromEitherSheet) {
  PUBLISHED(path, "Residential-Building-Data-Set.xlsx");
  const Table table = read_table(path);
  EXPECT_EQ(table.rows, 372);
  EXPECT_THAT(table.columns, SizeIs(10));
  EXPECT_EQ(column_of(table, "V-4").values[0], 598.5);
  EXPECT_GE(read_table(path, {.sheet = "Descriptions"}).rows, 25);
}

TEST(Published, AutoMpgIsReadWithoutNames) {
  PUBLISHED(path, "auto-mpg.data");
  const Table table = read_table(path);
  EXPECT_EQ(table.rows, 398);
  EXPECT_THAT(table.columns, SizeIs(9));
  EXPECT_EQ(missing(table), 6);
  EXPECT_EQ(table.columns[8].kind, ColumnKind::text);
}

TEST(Published, AutosKeepTheirKinds) {
  PUBLISHED(path, "autos.arff");
  const Table table = read_table(path);
  EXPECT_EQ(table.rows, 205);
  EXPECT_THAT(table.columns, SizeIs(26));
  EXPECT_EQ(missing(table), 59);
  EXPECT_EQ(column_of(table, "symboling").kind, ColumnKind::text);
}

TEST(Published, TurbofansAreReadWithoutNames) {
  PUBLISHED(path, "train_FD001_units1to30.txt");
  const Table table = read_table(path);
  EXPECT_EQ(table.rows, 5987);
  EXPECT_THAT(table.columns, SizeIs(26));
  EXPECT_EQ(missing(table), 0);
}

TEST(Published, TheCatapultIsReadBelowItsProse) {
  PUBLISHED(path, "CATAPULT.DAT");
  const Table table = read_table(path);
  EXPECT_EQ(table.rows, 20);
  EXPECT_THAT(names_of(table), ElementsAre("Y", "Z1", "Z2", "Z3", "Z4", "Z5", "X1", "X2", "X3",
                                           "X4", "X5", "SEQ", "POINT", "PATTERN"));
  EXPECT_EQ(table.columns[13].kind, ColumnKind::text);
  EXPECT_EQ(missing(table), 0);
}

TEST(Published, AirQualityKeepsItsRowsPlainAndPacked) {
  PUBLISHED(path, "AirQualityUCI.csv");
  const std::string bytes = bytes_of(path);
  for (const std::string& one : {bytes, gzipped(bytes)}) {
    const Table table = parse(one);
    EXPECT_EQ(table.rows, 9357);
    EXPECT_THAT(table.columns, SizeIs(15));
  }
}

}  // namespace
}  // namespace cupel
