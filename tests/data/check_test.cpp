#include "cupel/data/check.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <chrono>
#include <cmath>

#include "cupel/base/rng.hpp"
#include "support.hpp"
#include "tests/support/paths.hpp"

namespace cupel {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const Roles kRoles{.targets = {"y"}};

/// Two inputs, noise and a target that depends on them: nothing to complain about.
Table healthy(int rows = 200) {
  Rng rng(3);
  Table table = table_of({generated("a", rows, [&](int) { return rng.uniform(10, 20); }),
                          generated("b", rows, [&](int) { return rng.normal(); })});
  const std::vector<double> a = table.columns[0].values, b = table.columns[1].values;
  table.columns.push_back(generated("y", rows, [&](int i) {
    return a[static_cast<std::size_t>(i)] + 2 * b[static_cast<std::size_t>(i)] + rng.normal();
  }));
  return table;
}
Table with(Table table, Column column) {
  table.columns.push_back(std::move(column));
  return table;
}
const Finding* find(const std::vector<Finding>& findings, const std::string& code,
                    const std::string& column) {
  for (const Finding& finding : findings)
    if (finding.code == code && finding.column == column) return &finding;
  return nullptr;
}
/// The finding; the test fails when there is none.
Finding found(const Table& table, const std::string& code, const std::string& column,
              const Roles& roles = kRoles) {
  const auto findings = check_table(table, roles);
  const Finding* finding = find(findings, code, column);
  if (finding != nullptr) return *finding;
  std::string all;
  for (const Finding& other : findings) all += other.code + " " + other.column + "; ";
  ADD_FAILURE() << "no " << code << " in column '" << column << "', but: " << all;
  return {};
}
bool finds(const Table& table, const std::string& code, const std::string& column,
           const Roles& roles = kRoles) {
  return find(check_table(table, roles), code, column) != nullptr;
}
Column noise(const std::string& name, int rows = 200) {
  Rng rng(99);
  return generated(name, rows, [&](int) { return rng.normal(); });
}

TEST(Check, FindsNothingInHealthyData) { EXPECT_TRUE(check_table(healthy(), kRoles).empty()); }

TEST(Check, PassesOnWhatTheReaderMet) {
  std::string text = "x,y\n";
  for (int i = 0; i < 60; ++i)
    text += (i == 4   ? "oops"
             : i == 9 ? "Bad"
                      : std::to_string(i * i % 23)) +
            "," + std::to_string(i * 7 % 11) + "\n";
  const Table table = parse_csv(text, "plant.csv");
  const Finding unreadable = found(table, "unreadable", "x");
  EXPECT_EQ(unreadable.row, 4);
  EXPECT_EQ(unreadable.severity, Severity::warning);
  EXPECT_THAT(unreadable.what, HasSubstr("oops"));
  EXPECT_EQ(found(table, "status", "x").row, 9);
  EXPECT_FALSE(finds(table, "status", "x", {.targets = {"y"}, .ignore = {"x"}}));
}

TEST(Check, ReportsMissingCellsAndDropsAColumnThatIsMostlyEmpty) {
  Column few = noise("few"), many = noise("many");
  few.values[7] = few.values[9] = kMissing;
  for (std::size_t i = 0; i < 150; ++i) many.values[i] = kMissing;
  const Table table = with(with(healthy(), few), many);
  const Finding note = found(table, "missing", "few");
  EXPECT_EQ(note.row, 7);
  EXPECT_EQ(note.severity, Severity::note);
  EXPECT_FALSE(note.drop);
  EXPECT_THAT(note.what, HasSubstr("2 cells"));
  EXPECT_TRUE(found(table, "missing", "many").drop);
}

TEST(Check, DropsConstantColumns) {
  const Table table = with(healthy(), generated("c", 200, [](int) { return 4.5; }));
  const Finding finding = found(table, "constant", "c");
  EXPECT_TRUE(finding.drop);
  EXPECT_THAT(finding.what, HasSubstr("4.5"));
}

TEST(Check, KeepsWhatTheUserKeeps) {
  const Table table = with(healthy(), generated("c", 200, [](int) { return 4.5; }));
  const Roles roles{.targets = {"y"}, .keep = {"c"}};
  EXPECT_FALSE(found(table, "constant", "c", roles).drop);
  EXPECT_TRUE(without_dropped(roles, check_table(table, roles)).ignore.empty());
}

TEST(Check, DropsMeanThatTheDatasetGoesWithoutThem) {
  const Table table = with(healthy(), generated("c", 200, [](int) { return 4.5; }));
  const Roles roles{.targets = {"y"}, .inputs = {"a", "c"}};
  const Dataset data = make_dataset(table, without_dropped(roles, check_table(table, roles)));
  ASSERT_EQ(data.inputs.size(), 1u);
  EXPECT_EQ(data.inputs[0].name, "a");
}

TEST(Check, FindsTargetsThatCannotBePredicted) {
  const Table table = with(with(healthy(), generated("c", 200, [](int) { return 1; })),
                           text_column("w", std::vector<std::string>(200, "x")));
  EXPECT_EQ(found(table, "constant", "c", {.targets = {"c"}}).severity, Severity::error);
  EXPECT_EQ(found(table, "text_target", "w", {.targets = {"w"}}).severity, Severity::error);
}

TEST(Check, CountsRowsWithoutTarget) {
  Table table = healthy();
  table.columns[2].values[5] = kMissing;
  const Finding finding = found(table, "missing", "y");
  EXPECT_EQ(finding.row, 5);
  EXPECT_THAT(finding.what, HasSubstr("1 row without"));
}

TEST(Check, FindsDuplicatedRows) {
  Table table = healthy();
  for (Column& column : table.columns) column.values[150] = column.values[20];
  const Finding finding = found(table, "duplicate_rows", "");
  EXPECT_EQ(finding.row, 150);
  EXPECT_THAT(finding.what, HasSubstr("1 row is"));
}

/// 60 specimens, five readings each, in rounds; y = 2a - b + an effect of the specimen + noise.
Table specimens(double reading_noise = 0.05) {
  Rng rng(12);
  std::vector<double> a, b, mean;
  for (int k = 0; k < 60; ++k) {
    a.push_back(rng.uniform());
    b.push_back(rng.uniform());
    mean.push_back(2 * a.back() - b.back() + 0.5 * rng.normal());
  }
  const auto of = [](const std::vector<double>& values) {
    return [&values](int row) { return values[static_cast<std::size_t>(row % 60)]; };
  };
  return table_of(
      {generated("a", 300, of(a)), generated("b", 300, of(b)), generated("y", 300, [&](int row) {
         return mean[static_cast<std::size_t>(row % 60)] + reading_noise * rng.normal();
       })});
}

TEST(Check, SaysThatRepeatsStayTogether) {
  const Finding finding = found(specimens(), "repeats", "");
  EXPECT_EQ(finding.row, 60);
  EXPECT_THAT(finding.what,
              AllOf(HasSubstr("240 of 300 rows"), HasSubstr("60 different settings")));
  EXPECT_THAT(finding.advice, HasSubstr("stay together"));
  Table timed = with(specimens(), generated("t", 300, [](int row) { return 60.0 * row; }));
  timed.columns.back().kind = ColumnKind::time;
  EXPECT_THAT(found(timed, "repeats", "").advice, HasSubstr("--split random"));
}

TEST(Check, WarnsOfSettingsTooFewToHoldSomeOut) {
  Table table = healthy();
  table.columns[0] = generated("a", 200, [](int row) { return row / 40; });
  table.columns.erase(table.columns.begin() + 1);
  const Finding finding = found(table, "few_settings", "");
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_THAT(finding.what, HasSubstr("5 different settings"));
}

TEST(Check, TakesWhatRepeatsShareForNoLeak) {
  for (const char* input : {"a", "b"}) EXPECT_FALSE(finds(specimens(), "leak", input)) << input;
  // Nor where another column tells the readings of a specimen apart.
  const Table counted =
      with(specimens(), generated("reading", 300, [](int row) { return row / 60 + 1; }));
  for (const char* input : {"a", "b"}) EXPECT_FALSE(finds(counted, "leak", input)) << input;
  std::vector<std::string> names;
  for (int row = 0; row < 300; ++row) names.push_back("S" + std::to_string(row % 60));
  EXPECT_FALSE(finds(with(specimens(), text_column("specimen", names)), "leak", "specimen"));
}

TEST(Check, SeesALeakAmongRepeats) {
  const Table plain = specimens(0.01);
  const Table leaks =
      with(plain, generated("rate", 300, [&](int row) {
             return std::exp(column_of(plain, "y").values[static_cast<std::size_t>(row % 60)]);
           }));
  EXPECT_TRUE(finds(leaks, "leak", "rate"));
  EXPECT_FALSE(finds(leaks, "leak", "a"));
}

TEST(Check, DropsTheLaterOfTwoEqualColumns) {
  Table table = healthy();
  Column copy = table.columns[0];
  copy.name = "a2";
  const Table both = with(table, copy);
  EXPECT_TRUE(found(both, "duplicate_column", "a2").drop);
  EXPECT_FALSE(finds(both, "duplicate_column", "a"));
}

TEST(Check, FindsAnInputInAnotherUnit) {
  const std::vector<double> a = healthy().columns[0].values;
  const Table table = with(healthy(), generated("a_K", 200, [&](int i) {
                             return a[static_cast<std::size_t>(i)] * 1.8 + 273;
                           }));
  const Finding finding = found(table, "collinear", "a_K");
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_THAT(finding.what, HasSubstr("'a'"));
}

TEST(Check, NamesTheGroupOfInputsThatAddUp) {
  Table table = healthy();
  for (int level = 0; level < 3; ++level)
    table.columns.push_back(
        generated(fmt::format("shift{}", level), 200, [&](int i) { return i * 7 % 3 == level; }));
  const Finding finding = found(table, "collinear", "shift2");
  EXPECT_THAT(finding.what, AllOf(HasSubstr("'shift0'"), HasSubstr("'shift1'")));
  EXPECT_FALSE(contains(finding.what, "'a'"));
  EXPECT_EQ(finding.severity, Severity::note);
}

TEST(Check, FindsAStuckTag) {
  Column tag = noise("tag");
  for (std::size_t i = 60; i < 95; ++i) tag.values[i] = 0.25;
  const Finding finding = found(with(healthy(), tag), "stuck", "tag");
  EXPECT_EQ(finding.row, 60);
  EXPECT_THAT(finding.what, AllOf(HasSubstr("0.25"), HasSubstr("35 rows")));
}

TEST(Check, ReportsAStandstillOfManyColumnsOnce) {
  Table table = healthy();
  for (const char* name : {"t1", "t2", "t3", "t4"}) {
    Rng rng(static_cast<std::uint64_t>(name[1]));
    Column tag = generated(name, 200, [&](int) { return rng.normal(); });
    for (std::size_t i = 60; i < 95; ++i) tag.values[i] = tag.values[60];
    table.columns.push_back(tag);
  }
  EXPECT_THAT(found(table, "stuck", "").what, HasSubstr("4 columns"));
  EXPECT_FALSE(finds(table, "stuck", "t1"));
}

TEST(Check, DoesNotCallSettingsOrNightsStuck) {
  const Column setting = generated("setting", 200, [](int i) { return i / 50; });
  const Column sun = generated("sun", 200, [](int i) {
    const double height = std::sin(i * 0.13) + 0.001 * (i % 7);
    return std::max(0.0, height);
  });
  const Column coarse = generated("coarse", 200, [](int i) { return std::round(i * i % 97 / 4); });
  const Table table = with(with(with(healthy(), setting), sun), coarse);
  for (const Finding& finding : check_table(table, kRoles)) EXPECT_NE(finding.code, "stuck");
}

TEST(Check, FindsOutliersOnBothSides) {
  Column high = noise("high"), low = noise("low");
  high.values[33] = 60;
  low.values[12] = -50;
  const Table table = with(with(healthy(), high), low);
  const Finding above = found(table, "outliers", "high"), below = found(table, "outliers", "low");
  EXPECT_EQ(above.row, 33);
  EXPECT_THAT(above.what, AllOf(HasSubstr("above"), HasSubstr("60")));
  EXPECT_EQ(below.row, 12);
  EXPECT_THAT(below.what, AllOf(HasSubstr("below"), HasSubstr("-50")));
}

TEST(Check, CountsOutliersThatLieTogether) {
  Column spikes = noise("spikes", 1000);
  for (const std::size_t row : {500u, 44u, 700u}) spikes.values[row] = 60 + 0.1 * double(row);
  const Finding finding = found(with(healthy(1000), spikes), "outliers", "spikes");
  EXPECT_EQ(finding.row, 44);
  EXPECT_THAT(finding.what, HasSubstr("3 values"));
}

TEST(Check, CallsNoLongTailAnOutlierButWhatLiesBeyondIt) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Rng rng(seed);
    Column tail = generated("tail", 2000, [&](int) { return std::exp(1.5 * rng.normal()); });
    const Table table = with(healthy(2000), tail);
    EXPECT_FALSE(finds(table, "outliers", "tail")) << seed;
    tail.values[8] = 1e7;
    EXPECT_TRUE(finds(with(healthy(2000), tail), "outliers", "tail")) << seed;
  }
}

TEST(Check, StopsAtAColumnThatReproducesTheTarget) {
  const std::vector<double> y = healthy().columns[2].values;
  const auto at = [&](int i) { return y[static_cast<std::size_t>(i)]; };
  const Table linear = with(healthy(), generated("y2", 200, [&](int i) { return 3 - 2 * at(i); }));
  const Finding finding = found(linear, "leak", "y2");
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_THAT(finding.advice, AllOf(HasSubstr("--ignore y2"), HasSubstr("--keep y2")));
  const Table curved =
      with(healthy(), generated("y3", 200, [&](int i) { return std::exp(at(i) / 4); }));
  EXPECT_EQ(found(curved, "leak", "y3").severity, Severity::error);
}

TEST(Check, SeesALeakAtAnyMagnitude) {
  const Table plain = healthy();
  for (const double scale : {1e250, 1e-250}) {
    const auto at = [&](const char* name, int i) {
      return column_of(plain, name).values[static_cast<std::size_t>(i)];
    };
    const auto table = table_of(
        {generated("a", 200, [&](int i) { return at("a", i) / scale; }),
         generated("y", 200, [&](int i) { return at("y", i) * scale; }),
         generated("copy", 200, [&](int i) { return 3 * at("y", i); }),
         generated("curve", 200, [&](int i) { return std::exp(at("y", i) / 4) * scale; }),
         generated("rounded", 200, [&](int i) { return std::round(at("y", i) / 2.5) * scale; })});
    EXPECT_EQ(found(table, "leak", "copy").severity, Severity::error) << scale;
    EXPECT_EQ(found(table, "leak", "curve").severity, Severity::error) << scale;
    EXPECT_EQ(found(table, "leak", "rounded").severity, Severity::warning) << scale;
    EXPECT_FALSE(finds(table, "leak", "a")) << scale;
  }
}

TEST(Check, SeesTheColumnThatATargetOfTwoValuesIsMadeFrom) {
  Table table = healthy(2000);
  const std::vector<double> a = table.columns[0].values;
  table.columns[2] =
      generated("y", 2000, [&](int i) { return a[static_cast<std::size_t>(i)] > 17 ? 1.0 : 0.0; });
  EXPECT_TRUE(finds(table, "leak", "a"));
  EXPECT_FALSE(finds(table, "leak", "b"));
}

TEST(Check, NamesCategoriesThatDifferInCapitalsOnly) {
  std::vector<std::string> words(200, "ON");
  for (std::size_t k = 0; k < words.size(); k += 2) words[k] = k % 4 == 0 ? "off" : "on";
  EXPECT_THAT(found(with(healthy(), text_column("valve", words)), "spelling", "valve").what,
              AllOf(HasSubstr("'on'"), HasSubstr("'ON'")));
  std::replace(words.begin(), words.end(), std::string("on"), std::string("ON"));
  EXPECT_FALSE(finds(with(healthy(), text_column("valve", words)), "spelling", "valve"));
}
TEST(Check, TakesNoWildRowForALeak) {
  Table table = healthy();
  for (Column& column : table.columns) column.values[50] = 1e4;
  for (const Column& column : table.columns) EXPECT_FALSE(finds(table, "leak", column.name));
}
TEST(Check, OnlyWarnsOfALeakThatTheUserKeeps) {
  const std::vector<double> y = healthy().columns[2].values;
  const Table table = with(
      healthy(), generated("y2", 200, [&](int i) { return 2 * y[static_cast<std::size_t>(i)]; }));
  EXPECT_EQ(found(table, "leak", "y2", {.targets = {"y"}, .keep = {"y2"}}).severity,
            Severity::warning);
}

TEST(Check, WarnsOfAColumnThatNearlyReproducesTheTarget) {
  Rng rng(4);
  const std::vector<double> y = healthy().columns[2].values;
  const Table table = with(healthy(), generated("near", 200, [&](int i) {
                             return y[static_cast<std::size_t>(i)] + 0.3 * rng.normal();
                           }));
  EXPECT_EQ(found(table, "leak", "near").severity, Severity::warning);
}

TEST(Check, WarnsOfARoundedCopyOfTheTarget) {
  const std::vector<double> y = healthy().columns[2].values;
  const Table table = with(healthy(), generated("rounded", 200, [&](int i) {
                             return std::round(y[static_cast<std::size_t>(i)] / 2.5);
                           }));
  const Finding finding = found(table, "leak", "rounded");
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_THAT(finding.what, HasSubstr("rounding"));
}

TEST(Check, DropsInputsThatOnlyCountTheRows) {
  const Table table = with(healthy(), generated("n", 200, [](int i) { return 5 + 2 * i; }));
  EXPECT_TRUE(found(table, "counter", "n").drop);
  EXPECT_FALSE(
      finds(with(healthy(), generated("n", 200, [](int i) { return i % 199; })), "counter", "n"));
}

TEST(Check, SaysThatAKeptColumnIsAnInput) {
  const Table table = with(healthy(), generated("n", 200, [](int i) { return 5 + 2 * i; }));
  const Finding kept = found(table, "counter", "n", {.targets = {"y"}, .keep = {"n"}});
  EXPECT_FALSE(kept.drop);
  EXPECT_EQ(kept.severity, Severity::note);
  EXPECT_THAT(kept.advice, HasSubstr("an input all the same"));
}

TEST(Check, TakesEvenStepsOfAFewExperimentsForAnInput) {
  const Table twelve = parse_csv(
      "T,p,y\n60,1,5\n65,3,6\n70,2,7\n75,1,9\n80,4,9\n85,2,10\n90,1,12\n95,3,14\n"
      "100,2,15\n105,4,16\n110,1,18\n115,3,19\n",
      "plan.csv");
  EXPECT_FALSE(finds(twelve, "counter", "T"));
}

TEST(Check, DropsNamesAndHighCardinalityWords) {
  std::vector<std::string> names, many, few;
  for (int i = 0; i < 200; ++i) {
    names.push_back(fmt::format("batch {}", i));
    many.push_back(fmt::format("word {}", i * 7 % 60));
    few.push_back(fmt::format("kind {}", i * 7 % 4));
  }
  const Table table =
      with(with(with(healthy(), text_column("name", names)), text_column("many", many)),
           text_column("few", few));
  EXPECT_TRUE(found(table, "identifier", "name").drop);
  EXPECT_TRUE(found(table, "many_levels", "many").drop);
  for (const Finding& finding : check_table(table, kRoles)) EXPECT_NE(finding.column, "few");
}

Table timed(const std::function<double(int)>& seconds) {
  Column time = generated("time", 200, seconds);
  time.kind = ColumnKind::time;
  return with(healthy(), time);
}

TEST(Check, FindsUnevenRepeatedAndReversedTime) {
  EXPECT_TRUE(check_table(timed([](int i) { return 60 * i; }), kRoles).empty());
  const Finding gap =
      found(timed([](int i) { return 60 * i + (i >= 80 ? 7200 : 0); }), "time_uneven", "time");
  EXPECT_EQ(gap.row, 80);
  EXPECT_THAT(gap.what, AllOf(HasSubstr("60 s"), HasSubstr("2.02 h")));
  EXPECT_EQ(found(timed([](int i) { return 60 * (i - (i == 90)); }), "time_repeated", "time").row,
            90);
  const Finding back =
      found(timed([](int i) { return 60 * (i < 100 ? i : i - 50); }), "time_reversed", "time");
  EXPECT_EQ(back.row, 100);
  EXPECT_EQ(back.severity, Severity::warning);
  EXPECT_EQ(found(timed([](int i) { return -60 * i; }), "time_reversed", "time").severity,
            Severity::note);
}

TEST(Check, NoticesRowsThatAreOrderedWithoutATimeColumn) {
  Rng rng(6);
  double x = 0, z = 0;
  std::vector<double> xs, zs;
  for (int i = 0; i < 300; ++i) {
    xs.push_back(x = 0.97 * x + rng.normal());
    zs.push_back(z = 0.97 * z + rng.normal());
  }
  const Table table =
      table_of({number_column("x", xs), number_column("z", zs), generated("y", 300, [&](int i) {
                  const auto at = static_cast<std::size_t>(i);
                  return xs[at] + zs[at] + rng.normal();
                })});
  EXPECT_THAT(found(table, "ordered", "").advice, HasSubstr("--split ordered"));
}

TEST(Check, FindsTooFewRowsForTheInputs) {
  Table table = healthy(20);
  for (int c = 0; c < 4; ++c) {
    Rng rng(static_cast<std::uint64_t>(c + 50));
    table.columns.push_back(
        generated(fmt::format("x{}", c), 20, [&](int) { return rng.normal(); }));
  }
  EXPECT_EQ(found(table, "few_rows", "").severity, Severity::warning);
  for (int c = 4; c < 20; ++c) {
    Rng rng(static_cast<std::uint64_t>(c + 50));
    table.columns.push_back(
        generated(fmt::format("x{}", c), 20, [&](int) { return rng.normal(); }));
  }
  EXPECT_EQ(found(table, "few_rows", "").severity, Severity::error);
  EXPECT_EQ(found(healthy(9), "few_rows", "").severity, Severity::error);
}

TEST(Check, SuggestsAGroupForBatchNumbersAndNotForCategories) {
  std::vector<std::string> batches, shuffled;
  for (int row = 0; row < 200; ++row) {
    batches.push_back(fmt::format("B-{}", row / 8));
    shuffled.push_back(fmt::format("B-{}", row % 25));
  }
  const auto counting = [](int step) {
    return generated("campaign", 200, [step](int row) { return 7 + step * (row / 8); });
  };
  EXPECT_THAT(found(with(healthy(), text_column("batch", batches)), "batches", "batch").advice,
              HasSubstr("--group batch"));
  found(with(healthy(), counting(1)), "batches", "campaign");
  const auto none = [](const Table& table, const std::string& column, Roles roles = kRoles) {
    EXPECT_EQ(find(check_table(table, roles), "batches", column), nullptr);
  };
  none(with(healthy(), text_column("batch", shuffled)), "batch");
  none(with(healthy(), counting(5)), "campaign");
  none(with(healthy(), text_column("batch", batches)), "batch",
       {.targets = {"y"}, .group = "batch"});
}

TEST(Check, PutsErrorsFirst) {
  Table table = with(healthy(), generated("c", 200, [](int) { return 1; }));
  table.columns[0].values[3] = kMissing;
  Column leak = table.columns[2];
  leak.name = "leak";
  const auto findings = check_table(with(table, leak), kRoles);
  ASSERT_GE(findings.size(), 3u);
  for (std::size_t i = 1; i < findings.size(); ++i)
    EXPECT_GE(static_cast<int>(findings[i - 1].severity), static_cast<int>(findings[i].severity));
  EXPECT_EQ(findings[0].code, "leak");
}

TEST(Check, ThrowsForUnknownNames) {
  error_of(ErrorKind::usage, [] { check_table(healthy(), {.targets = {"nope"}}); });
}

TEST(Check, FindsValuesOfTheTargetWithoutAnyInput) {
  std::string text = "name,a,b,y\n";
  for (int day = 0; day < 5; ++day) {
    for (int hour = 0; hour < 10; ++hour)
      text += fmt::format("h,{},{},{}\n", day + 0.1 * hour, hour % 3, day + hour);
    text += "Total,,,900\n";
  }
  const Roles roles{.targets = {"y"}, .ignore = {"name"}};
  const Table table = parse_csv(text, "meters.csv");
  const Finding finding = found(table, "empty_rows", "", roles);
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_EQ(finding.row, 10);
  EXPECT_THAT(finding.what, testing::HasSubstr("5 values of the target"));
  const Dataset data = make_dataset(table, roles);
  EXPECT_EQ(data.rows, 50);
  for (const double value : data.targets[0].values) EXPECT_LT(value, 20);
}

TEST(Check, SaysWhenATargetSpansDecades) {
  std::string text = "a,b,y\n";
  for (int k = 0; k < 60; ++k)
    text += fmt::format("{},{},{}\n", k % 7, k % 5, std::pow(10, k % 10 / 3.0));
  const Table table = parse_csv(text, "t.csv");
  EXPECT_EQ(found(table, "decades", "y", {.targets = {"y"}}).severity, Severity::note);
  for (const Finding& finding : check_table(table, {.targets = {"y"}, .log_targets = {"y"}}))
    EXPECT_NE(finding.code, "decades");
}

TEST(Check, SaysHowToWriteATargetOfTwoWords) {
  std::string text = "a,ok\n";
  for (int k = 0; k < 30; ++k) text += fmt::format("{},{}\n", k % 7, k % 3 == 0 ? "pass" : "fail");
  EXPECT_THAT(found(parse_csv(text, "t.csv"), "text_target", "ok", {.targets = {"ok"}}).advice,
              testing::HasSubstr("'pass' as 1 and 'fail' as 0"));
}

TEST(Check, WorksWithoutATarget) { EXPECT_TRUE(check_table(healthy(), {}).empty()); }

constexpr const char* kNoSharedData = "no shared data beside the checkout";

TEST(CheckOnRealData, RaisesNoAlarmOnBostonAndYacht) {
  const std::pair<const char*, const char*> files[] = {{"boston_housing.csv", "MEDV_kUSD"},
                                                       {"yacht.csv", "resid_resistance"}};
  for (const auto& [file, target] : files) {
    const std::string path = test::shared_data(file);
    if (path.empty()) GTEST_SKIP() << kNoSharedData;
    for (const Finding& finding : check_table(read_table(path), {.targets = {target}}))
      EXPECT_EQ(finding.severity, Severity::note) << file << ": " << finding.what;
  }
}

TEST(CheckOnRealData, SeesThatCarbonIsEnergyRounded) {
  const std::string path = test::shared_data("steel_energy.csv");
  if (path.empty()) GTEST_SKIP() << kNoSharedData;
  EXPECT_THAT(found(read_table(path), "leak", "CO2_tCO2", {.targets = {"usage_kWh"}}).what,
              HasSubstr("rounding"));
}

}  // namespace
}  // namespace cupel
