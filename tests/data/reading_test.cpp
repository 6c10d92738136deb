// Files are read as the first one was: the decisions are kept, and each cell is read by itself.
#include "cupel/data/reading.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "cupel/base/rng.hpp"
#include "cupel/data/spikes.hpp"
#include "support.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Table first(std::string_view text) { return parse_csv(text, "first.csv"); }
Table later(const Table& known, std::string_view text) {
  return parse_csv(text, "later.csv", {.taught = known.reading});
}
std::string contradicts(const Table& known, std::string_view text) {
  return error_of(ErrorKind::bad_data, [&] { later(known, text); });
}

TEST(Reading, ComesBackFromJson) {
  const Table table = first(
      "t;T [degC];grade;on;q;load\n"
      "13/02/2024 10:00;1.234,5;A;Yes;2 kW;-200\n14/02/2024 10:00;22,5;NA;no;3 W;7\n"
      "15/02/2024 10:00;23,5;B;Y;1 W;-200\n");
  const Json json = to_json(table.reading);
  EXPECT_EQ(to_json(reading_from_json(parse_json(dump_json(json), "reading"))), json);
  EXPECT_EQ(table.reading.find("t")->day_order, DayOrder::day_first);
  EXPECT_TRUE(table.reading.find("on")->yes_no);
}

TEST(Reading, KeepsTheOrderOfDayAndMonth) {
  const Table us = first("time,y\n01/02/2024,1\n01/13/2024,2\n01/14/2024,3\n");
  EXPECT_EQ(later(us, "time\n02/05/2024\n").columns[0].values[0], 1707091200) << "5 February";
  EXPECT_EQ(later(us, "time\n2024-02-05\n").columns[0].values[0], 1707091200);
  EXPECT_THAT(contradicts(us, "time,y\n02/05/2024,1\n13/05/2024,2\n"),
              AllOf(HasSubstr("row 3"), HasSubstr("'time'"), HasSubstr("2024-05-13"),
                    HasSubstr("the month comes first")));
  const Table iso = first("time,y\n2024-01-02,1\n2024-01-13,2\n");
  EXPECT_THAT(contradicts(iso, "time\n02/05/2024\n"),
              AllOf(HasSubstr("2024-05-02"), HasSubstr("2024-02-05")));
}

TEST(Reading, KeepsTheClockOfStamps) {
  const Table local = first("time,y\n2024-01-02T10:00:00+01:00,1\n2024-07-02T10:00:00+02:00,2\n");
  EXPECT_EQ(local.columns[0].offsets_s, (std::vector<double>{3600, 7200}));
  EXPECT_THAT(contradicts(local, "time\n2024-01-02T09:00:00Z\n"), HasSubstr("UTC"));
  const Table utc = first("time,y\n2024-01-02T10:00:00Z,1\n2024-07-02T10:00:00Z,2\n");
  const Table read = later(utc, "time\n2024-01-02T10:00:00+01:00\n");
  EXPECT_EQ(read.columns[0].values[0], utc.columns[0].values[0] - 3600);
  EXPECT_EQ(read.columns[0].offsets_s.at(0), 0);
}

TEST(Reading, TakesAnotherDecimalMarkWhereOneReadingIsLeft) {
  const Table known = first("p,y\n5.5,1\n6.25,2\n7.5,3\n");
  EXPECT_EQ(later(known, "p;y\n5,5;1\n").columns[0].values[0], 5.5);
  EXPECT_EQ(later(known, "p;y\n5,512;1\n").columns[0].values[0], 5.512) << "5512 is far outside";
  EXPECT_EQ(later(known, "p;y\n1.234.567,5;1\n").columns[0].values[0], 1234567.5);
  const Table wide = first("p,y\n1.5,1\n9000.5,2\n75.5,3\n");
  EXPECT_THAT(contradicts(wide, "p;y\n1,512;1\n"),
              AllOf(HasSubstr("row 2"), HasSubstr("1512"), HasSubstr("1.512")));
}

TEST(Reading, LeavesFillsThatOtherColumnsToldOutOfTheRange) {
  std::string text = "a,b,wide\n";
  for (int k = 0; k < 60; ++k)
    text += k % 20 == 7 ? "-200,-200,-200\n"
                        : fmt::format("{}.5,{}.25,{}\n", k, 100 + k, -190.5 + 20 * k);
  const Table table = first(text);
  EXPECT_TRUE(std::isnan(table.columns[2].values[7]));
  EXPECT_EQ(table.reading.find("wide")->low, -190.5);
}

TEST(Reading, RefusesAnotherUnit) {
  const Table known = first("q,y\n5 kW,1\n6 kW,2\n7 kW,3\n");
  EXPECT_EQ(later(known, "q\n5500 W\n").columns[0].values[0], 5.5);
  EXPECT_THAT(contradicts(known, "q\n5 bar\n"), AllOf(HasSubstr("'bar'"), HasSubstr("'kW'")));
  const Table percent = first("m,y\n12.5 %,1\n13 %,2\n14 %,3\n");
  EXPECT_THAT(contradicts(percent, "m\n0.125\n"), HasSubstr("'%'"));
}

TEST(Reading, KnowsWordsThatLookLikeNumbers) {
  const Table known = first("grade,y\n10,1\n20,2\n10X,3\n20X,4\n10,5\n30,6\n");
  const Table read = later(known, "grade,y\n10,1\n30.0,2\n40,3\n");
  EXPECT_EQ(read.columns[0].kind, ColumnKind::text);
  EXPECT_THAT(read.columns[0].words, ElementsAre("10", "30", "40"));
}

TEST(Reading, KnowsYesAndNoInAnySpelling) {
  const Table known = first("on,y\nTRUE,1\nFALSE,2\nTRUE,3\n");
  const Table read = later(known, "on,y\nwahr,1\nno,2\n1,3\noff,4\n");
  EXPECT_THAT(read.columns[0].words, ElementsAre("TRUE", "FALSE"));
  EXPECT_THAT(read.columns[0].values, ElementsAre(0, 1, 0, 1));
}

TEST(Reading, TakesWordsSpelledLikeMarksForWords) {
  const Table salt = first("cation,y\nK,1\nNa,2\nLi,3\nNa,4\n");
  EXPECT_THAT(salt.columns[0].words, ElementsAre("K", "Na", "Li"));
  EXPECT_EQ(later(salt, "cation\nNa\n").columns[0].words.at(0), "Na");
  EXPECT_THAT(first("region,y\nEU,1\nNA,2\nAPAC,3\n").columns[0].words,
              ElementsAre("EU", "NA", "APAC"));
  const Table missing = first("kind,y\nlong word,1\nNA,2\nother,3\n,4\n");
  EXPECT_TRUE(std::isnan(missing.columns[0].values[1]));
  EXPECT_THAT(missing.notes.at(0).what, HasSubstr("'NA'"));
}

TEST(Reading, TellsDurationsAndRatiosFromClocks) {
  std::string text = "date,batch_time,acid,y\n";
  for (int day = 10; day < 28; ++day)
    text += fmt::format("2024-01-{},{}:{:02}:00,1:{},{}\n", day, day % 5, day * 7 % 60,
                        10 + 5 * (day % 3), day);
  const Table table = first(text);
  EXPECT_EQ(column_of(table, "batch_time").kind, ColumnKind::number);
  EXPECT_EQ(column_of(table, "batch_time").values[1], 77);
  EXPECT_EQ(column_of(table, "batch_time").unit, "min");
  EXPECT_EQ(column_of(table, "acid").kind, ColumnKind::text);
}

TEST(Reading, MakesTheMinutesBetweenStartAndStop) {
  const char* text = "date,start,stop,y\n2024-01-10,23:00,01:30,1\n2024-01-11,08:00,09:00,2\n";
  const Table table = first(text);
  EXPECT_THAT(column_of(table, "start_to_stop").values, ElementsAre(150, 60));
  EXPECT_EQ(column_of(table, "date").values[0], 1704844800 + 23 * 3600);
  EXPECT_THAT(column_of(table, "start").values, ElementsAre(23 * 60, 8 * 60));
  EXPECT_THAT(column_of(later(table, text), "start_to_stop").values, ElementsAre(150, 60));
}

TEST(Reading, TakesFewRepeatedShortDatesForNames) {
  std::string text = "grade,y\n";
  for (int k = 0; k < 60; ++k)
    text +=
        fmt::format("{},{}\n", (const char*[]){"12-12-17", "10-12-24", "08-11-20"}[k * 7 % 3], k);
  EXPECT_EQ(first(text).columns[0].kind, ColumnKind::text);
}

TEST(Reading, KeepsSpikesThatTheTargetFollows) {
  std::string text = "flare,slip,y\n";
  for (int k = 0; k < 400; ++k) {
    const bool burns = k == 50 || k == 250;
    text += fmt::format("{},{},{}\n", burns ? 60.5 + k : 0.001 * (k % 13), k == 99 ? 7.7e8 : k % 17,
                        burns ? 150.0 + k : 20 + k % 7);
  }
  Table table = first(text);
  drop_spikes(table, {2});
  EXPECT_EQ(table.columns[0].values[50], 110.5);
  EXPECT_EQ(table.columns[2].values[250], 400);
  EXPECT_TRUE(std::isnan(table.columns[1].values[99]));
}

TEST(Reading, TakesNoDataForALineOfUnits) {
  const Table data =
      first("line,supplier,q\nA,north,<0.05\nB,south,0.15\nA,north,0.14\nB,south,2\n");
  EXPECT_EQ(data.rows, 4);
  const Table units = first("line,supplier,q\n,,mg/l\nB,south,0.15\nA,north,0.14\nB,south,2\n");
  EXPECT_EQ(units.rows, 3);
  EXPECT_EQ(units.columns[2].unit, "mg/l");
}

TEST(Reading, ReadsUnitsInSomeCellsByTheirSize) {
  const Table power = first("power,y\n663,1\n775,2\n2.08 K,3\n1.02 K,4\n900,5\n");
  EXPECT_THAT(power.columns[0].values, ElementsAre(663, 775, 2080, 1020, 900));
  const Table moist = first("moist,y\n0.048,1\n29.0 %,2\n9.1 %,3\n0.31,4\n");
  EXPECT_THAT(moist.columns[0].values, ElementsAre(0.048, 0.29, 0.091, 0.31));
  EXPECT_THAT(error_of(ErrorKind::bad_data,
                       [] { first("m,y\n5000,1\n29.5 kg,2\n9.1 kg,3\n7000,4\n31.5 kg,5\n"); }),
              AllOf(HasSubstr("'kg'"), HasSubstr("row 3"), HasSubstr("row 2")));
}

TEST(Reading, ReadsStatusTextsAndLimitsAtAnyShare) {
  std::string text = "T,q,y\n";
  for (int k = 0; k < 60; ++k)
    text += fmt::format("{},{},{}\n",
                        k % 3 == 0 ? "No Good Data For Calculation" : fmt::format("{}.5", 40 + k),
                        k % 2 == 0 ? "<0.05" : fmt::format("0.{}", 100 + k), k);
  const Table table = first(text);
  EXPECT_EQ(table.columns[0].kind, ColumnKind::number);
  EXPECT_EQ(table.columns[1].kind, ColumnKind::number);
  EXPECT_TRUE(std::isnan(table.columns[1].values[0]));
}

/// A row's cells as the reader gives them, whatever stands around it.
std::string line_of(const Table& table, int row) {
  std::string line;
  for (const Column& column : table.columns) {
    const double value = column.values[static_cast<std::size_t>(row)];
    line += std::isnan(value)                 ? "missing|"
            : column.kind == ColumnKind::text ? column.words[static_cast<std::size_t>(value)] + "|"
                                              : fmt::format("{}|", value);
  }
  return line;
}

TEST(Reading, OfARowDoesNotDependOnTheRowsAroundIt) {
  const std::string header = "time,T,grade,on,power,dose\n";
  std::vector<std::string> rows;
  for (int k = 0; k < 300; ++k)
    rows.push_back(
        fmt::format("{:02}/{:02}/2024 {:02}:00,{},{},{},{},{}\n", 1 + k / 28 % 12, 1 + k % 28,
                    k % 24, k % 50 == 7 ? "-200" : fmt::format("{}", 20 + k % 37 * 0.25),
                    (const char*[]){"10", "20", "10X", "Na"}[k % 4], k % 2 == 0 ? "yes" : "no",
                    k % 3 == 0 ? fmt::format("{}.5 K", 1 + k % 7) : fmt::format("{}", 500 + k),
                    k % 60 == 11 ? "1E+20" : fmt::format("{}", k % 90 * 0.5)));
  std::string all = header;
  for (const std::string& row : rows) all += row;
  const Table known = first(all);
  // Rows as hard to read as any, none of them like the training rows.
  std::vector<std::string> hard = {
      "02/05/2024 00:00,5000,20,YES,900,0\n", "02/05/2024 00:00,-200,10,n,1.5 K,9999\n",
      "03/04/2024 00:00,20.001,Na,1,900,1E+20\n", "12/11/2024 10:00,,30,off,2.5 K,\n"};
  std::string others;
  for (int k = 0; k < 1000; ++k)
    others += fmt::format("02/05/2024 00:00,{},10,yes,{},{}\n", 20 + 0.001 * (k % 3), 900 + k % 2,
                          5 + 0.001 * (k % 2));
  for (const std::string& row : hard) {
    const std::string alone = line_of(later(known, header + row), 0);
    EXPECT_EQ(line_of(later(known, header + others + row), 1000), alone);
    EXPECT_EQ(line_of(later(known, header + row + others), 0), alone);
  }
  std::vector<int> order(rows.size());
  std::iota(order.begin(), order.end(), 0);
  Rng rng(7);
  std::string shuffled = header;
  for (std::size_t k = order.size(); k > 1; --k)
    std::swap(order[k - 1], order[static_cast<std::size_t>(rng.uniform() * double(k))]);
  for (const int row : order) shuffled += rows[static_cast<std::size_t>(row)];
  const Table turned = later(known, shuffled);
  for (std::size_t k = 0; k < order.size(); ++k)
    EXPECT_EQ(line_of(turned, static_cast<int>(k)), line_of(known, order[k])) << k;
}

/// How a country writes a table.
struct Nation {
  const char* name;
  char separator, decimal;
  const char* grouping;
  const char* minus;
  const char* date;  ///< of day, month and year
  bool latin1 = false;
};

std::string in_groups(long whole, const std::string& mark) {
  std::string digits = std::to_string(whole);
  for (auto at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), mark);
  return digits;
}

std::string written(const Nation& nation, double value) {
  const long hundredths = std::lround(std::abs(value) * 100);
  return fmt::format("{}{}{}{:02}", value < 0 ? nation.minus : "",
                     in_groups(hundredths / 100, nation.grouping), nation.decimal,
                     hundredths % 100);
}

TEST(Reading, IsTheSameInTenNationalSpellings) {
  const std::vector<Nation> nations = {
      {"US", ',', '.', "", "-", "{1:02}/{0:02}/{2}"},
      {"US tabs", '\t', '.', ",", "-", "{1}/{0}/{2}"},
      {"Germany", ';', ',', ".", "-", "{0:02}.{1:02}.{2}", true},
      {"France", ';', ',', "\xE2\x80\xAF", "\xE2\x88\x92", "{0:02}/{1:02}/{2}"},
      {"Switzerland", ';', '.', "'", "-", "{0:02}.{1:02}.{2}"},
      {"Sweden", ';', ',', "\xC2\xA0", "\xE2\x88\x92", "{2}-{1:02}-{0:02}"},
      {"Spain", ';', ',', ".", "-", "{0}/{1}/{2}", true},
      {"Britain", ';', '.', ",", "\xE2\x80\x93", "{0:02}/{1:02}/{2}"},
      {"Japan", '\t', '.', ",", "-", "{2}/{1:02}/{0:02}"},
      {"Poland", ';', ',', " ", "-", "{0:02}.{1:02}.{2}"}};
  std::vector<double> temperatures, flows;
  for (const Nation& nation : nations) {
    std::string text = fmt::format(
        "Datum{0}d\xC3\xA9"
        "bit{0}temp\n",
        nation.separator);
    for (int k = 0; k < 40; ++k)
      text += fmt::format("{1}{0}{2}{0}{3}\n", nation.separator,
                          fmt::format(fmt::runtime(nation.date), 1 + k % 28, 1 + k / 28, 2024),
                          written(nation, 950.25 + 61.5 * k), written(nation, -12.5 + k));
    if (nation.latin1)
      for (std::size_t at = text.find('\xC3'); at != std::string::npos; at = text.find('\xC3'))
        text.replace(at, 2, "\xE9");
    const Table table = first(text);
    ASSERT_EQ(table.columns.size(), 3u) << nation.name;
    EXPECT_EQ(table.columns[1].name,
              "d\xC3\xA9"
              "bit")
        << nation.name;
    EXPECT_EQ(table.columns[0].kind, ColumnKind::time) << nation.name;
    for (int k = 0; k < 40; ++k) {
      const auto row = static_cast<std::size_t>(k);
      EXPECT_EQ(table.columns[0].values[row], 1704067200 + 86400.0 * (k < 28 ? k : k + 3))
          << nation.name << k;
      EXPECT_DOUBLE_EQ(table.columns[1].values[row], 950.25 + 61.5 * k) << nation.name << k;
      EXPECT_DOUBLE_EQ(table.columns[2].values[row], -12.5 + k) << nation.name << k;
    }
  }
}

}  // namespace
}  // namespace cupel
