#include "cupel/data/together.hpp"

#include <gmock/gmock.h>

#include <numeric>

#include "cupel/data/dataset.hpp"
#include "support.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<int> numbered(const std::vector<Column>& columns) {
  std::vector<const Column*> pointers;
  for (const Column& column : columns) pointers.push_back(&column);
  std::vector<int> rows(columns.at(0).values.size());
  std::iota(rows.begin(), rows.end(), 0);
  return number_equal_rows(pointers, rows);
}
/// `settings` settings, each `times` times, one reading of each after the other.
std::vector<int> rounds(int settings, int times) {
  std::vector<int> setting;
  for (int k = 0; k < settings * times; ++k) setting.push_back(k % settings);
  return setting;
}

TEST(EqualRows, AreNumberedByFirstAppearance) {
  EXPECT_THAT(
      numbered({number_column("a", {3, 1, 3, 1, 3}), number_column("b", {0, 0, 0, 5, -0.0})}),
      ElementsAre(0, 1, 0, 2, 0));
}

TEST(EqualRows, AreEqualInWordsAndInWhatIsMissing) {
  EXPECT_THAT(numbered({number_column("a", {1, 1, kMissing, kMissing, 1}),
                        text_column("grade", {"x", "y", "x", "x", "x"})}),
              ElementsAre(0, 1, 2, 2, 0));
}

TEST(EqualRows, OfAFactorialDesignAreNone) {
  std::vector<Column> factors(3);
  for (int run = 0; run < 27; ++run)
    for (int f = 0, level = run; f < 3; ++f, level /= 3)
      factors[static_cast<std::size_t>(f)].values.push_back(level % 3);
  EXPECT_EQ(count_numbers(numbered(factors)), 27);
}

TEST(EqualRows, OfAMatrixAreTheSame) {
  Matrix rows(4, 2);
  rows << 1, 2, 1, 3, 1, 2, 0, 2;
  EXPECT_THAT(number_equal_rows(rows), ElementsAre(0, 1, 0, 2));
}

TEST(Together, JoinsWhatGroupsAndRepeatsShare) {
  const std::vector<int> setting = {0, 1, 0, 2, 3}, group = {7, 5, 5, 6, 6};
  EXPECT_THAT(joined_numbers(setting, group), ElementsAre(0, 0, 0, 1, 1));
  EXPECT_THAT(joined_numbers(setting, {}), ElementsAre(0, 1, 0, 2, 3));
}

TEST(Together, LetsAStateOfManyRowsFallApartIntoItsGroups) {
  const std::vector<int> units = {0, 0, 0, 0, 1, 1, 2, 3, 4, 5},
                         groups = {0, 0, 1, 1, 2, 2, 3, 4, 5, 6};
  EXPECT_THAT(without_large_units(units), ElementsAre(0, 1, 2, 3, 4, 4, 5, 6, 7, 8));
  EXPECT_THAT(without_large_units(units, groups), ElementsAre(0, 0, 1, 1, 2, 2, 3, 4, 5, 6));
}

TEST(Together, IsNothingWithoutRepeats) {
  const Together together = rows_together(rounds(30, 1), {});
  EXPECT_THAT(together.unit, IsEmpty());
  EXPECT_EQ(together.repeats, 0);
}

TEST(Together, KeepsRepeatsInOneUnit) {
  const Together together = rows_together(rounds(12, 3), {});
  EXPECT_EQ(together.unit, rounds(12, 3));
  EXPECT_EQ(together.settings, 12);
  EXPECT_EQ(together.repeats, 24);
  EXPECT_EQ(together.apart, 0);
}

TEST(Together, DividesAFewSettingsThatAllRowsShare) {
  const Together together = rows_together(rounds(9, 4), {});
  EXPECT_THAT(together.unit, IsEmpty());
  EXPECT_EQ(together.apart, 36);
}

TEST(Together, DividesOneSettingThatMostRowsShare) {
  std::vector<int> setting = rounds(20, 2);
  setting.insert(setting.end(), 40, 0);
  const Together together = rows_together(setting, {});
  EXPECT_EQ(together.apart, 42);
  EXPECT_EQ(together.unit[1], together.unit[21]);
  EXPECT_NE(together.unit[0], together.unit[40]);
}

TEST(Together, IsFoundByTheDatasetInTheInputsAlone) {
  Table table = table_of({generated("a", 40, [](int row) { return row % 20; }),
                          generated("y", 40, [](int row) { return row; })});
  EXPECT_EQ(make_dataset(table, {.targets = {"y"}}).together.unit, rounds(20, 2));
  table.columns.push_back(generated("b", 40, [](int row) { return row / 20; }));
  EXPECT_EQ(make_dataset(table, {.targets = {"y"}}).together.repeats, 0);
}

}  // namespace
}  // namespace cupel
