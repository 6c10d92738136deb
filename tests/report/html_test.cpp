#include "cupel/report/html.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cupel/report/svg_plot.hpp"

namespace cupel::report {
namespace {

TEST(NumberText, GivesSignificantDigitsAndNoNoise) {
  EXPECT_EQ(number_text(1.000000001), "1");
  EXPECT_EQ(number_text(0.123456), "0.1235");
  EXPECT_EQ(number_text(99.996), "100");
  EXPECT_EQ(number_text(-12.5), "−12.5");
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(-0.0), "0");
}

TEST(NumberText, SetsThousandsApartAndNeverRoundsWholeDigitsAway) {
  EXPECT_EQ(number_text(36733, 3), "36,733");
  EXPECT_EQ(number_text(-1234567, 3), "−1,234,567");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
}

TEST(NumberText, WritesVeryLargeAndSmallNumbersAsPowers) {
  EXPECT_EQ(number_text(1.2e9), "1.2×10⁹");
  EXPECT_EQ(number_text(-3.14159e-7, 3), "−3.14×10⁻⁷");
  EXPECT_EQ(number_text(std::numeric_limits<double>::max(), 3), "1.8×10³⁰⁸");
}

TEST(NumberText, HasSignsForWhatIsNoNumber) {
  EXPECT_EQ(number_text(std::nan("")), "–");
  EXPECT_EQ(number_text(INFINITY), "∞");
  EXPECT_EQ(number_text(-INFINITY), "−∞");
  EXPECT_EQ(percent_text(std::nan("")), "–");
  EXPECT_EQ(duration_text(std::nan("")), "–");
}

TEST(AlignedTexts, GivesOneColumnTheSameDecimals) {
  const double values[] = {3.6, 11.7, std::nan(""), 0.5};
  EXPECT_EQ(aligned_texts(values), (std::vector<std::string>{"3.60", "11.70", "–", "0.50"}));
}

TEST(DurationText, ChoosesUnitsThatPeopleRead) {
  EXPECT_EQ(duration_text(4.23), "4.2 s");
  EXPECT_EQ(duration_text(73.4), "1 min 13 s");
  EXPECT_EQ(duration_text(7500), "2 h 5 min");
}

TEST(Escape, LeavesNoCharacterThatMeansSomethingInHtml) {
  EXPECT_EQ(escape("<a b=\"c\" d='e'>&"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
  EXPECT_EQ(escape(std::string("a\0b\x01", 4)), "a b ");
}

TEST(ShortenedText, CutsBetweenCharactersNotBytes) {
  EXPECT_EQ(shortened_text("Öfentür", 7), "Öfentür");
  EXPECT_EQ(shortened_text("Öfentür", 3), "Öf…");
}

TEST(ListText, CountsWhatItLeavesOut) {
  const std::vector<std::string> names = {"a", "b", "c", "d", "e"};
  EXPECT_EQ(list_text(std::span(names).first(1)), "a");
  EXPECT_EQ(list_text(std::span(names).first(3)), "a, b and c");
  EXPECT_EQ(list_text(names, 2), "a, b and 3 more");
}

TEST(Axis, HasRoundTicksInsideItsRange) {
  for (const Axis& axis : {Axis{"", 0.013, 0.77, false}, Axis{"", -1e6, 3e6, false},
                           Axis{"", 3, 900, true}, Axis{"", 1.1, 1.2, true}}) {
    const std::vector<double> ticks = axis_ticks(axis, 5);
    ASSERT_GE(ticks.size(), 2u);
    EXPECT_LE(ticks.size(), 12u);
    for (double tick : ticks) {
      EXPECT_GE(tick, axis.low);
      EXPECT_LE(tick, axis.high);
    }
  }
}

TEST(Axis, HasRoomForOneValueForNoneAndForExtremes) {
  const std::vector<double> one = {5}, none, bad = {std::nan(""), INFINITY}, zero = {0};
  const std::vector<double> huge = {-1.7e308, 1.7e308};
  for (const auto& values : {one, none, bad, zero, huge})
    for (bool log : {false, true}) {
      const Axis axis = fitted_axis("", {values}, log);
      EXPECT_LT(axis.low, axis.high);
    }
}

TEST(Thinning, KeepsFirstAndLastAndTheLimit) {
  const std::vector<int> rows = thinned(36733, 1500);
  EXPECT_EQ(rows.size(), 1500u);
  EXPECT_EQ(rows.front(), 0);
  EXPECT_EQ(rows.back(), 36732);
  EXPECT_EQ(thinned(3, 10), (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(thinned(0, 10).empty());
}

}  // namespace
}  // namespace cupel::report
