#include "cupel/base/csv_cell.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/rng.hpp"
#include "cupel/base/shown_number.hpp"

namespace cupel {
namespace {

TEST(CsvCell, NumbersReadBackAsTheSame) {
  for (const double value : {1234567180.7534561, 1e12 + 0.25, 0.1, 1.0 / 3, -1e-300, 1e300, 0.0})
    EXPECT_EQ(std::stod(csv_number(value)), value) << csv_number(value);
  EXPECT_EQ(csv_number(NAN), "");
  EXPECT_EQ(csv_number(INFINITY), "");
}

TEST(CsvCell, RunsNowhere) {
  EXPECT_EQ(csv_text("=1+1"), "'=1+1");
  EXPECT_EQ(csv_text("+T"), "'+T");
  EXPECT_EQ(csv_text("-T"), "'-T");
  EXPECT_EQ(csv_text("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv_text("  =T"), "\"  '=T\"");
  EXPECT_EQ(csv_text("a;=cmd|' /C calc'!A0"), "\"a;'=cmd|' /C calc'!A0\"");
  EXPECT_EQ(csv_text("a,\"=b\""), "\"a,\"\"'=b\"\"\"");
  EXPECT_EQ(csv_text("\t=T"), "\"'\t'=T\"");
}

TEST(CsvCell, LeavesAllElseAsItIs) {
  for (const char* text : {"T", "T - 5", "-5", "+3.5e2", "x=3", "pH (-)", "", "T's"})
    EXPECT_EQ(csv_text(text), text);
  EXPECT_EQ(csv_text("a, b"), "\"a, b\"");
  EXPECT_EQ(csv_text("5\" pipe"), "\"5\"\" pipe\"");
  EXPECT_EQ(without_guards("'quoted'"), "'quoted'");
}

TEST(CsvCell, GuardsAreUndoneForEveryText) {
  Rng rng(3);
  const std::string signs = "=+-@'\";, \t\r\n|aT1";
  for (int trial = 0; trial < 20000; ++trial) {
    std::string text, cell;
    for (int k = rng.below(8); k >= 0; --k)
      text += signs[static_cast<std::size_t>(rng.below(static_cast<int>(signs.size())))];
    const std::string written = csv_text(text);
    if (written.starts_with('"'))  // read as the reader of CSV files does
      for (std::size_t k = 1; k + 1 < written.size(); ++k) {
        cell += written[k];
        if (written[k] == '"') ++k;
      }
    else
      cell = written;
    ASSERT_EQ(without_guards(cell), text) << written;
  }
}

TEST(ShownNumber, TellsTheWidthApart) {
  EXPECT_EQ(shown_number(1234567180.753, 0.54, 5), "1234567180.753");
  EXPECT_EQ(shown_number(48.1234567, 3, 5), "48.123");
  EXPECT_EQ(shown_number(0, 3, 5), "0");
  EXPECT_EQ(shown_number(1e300, 1e-300, 5), "1.0000000000000001e+300");
}

}  // namespace
}  // namespace cupel
