// Situations that people met with tables and programs, each with what is right. The tables are made
// up and stand in tests/cases.
#include <gmock/gmock.h>

#include <map>
#include <sstream>

#include "cupel_folder.hpp"

namespace cupel {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string case_file(const std::string& name) { return test::source_path("tests/cases/" + name); }

/// One line of what predict prints: value, bounds, valid.
struct Row {
  double value = 0, lower = 0, upper = 0;
  std::string valid, reason;
};

Row row_of(const std::string& line) {
  std::istringstream text(line);
  std::string cell;
  std::vector<std::string> cells;
  while (std::getline(text, cell, ',')) cells.push_back(cell);
  cells.resize(6);
  const auto number = [](const std::string& one) { return one.empty() ? NAN : std::stod(one); };
  return {number(cells[1]), number(cells[2]), number(cells[3]), cells[4], cells[5]};
}

std::vector<Row> rows_of(const std::string& out) {
  std::istringstream text(out);
  std::string line;
  std::vector<Row> rows;
  std::getline(text, line);
  while (std::getline(text, line)) rows.push_back(row_of(line));
  return rows;
}

class Cases : public testing::Test {
 protected:
  std::string check(const std::string& file, const std::string& target) const {
    return folder.result_of({"check", case_file(file), "--target", target});
  }
  void design(const std::string& file, const std::string& target,
              const Arguments& more = {}) const {
    const ProgramResult result =
        folder.run(Arguments{"design", case_file(file), "--target", target, "--trials", "12",
                             "--seed", "1", "--output", "m", "--quiet"} +
                   more);
    ASSERT_EQ(result.code, 0) << result.err;
  }
  std::vector<Row> predict(const std::string& file) const {
    return rows_of(folder.result_of({"predict", "m.model", case_file(file)}));
  }
  std::vector<Row> predict_text(const std::string& text) const {
    folder.write("new.csv", text);
    return rows_of(folder.result_of({"predict", "m.model", "new.csv"}));
  }

  CupelFolder folder;
};

/// y = 10 p + 0.5 T: a row of p = 5.5 is 135, whatever other rows stand in the file.
TEST_F(Cases, APredictionDoesNotDependOnOtherRows) {
  design("batch-dependent-prediction/setp.csv", "y");
  const Row last = predict("batch-dependent-prediction/setp_new.csv").back();
  const Row alone = predict_text("p_bar,T\n5.5,160.00\n").at(0);
  EXPECT_EQ(last.value, alone.value);
  EXPECT_EQ(last.lower, alone.lower);
  EXPECT_EQ(last.valid, "1");
  EXPECT_NEAR(last.value, 135, 0.6);
  const ProgramResult point = folder.run(
      {"optimize", "m.model", "--maximize", "y", "--current", "p_bar=5", "--from",
       case_file("batch-dependent-prediction/setp_new.csv"), "--row", "25", "--move", "p_bar=0.2"});
  EXPECT_THAT(point.err, Not(HasSubstr("is missing")));
}

/// y = 30 + {Na 0, K 12, Li -9, Ca 25} + 0.2 T.
TEST_F(Cases, ACationIsAWord) {
  design("cation-Na/sodium.csv", "solubility");
  const std::vector<Row> rows = predict("cation-Na/sodium_new.csv");
  const std::vector<double> truth = {40, 52, 31, 65};
  for (std::size_t k = 0; k < truth.size(); ++k) EXPECT_NEAR(rows.at(k).value, truth[k], 0.6) << k;
}

/// y = 20 + 0.15 minutes + 0.2 (T - 75).
TEST_F(Cases, ADurationIsNoClockTimeAndARatioIsNoTime) {
  EXPECT_THAT(check("duration-as-clock/duration.csv", "conversion"),
              testing::ContainsRegex("batch_time +min +input +number"));
  EXPECT_THAT(check("duration-as-clock/ratio.csv", "y"),
              testing::ContainsRegex("acid_ratio +input +text"));
  design("duration-as-clock/duration.csv", "conversion");
  EXPECT_NEAR(predict_text("batch_time,T\n2:00:00,75\n").at(0).value, 38, 1);
}

TEST_F(Cases, FillValuesAreMissing) {
  EXPECT_THAT(check("fill-values-9999-1e20/s9999.csv", "y"),
              AllOf(HasSubstr("9 cells hold 9999"), HasSubstr("9 missing")));
  EXPECT_THAT(check("fill-values-9999-1e20/s1e20.csv", "y"), HasSubstr("hold 1e+20"));
  design("fill-values-9999-1e20/s9999.csv", "y");
  EXPECT_EQ(predict_text("T,z\n9999,5\n").at(0).valid, "0");
  EXPECT_NEAR(predict_text("T,z\n100,5\n").at(0).value, 205, 2);
}

TEST_F(Cases, AFirstRowOfDataIsNoLineOfUnits) {
  EXPECT_THAT(check("first-row-as-units/firstrow.csv", "residue_ppm"),
              AllOf(HasSubstr("200 rows"), testing::ContainsRegex("line +input +text")));
}

/// y(t) = 5 x(t - 3 h), and one reading is lost on a Sunday of autumn: a gap, for stamps in UTC.
TEST_F(Cases, AGapOfStampsInUtcIsNoChangeOfTheClock) {
  const Arguments windows = {"--recipe", "namdm", "--window", "4", "--families", "linear"};
  design("gap-taken-for-clock-change/missz.csv", "y", windows);
  const std::vector<Row> rows = predict("gap-taken-for-clock-change/mz.csv");
  for (const std::size_t line : {29u, 30u, 31u}) EXPECT_TRUE(std::isnan(rows.at(line - 2).value));
  const ProgramResult twice =
      folder.run({"check", case_file("gap-taken-for-clock-change/dupz.csv"), "--target", "y"});
  EXPECT_THAT(twice.out + twice.err, Not(HasSubstr("clock goes")));
}

/// y = 0.05 power + 2 z; y = 300 moist + 0.2 T.
TEST_F(Cases, UnitsInSomeCellsAreReadByTheirSize) {
  design("mixed-unit-cells/grafana.csv", "y");
  EXPECT_NEAR(predict("mixed-unit-cells/gn.csv").at(0).value, 55, 2.5);
  EXPECT_NEAR(predict("mixed-unit-cells/gn.csv").at(1).value, 85, 2.5);
  CupelFolder other;
  const ProgramResult made =
      other.run({"design", case_file("mixed-unit-cells/percent.csv"), "--target", "y", "--trials",
                 "12", "--output", "m", "--quiet"});
  ASSERT_EQ(made.code, 0) << made.err;
  const auto rows =
      rows_of(other.result_of({"predict", "m.model", case_file("mixed-unit-cells/pn.csv")}));
  EXPECT_EQ(rows.at(0).value, rows.at(1).value);
  const ProgramResult again =
      other.run({"predict", "m.model", case_file("mixed-unit-cells/percent.csv")});
  EXPECT_THAT(again.out, Not(HasSubstr("missing: moist")));
}

TEST_F(Cases, AGradeOfFertilizerIsNoDate) {
  for (const char* file : {"npk.csv", "npk2.csv"})
    EXPECT_THAT(check(std::string("npk-grade-as-date/") + file, "hardness_N"),
                testing::ContainsRegex("grade +input +text"));
}

TEST_F(Cases, WordsThatLookLikeNumbersStayWords) {
  design("numeric-looking-words/grade.csv", "y");
  const std::vector<double> truth = {40, 48, 37};
  for (const char* file : {"grade_new.csv", "grade_new2.csv"}) {
    const std::vector<Row> rows = predict(std::string("numeric-looking-words/") + file);
    EXPECT_NEAR(rows.at(0).value, truth[0], 0.7) << file;
    EXPECT_NEAR(rows.at(2).value, truth[2], 0.7) << file;
  }
  EXPECT_NEAR(predict("numeric-looking-words/grade_new.csv").at(1).value, truth[1], 0.7);
}

TEST_F(Cases, LimitsAndStatusTextsLeaveAColumnNumbers) {
  EXPECT_THAT(check("over-a-fifth-not-numbers/censored.csv", "y"),
              AllOf(testing::ContainsRegex("impurity +input +number"), HasSubstr("<0.05")));
  EXPECT_THAT(check("over-a-fifth-not-numbers/censored.csv", "impurity"),
              testing::ContainsRegex("impurity +target +number"));
  EXPECT_THAT(check("over-a-fifth-not-numbers/pistate.csv", "y"),
              AllOf(testing::ContainsRegex("T +input +number"), HasSubstr("No Good Data")));
}

/// co2 = 2 flare + 0.3 T, with four flares in 1000 rows.
TEST_F(Cases, AnEventThatTheTargetFollowsIsData) {
  EXPECT_THAT(check("rare-events-deleted/flare.csv", "co2"), Not(HasSubstr("read as missing")));
  design("rare-events-deleted/flare.csv", "co2");
  const Row flare = predict("rare-events-deleted/fn.csv").at(0);
  EXPECT_TRUE(flare.valid == "0" || std::abs(flare.value - 135) < 10) << flare.value;
}

TEST_F(Cases, StampsOfManyKindsAreTimes) {
  for (const auto& [file, name] : std::map<std::string, std::string>{
           {"utc", "time"}, {"esmx", "time"}, {"german", "Datum"}, {"compact", "stamp"}})
    EXPECT_THAT(check("time-stamps-lost/" + file + ".csv", "y"),
                testing::ContainsRegex(name + " +time +time"));
}

/// 500 + 100 cos(2 pi day / 365.25) - 80 on weekends + 2 T, months first.
TEST_F(Cases, DatesAreReadInTheOrderOfTheModel) {
  design("us-dates-predict/usdates.csv", "load_kW", {"--calendar", "yes"});
  const std::vector<Row> rows = predict("us-dates-predict/usdates_new.csv");
  const std::vector<Row> iso = predict("us-dates-predict/usdates_new_iso.csv");
  for (std::size_t k = 0; k < rows.size(); ++k) {
    EXPECT_EQ(rows[k].value, iso.at(k).value) << k;
    EXPECT_NEAR(rows[k].value, 601, 12) << k;
  }
  const ProgramResult against = folder.run({"predict", "m.model", "against.csv"});
  folder.write("against.csv", "time,T\n02/05/2024 00:00,10\n13/05/2024 00:00,10\n");
  const ProgramResult refused = folder.run({"predict", "m.model", "against.csv"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("row 3"), HasSubstr("'time'"), HasSubstr("2024-05-13")));
}

TEST_F(Cases, ThousandsThatMayBeFractionsAreRefused) {
  const std::string file = case_file("us-thousands-tsv/us.tsv");
  const ProgramResult refused = folder.run({"design", file, "--target", "steam_lb_h"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("--decimal-mark"));
  design("us-thousands-tsv/us.tsv", "steam_lb_h", {"--decimal-mark", "."});
  EXPECT_NEAR(predict("us-thousands-tsv/us_new.tsv").at(1).value, 9444, 150);
  EXPECT_EQ(predict("us-thousands-tsv/us_new2.tsv").at(1).value,
            predict("us-thousands-tsv/us_new.tsv").at(1).value);
}

}  // namespace
}  // namespace cupel
