#include "cupel/data/dataset.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "support.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Table plant() {
  Table table =
      table_of({generated("T", 12, [](int i) { return 10.0 + i * i; }),
                generated("pressure", 12, [](int i) { return i % 5; }),
                generated("yield", 12, [](int i) { return 0.5 * i; }),
                text_column("load", {"a", "b", "a", "b", "a", "b", "a", "b", "a", "b", "a", "b"})});
  return table;
}
Table timed(const std::vector<double>& time) {
  Table table = plant();
  Column column = number_column("stamp", time);
  column.kind = ColumnKind::time;
  table.columns.push_back(column);
  return table;
}
std::vector<double> counting(int from, int step) {
  std::vector<double> values;
  for (int i = 0; i < 12; ++i) values.push_back(from + i * step);
  return values;
}
std::string refused(ErrorKind kind, const Table& table, const Roles& roles) {
  return error_of(kind, [&] { make_dataset(table, roles); });
}

TEST(Dataset, TakesEveryOpenColumnAsInput) {
  const Dataset data = make_dataset(plant(), {.targets = {"yield"}});
  ASSERT_EQ(data.inputs.size(), 3u);
  EXPECT_EQ(data.inputs[0].name, "T");
  EXPECT_EQ(data.inputs[2].name, "load");
  EXPECT_EQ(data.rows, 12);
}

TEST(Dataset, TakesOnlyTheInputsNamedAndLeavesOutTheIgnored) {
  EXPECT_EQ(make_dataset(plant(), {.targets = {"yield"}, .inputs = {"T"}}).inputs.size(), 1u);
  EXPECT_EQ(make_dataset(plant(), {.targets = {"yield"}, .ignore = {"T"}}).inputs.size(), 2u);
}

TEST(Dataset, LeavesOutRowsWithoutTargetAndCountsThem) {
  Table table = plant();
  table.columns[2].values[3] = kMissing;
  const Dataset data = make_dataset(table, {.targets = {"yield"}});
  EXPECT_EQ(data.rows, 11);
  EXPECT_EQ(data.rows_without_target, 1);
  EXPECT_THAT(data.table_rows, ElementsAre(0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11));
  EXPECT_EQ(data.inputs[0].values[3], 10 + 16);
}

TEST(Dataset, SaysHowToNameAColumnWithAUnitOrAComma) {
  Column titer = number_column("titer", {1, 2, 3});
  titer.unit = "mg/L";
  const Table table = table_of({titer, number_column("oil, type", {1, 2, 3})});
  const auto hint = [&](const std::string& name) {
    return error_of(ErrorKind::usage, [&] { make_dataset(table, {.targets = {name}}); });
  };
  for (const char* heading : {"titer (mg/L)", "titer [mg/L]", "titer_(mg/L)"})
    EXPECT_THAT(hint(heading), HasSubstr("its name is 'titer', its unit mg/L")) << heading;
  EXPECT_THAT(hint("titer (g/L)"), Not(HasSubstr("its unit")));
  EXPECT_THAT(hint("oil"), HasSubstr("'\"oil, type\"'"));
}

TEST(Dataset, SuggestsTheNearestNameForAnUnknownOne) {
  EXPECT_THAT(refused(ErrorKind::usage, plant(), {.targets = {"yeild"}}),
              HasSubstr("did you mean 'yield'"));
  EXPECT_THAT(refused(ErrorKind::usage, plant(), {.targets = {"Pressure"}}),
              HasSubstr("'pressure'"));
  EXPECT_THAT(refused(ErrorKind::usage, plant(), {.targets = {"somethingelse"}}),
              HasSubstr("the columns are T, pressure"));
}

TEST(Dataset, RefusesAColumnWithTwoRoles) {
  EXPECT_THAT(refused(ErrorKind::usage, plant(), {.targets = {"yield"}, .ignore = {"yield"}}),
              AllOf(HasSubstr("target"), HasSubstr("ignored")));
}

TEST(Dataset, RefusesTargetsThatCannotBePredicted) {
  EXPECT_THAT(refused(ErrorKind::bad_data, plant(), {.targets = {"load"}}), HasSubstr("words"));
  Table table = plant();
  table.columns[2].values.assign(12, 3.0);
  EXPECT_THAT(refused(ErrorKind::bad_data, table, {.targets = {"yield"}}), HasSubstr("constant"));
  table.columns[2].values.assign(12, kMissing);
  EXPECT_THAT(refused(ErrorKind::bad_data, table, {.targets = {"yield"}}), HasSubstr("no values"));
  refused(ErrorKind::usage, plant(), {});
}

TEST(Dataset, RefusesTheLogarithmOfWhatHasNone) {
  EXPECT_THAT(
      refused(ErrorKind::bad_data, plant(), {.targets = {"yield"}, .log_targets = {"yield"}}),
      AllOf(HasSubstr("'yield' is 0"), HasSubstr("row 2"), HasSubstr("no logarithm")));
  EXPECT_THAT(refused(ErrorKind::usage, plant(), {.targets = {"yield"}, .log_targets = {"T"}}),
              HasSubstr("'T' is no target"));
  EXPECT_THAT(refused(ErrorKind::usage, plant(), {.targets = {"yield"}, .log_targets = {"yeild"}}),
              HasSubstr("no column 'yeild'"));
  const Dataset data = make_dataset(plant(), {.targets = {"yield", "T"}, .log_targets = {"T"}});
  EXPECT_THAT(data.log_targets, ElementsAre(false, true));
}

TEST(Dataset, RefusesFewerThanTenRowsAndNoInputs) {
  Table table = plant();
  for (std::size_t row = 0; row < 3; ++row) table.columns[2].values[row] = kMissing;
  EXPECT_THAT(refused(ErrorKind::bad_data, table, {.targets = {"yield"}}), HasSubstr("9 rows"));
  EXPECT_THAT(refused(ErrorKind::bad_data, plant(),
                      {.targets = {"yield"}, .ignore = {"T", "pressure", "load"}}),
              HasSubstr("no input"));
}

TEST(Dataset, TakesALoneTimeColumnAsTime) {
  const Dataset data = make_dataset(timed(counting(0, 60)), {.targets = {"yield"}});
  EXPECT_EQ(data.inputs.size(), 3u);
  ASSERT_EQ(data.time.size(), 12u);
  EXPECT_EQ(data.time[1], 60);
}

TEST(Dataset, LeavesTimeOpenWhenThereAreTwoTimeColumns) {
  Table table = timed(counting(0, 60));
  table.columns.push_back(table.columns.back());
  table.columns.back().name = "stamp2";
  EXPECT_FALSE(make_dataset(table, {.targets = {"yield"}}).time.empty()) << "both say the same";
  table.columns.back().values.front() += 60;
  const Dataset data = make_dataset(table, {.targets = {"yield"}});
  EXPECT_TRUE(data.time.empty());
  EXPECT_EQ(data.inputs.size(), 3u);
}

TEST(Dataset, RefusesWordsAsTime) {
  EXPECT_THAT(refused(ErrorKind::bad_data, plant(), {.targets = {"yield"}, .time = "load"}),
              HasSubstr("'load' holds words"));
}

TEST(Dataset, SortsRowsByTime) {
  const Dataset data = make_dataset(timed(counting(720, -60)), {.targets = {"yield"}});
  EXPECT_TRUE(std::is_sorted(data.time.begin(), data.time.end()));
  EXPECT_EQ(data.table_rows.front(), 11);
  EXPECT_EQ(data.targets[0].values.front(), 5.5);
}

TEST(Dataset, NumbersGroupsByWordsOrNumbers) {
  const Dataset words = make_dataset(plant(), {.targets = {"yield"}, .group = "load"});
  EXPECT_EQ(words.group[0], 0);
  EXPECT_EQ(words.group[1], 1);
  EXPECT_EQ(words.group[2], 0);
  EXPECT_EQ(words.inputs.size(), 2u);
  const Dataset numbers = make_dataset(plant(), {.targets = {"yield"}, .group = "pressure"});
  EXPECT_EQ(numbers.group[5], 0);
  EXPECT_EQ(numbers.group[6], 1);
}

TEST(Dataset, PutsTheUsersUnitsOverTheFiles) {
  Table table = plant();
  table.columns[0].unit = "K";
  const Dataset data = make_dataset(table, {.targets = {"yield"}, .units = {{"T", "degC"}}});
  EXPECT_EQ(data.inputs[0].unit, "degC");
}

TEST(Dataset, FingerprintChangesWithEveryCellNameUnitAndRole) {
  const Roles roles{.targets = {"yield"}};
  const std::string print = make_dataset(plant(), roles).fingerprint;
  EXPECT_EQ(print.size(), 32u);
  EXPECT_EQ(make_dataset(plant(), roles).fingerprint, print);
  Table table = plant();
  table.columns[1].values[7] = std::nextafter(table.columns[1].values[7], 9);
  EXPECT_NE(make_dataset(table, roles).fingerprint, print);
  table = plant();
  table.columns[0].name = "U";
  EXPECT_NE(make_dataset(table, roles).fingerprint, print);
  EXPECT_NE(make_dataset(plant(), {.targets = {"yield"}, .units = {{"T", "K"}}}).fingerprint,
            print);
  EXPECT_NE(make_dataset(plant(), {.targets = {"yield"}, .ignore = {"T"}}).fingerprint, print);
  EXPECT_NE(make_dataset(plant(), {.targets = {"yield"}, .group = "pressure"}).fingerprint, print);
}

TEST(Roles, TakeANameOnce) {
  Json json;
  json["targets"] = std::vector<std::string>{"a", "b", "a"};
  EXPECT_THAT(roles_from_json(json).targets, ElementsAre("a", "b"));
}

TEST(Dataset, SaysWhenASeparatorWasNotFound) {
  const Table table = parse_csv("T/p/yield\n1/2/3\n2/3/4\n", "plant.txt");
  EXPECT_THAT(refused(ErrorKind::usage, table, {.targets = {"yield"}}),
              HasSubstr("only one column was found"));
}

TEST(Roles, ComeBackFromJson) {
  const Roles roles{.targets = {"a", "b"},
                    .inputs = {"c"},
                    .ignore = {"d"},
                    .keep = {"e"},
                    .log_targets = {"b"},
                    .time = "t",
                    .group = "g",
                    .units = {{"c", "bar"}}};
  const Json json = to_json(roles);
  EXPECT_EQ(to_json(roles_from_json(parse_json(dump_json(json), "roles"))), json);
}

}  // namespace
}  // namespace cupel
