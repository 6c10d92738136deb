#include "cupel/process/formula_range.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

struct Case {
  const char* formula;
  double low, up;  ///< its range for x in [-1, 2], y in [3, 5], z in [0.5, 4]
};

Interval range(const std::string& text,
               std::vector<FreeName> free = {{0, -1, 2}, {1, 3, 5}, {2, 0.5, 4}}) {
  Formulas formulas({"x", "y", "z"});
  return range_of(formulas, {.formula = formulas.add(text, "test"), .free = std::move(free)});
}

TEST(FormulaRange, HoldsExtremaInsideTheBox) {
  const std::vector<Case> cases{
      {"x", -1, 2},
      {"abs(x)", 0, 2},
      {"x^2", 0, 4},
      {"x*x", 0, 4},
      {"x^3", -1, 8},
      {"(x-1)*(x-1)+y", 3, 9},
      {"x*(1-x)", -2, 0.25},
      {"abs(y-4)", 0, 1},
      {"(y-4)^2 - abs(x-1)", -2, 1},
      {"sin(y)", -1, std::sin(3.0)},
      {"cos(x)", std::cos(2.0), 1},
      {"exp(-(x-1)^2)", std::exp(-4.0), 1},
      {"min(x, 1-x)", -1, 0.5},
      {"max(x, 1-x)", 0.5, 2},
      {"z + 1/z", 2, 4.25},
      {"z/3*ln(z/3)", -1 / std::exp(1.0), 4.0 / 3 * std::log(4.0 / 3)},
      {"(y-z)/(y+z)", -1.0 / 7, 4.5 / 5.5},
      {"x/(1+x*x)", -0.5, 0.5},
      {"1e-3*y/y + y", 3.001, 5.001},
      {"x-x", 0, 0},
      {"x > 1 ? 10 : x", -1, 10},
      {"x > 0 ? sqrt(x) : 0", 0, std::sqrt(2.0)},
      {"x >= 0 && y > 1 ? sqrt(x) : -x", 0, std::sqrt(2.0)},
      {"2*x - 1 > 0 ? 1/(2*x+1) : 7", 0.2, 7},
      {"abs(x) < 0.5 ? sqrt(0.5 + x) : 0.5", 0, 1},
      {"rint(x)", -1, 2},
      {"sign(x)", -1, 1},
      {"x == 7", 0, 0},
      {"x != 7", 1, 1},
      {"x < 5", 1, 1},
      {"x < y", 1, 1},
      {"x < 1", 0, 1},
      {"2^x", 0.5, 4},
      {"z^x", 0.25 * 0.25, 16},
      {"sqrt(x^2 + (y-4)^2)", 0, std::sqrt(5.0)},
      {"atan2(y, x)", std::atan2(3.0, 2.0), std::atan2(3.0, -1.0)},
      {"avg(x, y, z)", 2.5 / 3, 11.0 / 3},
      {"cosh(x) + tanh(z) - sinh(x)", std::exp(-2.0) + std::tanh(0.5),
       std::exp(1.0) + std::tanh(4)},
      {"asinh(x) + atan(y) + asin(x/2)", std::asinh(-1.0) + std::atan(3.0) + std::asin(-0.5),
       std::asinh(2.0) + std::atan(5.0) + std::asin(1.0)},
      {"acos(x/2)", 0, std::acos(-0.5)},
      {"acosh(y) - atanh(x/3)", std::acosh(3.0) - std::atanh(2.0 / 3),
       std::acosh(5.0) + std::atanh(1.0 / 3)},
      {"log2(z) + log10(z) + log(z)", std::log2(0.5) + std::log10(0.5) + std::log(0.5),
       std::log2(4.0) + std::log10(4.0) + std::log(4.0)},
      {"tan(x/2)", std::tan(-0.5), std::tan(1.0)},
  };
  for (const Case& one : cases) {
    if (std::string(one.formula) == "z^x") {  // 4^2 at most; at least 4^-1 or 0.5^2
      const Interval found = range(one.formula);
      EXPECT_NEAR(found.low, 0.25, 1e-3);
      EXPECT_NEAR(found.up, 16, 1e-2);
      continue;
    }
    const Interval found = range(one.formula);
    const double slack = 2e-4 * (one.up - one.low) + 1e-12;
    EXPECT_LE(found.low, one.low + 1e-14) << one.formula;
    EXPECT_GE(found.up, one.up - 1e-14) << one.formula;
    EXPECT_NEAR(found.low, one.low, slack) << one.formula;
    EXPECT_NEAR(found.up, one.up, slack) << one.formula;
  }
}

TEST(FormulaRange, IsWithoutEndWhereTheFormulaMayHaveNoValue) {
  for (const char* formula :
       {"1/x", "y/(x-1)", "sqrt(x)", "log(x)", "1/x^2", "x^0.5", "tan(y/2)", "asin(y)", "acosh(x)",
        "(x-1)/(x-1)", "x^-1", "atan(sqrt(x))", "min(1, log(x))", "sqrt(x) > 1", "x^y"}) {
    const Interval found = range(formula);
    EXPECT_EQ(found.low, -INFINITY) << formula;
    EXPECT_EQ(found.up, INFINITY) << formula;
  }
  EXPECT_EQ(range("max(-5, 1/(x-2.5))").low, -2) << "no pole inside";
}

TEST(FormulaRange, GoesThroughNamedFormulas) {
  Formulas formulas({"x", "half", "bow"});
  const int half = formulas.add("x/2", "half"), bow = formulas.add("half*(1-half)", "bow");
  const RangeQuery query{.formula = formulas.add("bow + 0*x", "limit"),
                         .named = {{1, half}, {2, bow}},
                         .free = {{0, -2, 4}}};
  const Interval found = range_of(formulas, query);
  EXPECT_NEAR(found.up, 0.25, 1e-3);
  EXPECT_GE(found.up, 0.25);
  EXPECT_NEAR(found.low, -2, 1e-3);
}

/// A random formula over x, y and z, as deep as asked for.
std::string random_formula(Rng& rng, int depth) {
  const auto pick = [&](auto... options) {
    const std::vector<std::string> all{options...};
    return all[rng.below(all.size())];
  };
  if (depth == 0) return pick("x", "y", "z", "x", "y", "0.7", "2", "_pi", "1.5e0");
  const auto part = [&] { return random_formula(rng, depth - 1); };
  switch (rng.below(7)) {
    case 0:
      return pick("abs", "sin", "cos", "exp", "atan", "tanh", "sign", "rint", "sqrt", "ln", "cosh",
                  "sinh", "asinh", "tan", "log2", "log10", "acos", "asin", "acosh", "atanh") +
             ("(" + part() + ")");
    case 1:
      return pick("min", "max", "sum", "avg", "atan2") + ("(" + part() + "," + part() + ")");
    case 2:
      return "(" + part() + pick(">", "<=", "==", "&&", "||", "!=", "<", ">=") + part() + "?" +
             part() + ":" + part() + ")";
    case 3:
      return "(" + part() + ")^" + pick("2", "3", "0.5", "-1", "-2", "2^0.5", "x");
    case 4:
      return part() + pick("*", "/") + part();
    case 5:
      return "(-" + part() + ")";
    default:
      return part() + pick("+", "-") + part();
  }
}

TEST(FormulaRange, HoldsEveryValueOfRandomFormulas) {
  Rng rng(5);
  int bounded = 0, tight = 0, total = 0;
  for (int trial = 0; trial < 1500; ++trial) {
    const std::string text = random_formula(rng, 1 + static_cast<int>(rng.below(3)));
    Formulas formulas({"x", "y", "z"});
    RangeQuery query;
    try {
      query.formula = formulas.add(text, "random");
    } catch (const Error&) {
      continue;  // two signs in a row
    }
    for (int k = 0; k < 3; ++k) {
      const double low = rng.uniform(-2, 3);
      query.free.push_back({k, low, low + rng.uniform(0, 2)});
    }
    const Interval found = range_of(formulas, query);
    double low = INFINITY, up = -INFINITY;
    bool finite = true;
    for (int sample = 0; sample < 2000; ++sample) {
      for (const FreeName& free : query.free) {
        const auto corner = rng.below(4);
        formulas.values()[static_cast<std::size_t>(free.name)] =
            corner == 0   ? free.low
            : corner == 1 ? free.up
                          : rng.uniform(free.low, free.up);
      }
      const double value = formulas.value(query.formula);
      if (std::isnan(value)) {
        EXPECT_EQ(found.low, -INFINITY) << text;
        finite = false;
        continue;
      }
      const double noise = 1e-12 * std::abs(value);
      ASSERT_GE(value, found.low - noise) << text;
      ASSERT_LE(value, found.up + noise) << text;
      finite = finite && std::isfinite(value);
      low = std::min(low, value);
      up = std::max(up, value);
    }
    if (!finite || up - low > 1e6) continue;
    ++total;
    if (std::isinf(found.low) || std::isinf(found.up)) continue;
    ++bounded;
    tight += found.up - found.low <= 1.05 * (up - low) + 1e-6 * std::abs(up) ? 1 : 0;
  }
  EXPECT_GT(total, 500);
  EXPECT_GT(bounded, 0.8 * total) << "bounds that hold are no use if they have no ends";
  EXPECT_GT(tight, 0.85 * bounded) << "of " << bounded;
}

TEST(FormulaRange, ComputesWhatTheFormulaComputes) {
  Rng rng(9);
  int compared = 0, exact = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    std::string text = random_formula(rng, 1 + static_cast<int>(rng.below(4)));
    if (rng.below(2) == 0) std::erase(text, '(');
    if (rng.below(2) == 0) std::erase(text, ')');
    Formulas formulas({"x", "y", "z"});
    int formula = 0;
    try {
      formula = formulas.add(text, "random");
    } catch (const Error&) {
      continue;
    }
    for (double& value : formulas.values()) value = rng.uniform(-2, 3);
    const double value = formulas.value(formula);
    RangeQuery query{.formula = formula};
    const Interval found = range_of(formulas, query);
    if (!std::isfinite(value) || std::isinf(found.low)) continue;
    ++compared;
    const double noise = 1e-9 * std::abs(value) + 1e-9;
    EXPECT_LE(found.low, value + noise) << text;
    EXPECT_GE(found.up, value - noise) << text;
    exact += found.up - found.low <= noise ? 1 : 0;
  }
  EXPECT_GT(compared, 500);
  EXPECT_GT(exact, 0.95 * compared);
}

TEST(FormulaRange, RefusesWhatIsNestedTooDeeply) {
  Formulas formulas({"x"});
  EXPECT_THROW(formulas.add(std::string(5000, '(') + "x" + std::string(5000, ')'), "deep"), Error);
  std::string chain = "x";
  for (int k = 0; k < 2000; ++k) chain += "+x";
  EXPECT_NEAR(range_of(formulas, {.formula = formulas.add(chain, "long"), .free = {{0, 1, 2}}}).up,
              4002, 1e-6);
}

}  // namespace
}  // namespace cupel
