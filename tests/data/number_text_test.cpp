#include "cupel/data/number_text.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace cupel {
namespace {

double read(std::string_view text, char mark = '.') {
  const auto number = parse_written(text, mark);
  return number ? number->value : std::nan("");
}

TEST(NumberText, ReadsMarksBetweenGroupsOfDigits) {
  for (const char* text : {"1,234,567.5", "1 234 567.5", "1'234'567.5",
                           "1\xE2\x80\x99"
                           "234\xE2\x80\x99"
                           "567.5",
                           "1\xC2\xA0"
                           "234\xC2\xA0"
                           "567.5",
                           "12,34,567.5"})
    EXPECT_EQ(read(text), text[1] == '2' ? 1234567.5 : 1234567.5) << text;
  EXPECT_EQ(read("1.234.567,5", ','), 1234567.5);
  EXPECT_EQ(read("1 234,5", ','), 1234.5);
  for (const char* text : {"12,34", "1,23,45", "1,2345", "0,123", "1,234,56", "1.234.567,5"})
    EXPECT_TRUE(std::isnan(read(text))) << text;
}

TEST(NumberText, ReadsSignsOfEveryKind) {
  for (const char* text : {"-12.5",
                           "\xE2\x88\x92"
                           "12.5",
                           "\xE2\x80\x93"
                           "12.5",
                           "12.5-", "(12.5)", "- 12.5", "\xE2\x88\x92 12.5"})
    EXPECT_EQ(read(text), -12.5) << text;
  EXPECT_EQ(read("(1,234.50)"), -1234.5);
  for (const char* text : {"--12.5", "(-12.5)", "-12.5-", "-", "()", "(a)", "12-5"})
    EXPECT_TRUE(std::isnan(read(text))) << text;
}

TEST(NumberText, ReadsExponentsOfFortranAndOfPrint) {
  EXPECT_EQ(read("1.5D+03"), 1500);
  EXPECT_EQ(read("1.5\xC3\x97"
                 "10^3"),
            1500);
}

TEST(NumberText, TellsWhatAMarkMayBe) {
  EXPECT_EQ(mark_evidence("2.5"), MarkEvidence::decimal_point);
  EXPECT_EQ(mark_evidence("0,125"), MarkEvidence::decimal_comma);
  EXPECT_EQ(mark_evidence("1,318"), MarkEvidence::open_comma);
  EXPECT_EQ(mark_evidence("-1.318"), MarkEvidence::open_point);
  EXPECT_EQ(mark_evidence("1,234,567"), MarkEvidence::grouping_comma);
  EXPECT_EQ(mark_evidence("1.234,5"), MarkEvidence::decimal_comma);
  EXPECT_EQ(mark_evidence("1,234.5"), MarkEvidence::decimal_point);
  EXPECT_EQ(mark_evidence("943"), MarkEvidence::none);
  EXPECT_EQ(mark_evidence("2,4-D"), MarkEvidence::none);
}

TEST(NumberText, ReadsUnitsAndMoney) {
  EXPECT_EQ(parse_with_unit("2.08 K", '.')->unit, "K");
  EXPECT_EQ(parse_with_unit("1,234.5 kg/h", '.')->number, 1234.5);
  EXPECT_EQ(parse_with_unit("$ 4.50", '.')->number, 4.5);
  EXPECT_EQ(parse_with_unit("-5 \xC2\xB0"
                            "C",
                            '.')
                ->number,
            -5);
  EXPECT_FALSE(parse_with_unit("kg", '.'));
}

TEST(NumberText, KnowsLimits) {
  for (const char* text : {"<0.05", "< 0,05", ">100", "<=3", "\xE2\x89\xA4 3 mg/l"})
    EXPECT_TRUE(is_limit(text, '.')) << text;
  for (const char* text : {"<", "0.05", "<none>", "<a"}) EXPECT_FALSE(is_limit(text, '.')) << text;
}

}  // namespace
}  // namespace cupel
