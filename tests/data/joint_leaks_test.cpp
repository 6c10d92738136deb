// Targets that several columns give away together, and honest ones that look alike.
#include <gmock/gmock.h>

#include <cmath>

#include "cupel/base/rng.hpp"
#include "cupel/data/check.hpp"
#include "cupel/data/exact_relation.hpp"
#include "cupel/data/read_table.hpp"
#include "support.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

double rounded(double value, double step) { return std::round(value / step) * step; }

/// Three parts of 0.1, a temperature, and what `target` makes of a row.
Table process(int rows, const std::function<double(const std::vector<double>&, Rng&)>& target) {
  Rng rng(21);
  std::vector<std::vector<double>> values(5);
  for (int row = 0; row < rows; ++row) {
    std::vector<double> cells;
    for (const double scale : {10.0, 20.0, 15.0})
      cells.push_back(rounded(scale * (0.2 + rng.uniform()), 0.1));
    cells.push_back(rounded(rng.uniform(10, 60), 0.1));
    cells.push_back(target(cells, rng));
    for (std::size_t k = 0; k < cells.size(); ++k) values[k].push_back(cells[k]);
  }
  std::vector<Column> columns;
  for (const char* name : {"steam", "gas", "power", "T", "y"})
    columns.push_back(number_column(name, values[columns.size()]));
  return table_of(std::move(columns));
}
std::vector<Finding> joint(const Table& table, const Roles& roles = {.targets = {"y"}}) {
  std::vector<Finding> leaks;
  for (Finding& finding : check_table(table, roles))
    if (finding.code == "leak" && finding.column.empty()) leaks.push_back(std::move(finding));
  return leaks;
}
/// What is said of the one joint leak; empty when there is none.
std::string said(const Table& table, Severity severity, const Roles& roles = {.targets = {"y"}}) {
  const std::vector<Finding> leaks = joint(table, roles);
  if (leaks.empty()) return {};
  EXPECT_EQ(leaks.size(), 1u);
  EXPECT_EQ(leaks.front().severity, severity) << leaks.front().what;
  return leaks.front().what + " -> " + leaks.front().advice;
}

TEST(JointLeak, StopsAtPartsThatAddUpToTheTarget) {
  const Table exact =
      process(200, [](const auto& row, Rng&) { return rounded(row[0] + row[1] + row[2], 0.1); });
  EXPECT_THAT(said(exact, Severity::error),
              AllOf(HasSubstr("'steam', 'gas' and 'power' add up to"),
                    HasSubstr("y = steam + gas + power"), HasSubstr("--ignore steam,gas,power")));
  EXPECT_THAT(said(exact, Severity::warning, {.targets = {"y"}, .keep = {"gas"}}),
              HasSubstr("add up to"));
  EXPECT_TRUE(joint(exact, {.targets = {"y"}, .ignore = {"steam"}}).empty());
}

TEST(JointLeak, SeesPartsThroughRoundingUnitsAndAFewWrongRows) {
  const Table coarse =
      process(300, [](const auto& row, Rng&) { return std::round(row[0] + row[1] + row[2]); });
  EXPECT_THAT(said(coarse, Severity::error), HasSubstr("y = steam + gas + power"));
  const Table kilo = process(
      300, [](const auto& row, Rng&) { return rounded(0.001 * (row[0] + row[2]), 0.0001); });
  EXPECT_THAT(said(kilo, Severity::error), HasSubstr("y = 0.001 (steam + power)"));
  const Table wrong = process(500, [](const auto& row, Rng& rng) {
    return rounded(row[0] + row[1] + row[2] + (rng.chance(0.01) ? 60 : 0), 0.1);
  });
  EXPECT_THAT(said(wrong, Severity::error), HasSubstr("'steam', 'gas' and 'power'"));
}

TEST(JointLeak, WarnsOfDifferencesMeansAndWeightedSums) {
  EXPECT_THAT(
      said(process(200, [](const auto& row, Rng&) { return row[1] - row[0]; }), Severity::warning),
      HasSubstr("y = -steam + gas"));
  EXPECT_THAT(
      said(process(200, [](const auto& row,
                           Rng&) { return rounded((row[0] + row[1] + row[2]) / 3, 0.001); }),
           Severity::warning),
      HasSubstr("(steam + gas + power)"));
  EXPECT_THAT(
      said(process(200, [](const auto& row,
                           Rng&) { return rounded(0.31 * row[0] + 0.07 * row[2] + 2, 0.01); }),
           Severity::warning),
      HasSubstr("y = 0.31 steam + 0.07 power + 2"));
}

TEST(JointLeak, WarnsOfProductsAndRatios) {
  EXPECT_THAT(
      said(process(200, [](const auto& row, Rng&) { return rounded(1000 * row[2] / row[1], 0.1); }),
           Severity::warning),
      AllOf(HasSubstr("y = 1000 · power / gas"), HasSubstr("--ignore gas,power")));
  EXPECT_THAT(
      said(process(200, [](const auto& row, Rng&) { return row[0] * row[3]; }), Severity::warning),
      HasSubstr("y = steam · T"));
}

TEST(JointLeak, IsNoGoodFit) {
  // Noise above what rounding would explain.
  EXPECT_TRUE(joint(process(400, [](const auto& row, Rng& rng) {
                return rounded(row[0] + row[1] + row[2] + 0.15 * rng.normal(), 0.01);
              })).empty());
  EXPECT_TRUE(joint(process(400, [](const auto& row, Rng& rng) {
                return rounded(row[0] * row[1] * (1 + 0.02 * rng.normal()), 0.01);
              })).empty());
  EXPECT_TRUE(joint(process(400, [](const auto& row, Rng& rng) {
                return rounded(3 * row[0] - row[1] + 0.5 * row[3] + 0.1 * rng.normal(), 0.1);
              })).empty());
}

TEST(JointLeak, IsNoSimulationWithoutNoise) {
  Table table = process(200, [](const auto& row, Rng&) { return 10 * row[0] + 0.5 * row[3]; });
  table.columns.erase(table.columns.begin() + 1, table.columns.begin() + 3);
  for (const Finding& finding : check_table(table, {.targets = {"y"}}))
    EXPECT_NE(finding.severity, Severity::error) << finding.what;
  EXPECT_TRUE(joint(table).empty());
  EXPECT_TRUE(joint(process(200, [](const auto& row, Rng&) {
                return row[0] * std::exp(-20 / row[3]) + row[1] * row[2];
              })).empty());
}

TEST(JointLeak, NeedsMoreRowsThanColumns) {
  Rng rng(4);
  std::vector<Column> columns;
  for (int c = 0; c < 12; ++c)
    columns.push_back(generated("c" + std::to_string(c), 14, [&](int) { return rng.normal(); }));
  columns.push_back(generated("y", 14, [&](int) { return rng.normal(); }));
  EXPECT_TRUE(joint(table_of(columns)).empty());
  // Repeats count once.
  Table table = table_of(columns);
  const Table once = table;
  for (int k = 0; k < 5; ++k) append_rows(table, once);
  EXPECT_TRUE(joint(table).empty());
}

/// Two modes of failure, each rare, a flag that says nothing, and a load.
Table failures(const std::function<double(bool, bool, double)>& failed) {
  Rng rng(6);
  std::vector<std::vector<double>> values(5);
  for (int row = 0; row < 2000; ++row) {
    const bool heat = rng.chance(0.02), wear = rng.chance(0.015);
    const double load = rng.uniform();
    const std::vector<double> cells = {heat ? 1.0 : 0.0, wear ? 1.0 : 0.0,
                                       rng.chance(0.02) ? 1.0 : 0.0, load,
                                       failed(heat, wear, load)};
    for (std::size_t k = 0; k < cells.size(); ++k) values[k].push_back(cells[k]);
  }
  std::vector<Column> columns;
  for (const char* name : {"heat", "wear", "flag", "load", "y"})
    columns.push_back(number_column(name, values[columns.size()]));
  return table_of(std::move(columns));
}

TEST(JointLeak, NamesTheModesThatMakeUpTheFailure) {
  const Table numbers = failures([](bool heat, bool wear, double) { return heat || wear; });
  EXPECT_THAT(said(numbers, Severity::error),
              AllOf(HasSubstr("'heat' and 'wear' together give the target 'y' away: it is 1"),
                    HasSubstr("--ignore heat,wear")));
  Table words = numbers;
  words.columns[4].kind = words.columns[1].kind = ColumnKind::text;
  words.columns[4].words = {"ok", "failed"};
  words.columns[1].words = {"no", "yes"};
  EXPECT_THAT(said(words, Severity::error),
              AllOf(HasSubstr("'heat' and 'wear'"), HasSubstr("it is 'failed'")));
  // Half of the failures have no mode: a warning.
  EXPECT_THAT(
      said(failures([](bool heat, bool wear, double load) { return heat || wear || load > 0.98; }),
           Severity::warning),
      HasSubstr("'heat' and 'wear'"));
}

TEST(JointLeak, CountsModesThatAreAdded) {
  EXPECT_THAT(said(failures([](bool heat, bool wear, double) {
                     return (heat ? 1.0 : 0.0) + (wear ? 1.0 : 0.0);
                   }),
                   Severity::error),
              HasSubstr("heat + wear"));
}

TEST(JointLeak, IsNoCauseThatOftenButNotAlwaysActs) {
  Rng rng(8);
  EXPECT_TRUE(joint(failures([&](bool heat, bool wear, double) {
                return (heat || wear) && rng.chance(0.8);
              })).empty());
  EXPECT_TRUE(joint(failures([](bool, bool, double load) { return load > 0.97; })).empty());
}

TEST(HalfDigit, IsThatOfTheLastDecimal) {
  EXPECT_EQ(half_digit(std::vector<double>{1, 20, -3}), 0.5);
  EXPECT_DOUBLE_EQ(half_digit(std::vector<double>{1.5, 0.1 + 0.2, 20}), 0.05);
  EXPECT_EQ(half_digit(std::vector<double>{M_PI}), 0);
}

TEST(JointLeakOnRealData, NamesTheFailureModesOfAMillingMachine) {
  const std::string path = test::shared_data("ai4i2020.csv");
  if (path.empty()) GTEST_SKIP() << "no shared data beside the checkout";
  EXPECT_THAT(said(read_table(path), Severity::error, {.targets = {"machine_failure"}}),
              AllOf(HasSubstr("'TWF', 'HDF', 'PWF' and 'OSF'"), HasSubstr("330 of its 339"),
                    HasSubstr("--ignore TWF,HDF,PWF,OSF")));
}

TEST(JointLeakOnRealData, RaisesNoAlarmOnHonestOnes) {
  const std::pair<const char*, Roles> files[] = {
      {"boston_housing.csv", {.targets = {"MEDV_kUSD"}}},
      {"yacht.csv", {.targets = {"resid_resistance"}}},
      {"energy_efficiency.csv", {.targets = {"heating_load_kWh_m2", "cooling_load_kWh_m2"}}},
      {"debutanizer.csv", {.targets = {"y_butane_bottom"}}},
      {"tep.csv", {.targets = {"xmeas_40_G_molpct", "xmeas_41_H_molpct"}}},
      {"styrene_polymerisation.csv", {.targets = {"x", "Mn_g_mol", "Mw_g_mol"}}},
      {"ethane_cracker.csv",
       {.targets = {"yield_C2H4", "SEC"},
        .inputs = {"feed_kg_h", "S_kg_kg", "COT_C", "P_out_bar"}}}};
  for (const auto& [file, roles] : files) {
    const std::string path = test::shared_data(file);
    if (path.empty()) GTEST_SKIP() << "no shared data beside the checkout";
    EXPECT_TRUE(joint(read_table(path), roles).empty()) << file;
  }
}

}  // namespace
}  // namespace cupel
