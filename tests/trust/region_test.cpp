#include "cupel/trust/region.hpp"

#include <gtest/gtest.h>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

EncodedColumn temperature() {
  EncodedColumn column;
  column.name = "T";
  column.unit = "degC";
  column.low = 50;
  column.up = 110;
  return column;
}

EncodedColumn catalyst() {
  EncodedColumn column;
  column.name = "catalyst";
  column.text = true;
  column.levels = {"A", "B"};
  return column;
}

std::vector<Column> one_row(double value, const std::string& word) {
  Column number, text;
  number.values = {value};
  text.kind = ColumnKind::text;
  text.values = {0};
  text.words = {word};
  return {number, text};
}

std::string reason(double value, const std::string& word) {
  Encoder encoder;
  encoder.columns = {temperature(), catalyst()};
  return outside_reason({}, encoder, one_row(value, word), 0);
}

TEST(Region, AcceptsTheTrainingRangeWidenedByATenth) {
  EXPECT_EQ(reason(50, "A"), "");
  EXPECT_EQ(reason(44, "B"), "");
  EXPECT_EQ(reason(116, "A"), "");
  EXPECT_NE(reason(43.9, "A"), "");
  EXPECT_NE(reason(116.1, "A"), "");
}

TEST(Region, NamesInputValueUnitAndRange) {
  EXPECT_EQ(reason(131.25, "A"), "T = 131.25 degC is outside 50 to 110 degC by more than 10 %");
}

TEST(Region, NamesUnseenWordsAndJoinsReasons) {
  EXPECT_EQ(reason(60, "C"), "catalyst = 'C' was not in the training data");
  EXPECT_EQ(reason(0, "C"),
            "T = 0 degC is outside 50 to 110 degC by more than 10 %; catalyst = 'C' was not in the "
            "training data");
}

TEST(Region, DoesNotBlameMissingCells) { EXPECT_EQ(reason(kMissing, "A"), ""); }

TEST(Region, OfAConstantInputIsItsValue) {
  EncodedColumn column = temperature();
  column.low = column.up = 0.1;
  EXPECT_EQ(outside_reason({}, column, one_row(0.1, "A")[0], 0), "");
  EXPECT_NE(outside_reason({}, column, one_row(0.2, "A")[0], 0), "");
}

TEST(Region, CallsThreeWidthsBeyondTheRangeFar) {
  EXPECT_EQ(far_ratio(50, 110, 80), 0);
  EXPECT_EQ(far_ratio(50, 110, kMissing), 0);
  EXPECT_DOUBLE_EQ(far_ratio(50, 110, 110 + 180), 1);
  EXPECT_DOUBLE_EQ(far_ratio(50, 110, 50 - 360), 2);
  EXPECT_DOUBLE_EQ(far_ratio(6, 6, 3), 1);
  EXPECT_GT(far_ratio(0, 0, 0.1), 1);
}

TEST(Region, RefusesAMarginThatIsNone) {
  EXPECT_EQ(region_from_json(to_json(ValidRegion{.margin = 0.25, .cloud = {}}), 2).margin, 0.25);
  EXPECT_THROW(region_from_json(parse_json(R"({"margin": -1})", "t"), 2), Error);
  EXPECT_THROW(region_from_json(parse_json(R"({"margin": null})", "t"), 2), Error);
}

}  // namespace
}  // namespace cupel
