#include "cupel/process/formulas.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

TEST(Formulas, ComputeFromTheNamedValues) {
  Formulas formulas({"T", "steam flow", "e1"});
  const int cost = formulas.add("2 * T + max(`steam flow`, 3) ^ 2 + 1e1", "cost");
  const int other = formulas.add("e1 + sin(0)", "other");
  formulas.values()[0] = 10;
  formulas.values()[1] = 4;
  formulas.values()[2] = 7;
  EXPECT_DOUBLE_EQ(formulas.value(cost), 46);
  EXPECT_DOUBLE_EQ(formulas.value(other), 7);
  EXPECT_EQ(formulas.reads(cost), (std::vector<int>{0, 1}));
}

TEST(Formulas, KnowNamesWithPointsAndBlanksAsTheyAre) {
  Formulas formulas({"FI101.PV", "T air", "T", "max flow", "Zuluft_°C"});
  const int all = formulas.add("FI101.PV + 2*T air-T + max(T, max flow) + Zuluft_°C", "all");
  for (int k = 0; k < 5; ++k) formulas.values()[static_cast<std::size_t>(k)] = 1 + k;
  EXPECT_DOUBLE_EQ(formulas.value(all), 1 + 2 * 2 - 3 + 4 + 5);
  EXPECT_EQ(formulas.reads(all), (std::vector<int>{0, 1, 2, 3, 4}));
}

void expect_refused(const std::string& text, const std::string& culprit) {
  Formulas formulas({"T", "flow"});
  try {
    formulas.add(text, "limit 'L'");
    FAIL() << text << " was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(error.message().find("limit 'L'"), std::string::npos) << error.message();
    EXPECT_NE((error.message() + error.hint()).find(culprit), std::string::npos) << error.message();
  }
}

TEST(Formulas, NameWhatTheyCannotRead) {
  expect_refused("T + flwo", "did you mean 'flow'");
  expect_refused("T + (2", "cannot be read");
  expect_refused("T +* 2", "cannot be read");
  expect_refused("", "cannot be read");
  expect_refused("`T", "not closed");
}

TEST(Formulas, WriteNothingAndReachNothingOutside) {
  expect_refused("T = 3", "assigns");
  expect_refused("T += 3", "assigns");
  expect_refused("system(1)", "cannot be read");
  expect_refused("fopen(T)", "cannot be read");
  expect_refused("\"/etc/passwd\"", "quotes");
  expect_refused("q1_", "no 'q1_'");
  Formulas formulas({"T"});
  formulas.values()[0] = 5;
  EXPECT_EQ(formulas.value(formulas.add("T == 5", "t")), 1);
  EXPECT_EQ(formulas.values()[0], 5);
}

}  // namespace
}  // namespace cupel
