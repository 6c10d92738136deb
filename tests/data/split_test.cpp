#include "cupel/data/split.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <set>

#include "cupel/base/rng.hpp"
#include "support.hpp"

namespace cupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Dataset rows(int count, int groups = 0) {
  Dataset data;
  data.rows = count;
  Rng rng(5);
  for (int row = 0; groups > 0 && row < count; ++row) data.group.push_back(rng.below(groups));
  return data;
}
std::vector<int> range(int begin, int end) {
  std::vector<int> result(static_cast<std::size_t>(end - begin));
  std::iota(result.begin(), result.end(), begin);
  return result;
}
std::vector<int> joined(std::vector<int> a, const std::vector<int>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  return a;
}
bool is_increasing(const std::vector<int>& values) {
  return std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
}
std::set<int> groups_in(const Dataset& data, const std::vector<int>& part) {
  std::set<int> groups;
  for (const int row : part) groups.insert(data.group[static_cast<std::size_t>(row)]);
  return groups;
}
bool disjoint(const std::set<int>& a, const std::set<int>& b) {
  return std::none_of(a.begin(), a.end(), [&](int value) { return b.count(value) > 0; });
}
std::string refused(const Dataset& data, const SplitOptions& options) {
  return error_of(ErrorKind::usage, [&] { make_split(data, options); });
}

TEST(Split, KeepsEveryRowExactlyOnce) {
  Rng rng(1);
  for (int round = 0; round < 100; ++round) {
    const Dataset data = rows(20 + rng.below(300), rng.chance(0.5) ? 0 : 8 + rng.below(20));
    SplitOptions options;
    options.kind = rng.chance(0.5) ? SplitKind::random : SplitKind::ordered;
    options.test_fraction = rng.uniform(0, 0.5);
    options.folds = rng.below(5);
    options.seed = rng.next();
    const Split split = make_split(data, options);
    EXPECT_EQ(joined(split.design, split.test), range(0, data.rows));
    std::vector<int> validated;
    for (const Fold& fold : split.folds) {
      EXPECT_EQ(joined(fold.train, fold.validation), split.design);
      EXPECT_TRUE(is_increasing(fold.train) && is_increasing(fold.validation));
      validated = joined(validated, fold.validation);
    }
    if (split.folds.size() > 1) {
      EXPECT_EQ(validated, split.design);
    }
  }
}

TEST(Split, TakesTheFractionsAskedFor) {
  const Split split = make_split(rows(1000), {.test_fraction = 0.25, .folds = 1});
  EXPECT_EQ(split.test.size(), 250u);
  EXPECT_EQ(split.folds.at(0).validation.size(), 150u);
  EXPECT_TRUE(make_split(rows(100), {.test_fraction = 0}).test.empty());
}

TEST(Split, IsTheSameForTheSameSeedOnly) {
  const Dataset data = rows(200);
  EXPECT_EQ(make_split(data, {.seed = 3}).test, make_split(data, {.seed = 3}).test);
  EXPECT_NE(make_split(data, {.seed = 3}).test, make_split(data, {.seed = 4}).test);
}

TEST(Split, DrawsEveryRowAboutAsOften) {
  const Dataset data = rows(40);
  std::vector<int> drawn(40, 0);
  for (std::uint64_t seed = 0; seed < 2000; ++seed)
    for (const int row : make_split(data, {.seed = seed}).test)
      ++drawn[static_cast<std::size_t>(row)];
  const auto [least, most] = std::minmax_element(drawn.begin(), drawn.end());
  EXPECT_GT(*least, 400);  // 500 expected, standard deviation 19
  EXPECT_LT(*most, 600);
}

TEST(Split, KeepsGroupsTogether) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Dataset data = rows(200, 15);
    const Split split = make_split(data, {.folds = static_cast<int>(seed % 4), .seed = seed});
    EXPECT_TRUE(disjoint(groups_in(data, split.design), groups_in(data, split.test)));
    for (const Fold& fold : split.folds)
      EXPECT_TRUE(disjoint(groups_in(data, fold.train), groups_in(data, fold.validation)));
    EXPECT_NEAR(static_cast<double>(split.test.size()), 50, 15);
  }
}

/// `settings` settings of the inputs, each `times` times, in rounds.
Dataset repeated(int settings, int times) {
  Dataset data = rows(settings * times);
  std::vector<int> setting;
  for (int row = 0; row < data.rows; ++row) setting.push_back(row % settings);
  data.together = rows_together(setting, {});
  return data;
}
std::set<int> units_in(const Dataset& data, const std::vector<int>& part) {
  std::set<int> units;
  for (const int row : part) units.insert(data.together.unit[static_cast<std::size_t>(row)]);
  return units;
}

TEST(Split, KeepsRepeatsTogether) {
  const Dataset data = repeated(40, 5);
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (const int folds : {0, 1, 4}) {
      const SplitOptions options{.folds = folds, .seed = seed};
      const Split split = make_split(data, options);
      EXPECT_NEAR(static_cast<double>(split.test.size()), 50, 5);
      EXPECT_TRUE(disjoint(units_in(data, split.test), units_in(data, split.design)));
      std::vector<Fold> all = split.folds;
      for (Fold& fold : fold_again(data, split, options, seed + 1)) all.push_back(std::move(fold));
      for (const Fold& fold : all) {
        EXPECT_TRUE(disjoint(units_in(data, fold.validation), units_in(data, fold.train)));
        EXPECT_EQ(joined(fold.train, fold.validation), split.design);
      }
    }
}

TEST(Split, KeepsRepeatsOfDifferentGroupsTogether) {
  Dataset data = rows(200);
  std::vector<int> setting;
  for (int row = 0; row < 200; ++row) {
    data.group.push_back(row / 4);
    setting.push_back(row % 8 == 0 ? row / 16 : 100 + row);  // groups 0 and 2 share one, and so on
  }
  std::vector<int> numbers = joined_numbers(setting, {});
  data.together = rows_together(numbers, data.group);
  const Split split = make_split(data, {.seed = 3});
  EXPECT_TRUE(disjoint(groups_in(data, split.test), groups_in(data, split.design)));
  EXPECT_TRUE(disjoint(units_in(data, split.test), units_in(data, split.design)));
  for (const Fold& fold : split.folds)
    EXPECT_TRUE(disjoint(units_in(data, fold.validation), units_in(data, fold.train)));
}

TEST(Split, IsHardlyChangedByAFewRepeats) {
  Dataset data = rows(1000);
  const Split plain = make_split(data, {.seed = 4});
  std::vector<int> setting = range(0, 1000);
  for (int k = 0; k < 5; ++k) setting[static_cast<std::size_t>(990 + k)] = k;
  for (int k = 995; k < 1000; ++k) setting[static_cast<std::size_t>(k)] -= 5;
  data.together = rows_together(setting, {});
  const Split split = make_split(data, {.seed = 4});
  std::vector<int> both;
  std::set_intersection(plain.test.begin(), plain.test.end(), split.test.begin(), split.test.end(),
                        std::back_inserter(both));
  EXPECT_GE(both.size(), 240u);
}

TEST(Split, TakesFewerFoldsOfFewSettingsUnlessAsked) {
  const Dataset data = repeated(10, 20);
  EXPECT_EQ(make_split(data, {.test_fraction = 0.7, .seed = 1}).folds.size(), 3u);
  EXPECT_THAT(refused(data, {.test_fraction = 0.7, .folds = 5, .seed = 1}),
              HasSubstr("different settings"));
}

TEST(Split, DividesATableOfFewSettings) {
  const Split split = make_split(repeated(3, 40), {.seed = 1});
  EXPECT_EQ(split.test.size(), 30u);
  EXPECT_EQ(split.folds.size(), 5u);
}

TEST(Split, LeavesOrderedRowsInOrderWhateverTheyRepeat) {
  const SplitOptions options{.kind = SplitKind::ordered};
  const Split split = make_split(repeated(40, 5), options), plain = make_split(rows(200), options);
  EXPECT_EQ(split.test, plain.test);
  EXPECT_EQ(split.folds[2].validation, plain.folds[2].validation);
}

TEST(Split, TestsOnTheLastRowsOfOrderedData) {
  const Split split =
      make_split(rows(100), {.kind = SplitKind::ordered, .test_fraction = 0.2, .folds = 1});
  EXPECT_EQ(split.test, range(80, 100));
  EXPECT_EQ(split.design, range(0, 80));
  EXPECT_EQ(split.folds.at(0).validation, range(64, 80));
}

TEST(Split, LeavesAGapAroundEveryPartOfOrderedData) {
  const Split split = make_split(
      rows(100), {.kind = SplitKind::ordered, .test_fraction = 0.2, .folds = 4, .gap = 3});
  EXPECT_EQ(split.design, range(0, 77));
  ASSERT_EQ(split.folds.size(), 4u);
  for (const Fold& fold : split.folds) {
    EXPECT_EQ(fold.validation.back() - fold.validation.front() + 1, std::ssize(fold.validation));
    for (const int row : fold.train)
      EXPECT_TRUE(row < fold.validation.front() - 3 || row > fold.validation.back() + 3);
  }
  EXPECT_EQ(split.folds[1].train.size() + split.folds[1].validation.size(), 77u - 6u);
}

TEST(LaterFolds, LearnOnlyFromWhatCameBefore) {
  const SplitOptions options{.kind = SplitKind::ordered, .test_fraction = 0.2, .gap = 3};
  const std::vector<Fold> folds = later_folds(make_split(rows(100), options), options);
  // 77 design rows: 0 to 76.
  ASSERT_EQ(folds.size(), 3u);
  EXPECT_EQ(folds[0].train, range(0, 30 - 3));
  EXPECT_EQ(folds[0].validation, range(30, 46));
  EXPECT_EQ(folds[1].train, range(0, 46 - 3));
  EXPECT_EQ(folds[1].validation, range(46, 61));
  EXPECT_EQ(folds[2].train, range(0, 61 - 3));
  EXPECT_EQ(folds[2].validation, range(61, 77));
}

TEST(LaterFolds, AreNoneOfAFewRows) {
  for (const int few : {3, 5, 24}) {
    const SplitOptions options{.kind = SplitKind::ordered, .test_fraction = 0, .folds = 2};
    EXPECT_TRUE(later_folds(make_split(rows(few), options), options).empty()) << few;
  }
}

TEST(LaterFolds, AreLeftOutWhereTheGapLeavesLittleToLearnFrom) {
  const SplitOptions options{.kind = SplitKind::ordered, .test_fraction = 0, .folds = 5, .gap = 30};
  const std::vector<Fold> folds = later_folds(make_split(rows(100), options), options);
  ASSERT_EQ(folds.size(), 2u);
  EXPECT_EQ(folds[0].train, range(0, 60 - 30));
}

TEST(Split, ChoosesFoldsByTheNumberOfRows) {
  EXPECT_EQ(make_split(rows(500), {}).folds.size(), 5u);
  EXPECT_EQ(make_split(rows(8000), {}).folds.size(), 1u);
}

TEST(Split, MakesFoldsOfEqualSize) {
  for (const Fold& fold : make_split(rows(103), {.test_fraction = 0, .folds = 10}).folds)
    EXPECT_NEAR(static_cast<double>(fold.validation.size()), 10.3, 0.71);
}

TEST(Split, TakesFixedRows) {
  const Split split = make_split(
      rows(20),
      {.kind = SplitKind::fixed, .folds = 2, .train_rows = {5, 1, 3, 2}, .test_rows = {7, 6}});
  EXPECT_THAT(split.design, ElementsAre(1, 2, 3, 5));
  EXPECT_THAT(split.test, ElementsAre(6, 7));
  const Split rest =
      make_split(rows(20), {.kind = SplitKind::fixed, .train_rows = {}, .test_rows = {7, 6}});
  EXPECT_EQ(rest.design.size(), 18u);
}

TEST(Split, RefusesWhatIsImpossible) {
  refused(rows(100), {.test_fraction = 1});
  refused(rows(100), {.test_fraction = -0.1});
  refused(rows(100), {.folds = -1});
  refused(rows(100), {.folds = 1, .validation_fraction = 0});
  refused(rows(100), {.folds = 200});
  refused(rows(100), {.kind = SplitKind::ordered, .folds = 1, .gap = 80});
  refused(rows(100, 2), {.folds = 5});
  EXPECT_THAT(refused(rows(10), {.kind = SplitKind::fixed, .train_rows = {}, .test_rows = {10}}),
              HasSubstr("row 10 does not exist"));
  EXPECT_THAT(refused(rows(10), {.kind = SplitKind::fixed, .train_rows = {1, 2}, .test_rows = {2}}),
              HasSubstr("row 2 is both"));
  EXPECT_THAT(refused(rows(10), {.kind = SplitKind::fixed, .train_rows = {1, 1}, .test_rows = {}}),
              HasSubstr("twice"));
}

TEST(RowNumbers, AreReadOneALine) {
  const std::string path = testing::TempDir() + "row_numbers.txt";
  std::ofstream(path) << "3\n\n 14\r\n0\n";
  EXPECT_THAT(read_row_numbers(path), ElementsAre(3, 14, 0));
  std::ofstream(path) << "3\n4.5\n";
  EXPECT_THAT(error_of(ErrorKind::usage, [&] { read_row_numbers(path); }), HasSubstr("line 2"));
  error_of(ErrorKind::usage, [] { read_row_numbers("/no/such/file"); });
}

}  // namespace
}  // namespace cupel
