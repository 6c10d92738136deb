#include <gtest/gtest.h>

#include <Eigen/QR>
#include <array>
#include <cmath>
#include <limits>

#include "cupel/base/rng.hpp"
#include "cupel/study/compare/distributions.hpp"
#include "cupel/study/compare/paired_tests.hpp"
#include "cupel/study/compare/rank_tests.hpp"
#include "cupel/study/compare/verdict.hpp"

namespace cupel {
namespace {

TEST(Distributions, MatchPrintedTables) {
  // Two-sided t: the 97.5 % points.
  EXPECT_NEAR(student_t_two_sided(2.262157, 9), 0.05, 1e-6);
  EXPECT_NEAR(student_t_two_sided(-12.7062, 1), 0.05, 1e-6);
  EXPECT_NEAR(student_t_two_sided(0, 4), 1, 1e-12);
  EXPECT_NEAR(fisher_f_upper(3.325835, 5, 10), 0.05, 1e-6);
  EXPECT_NEAR(fisher_f_upper(1, 7, 7), 0.5, 1e-9);
  // Studentized range, infinitely many degrees of freedom.
  EXPECT_NEAR(studentized_range_quantile(0.05, 2), 2.7718, 1e-3);
  EXPECT_NEAR(studentized_range_quantile(0.05, 3), 3.3145, 1e-3);
  EXPECT_NEAR(studentized_range_quantile(0.05, 10), 4.4741, 1e-3);
  // Of two values it is |z| sqrt(2).
  EXPECT_NEAR(studentized_range_upper(1.959964 * std::sqrt(2.0), 2), 0.05, 1e-7);
}

TEST(CorrectedTTest, WorksOutAnExampleByHand) {
  // d = 1, 2, 3: mean 2, variance 1; t = 2 / sqrt(1/3 + 1/3), 2 degrees of freedom.
  const std::array a = {2.0, 4.0, 6.0}, b = {1.0, 2.0, 3.0};
  const PairedTest test = corrected_t_test(a, b, 1.0 / 3);
  EXPECT_DOUBLE_EQ(test.difference, 2);
  EXPECT_NEAR(test.t, std::sqrt(6.0), 1e-12);
  // P(|T| >= t) with 2 degrees of freedom is 1 - t / sqrt(2 + t²).
  EXPECT_NEAR(test.p, 1 - std::sqrt(6.0 / 8), 1e-10);
}

TEST(CorrectedTTest, SaysNothingWithoutSpreadOrSplits) {
  const std::array one = {1.0}, two = {2.0};
  EXPECT_EQ(corrected_t_test(one, two, 0.3).p, 1);
  const std::array same = {1.0, 5.0, 2.0};
  EXPECT_EQ(corrected_t_test(same, same, 0.3).p, 1);
  const std::array a = {1.0, 2.0, 3.0}, b = {2.0, 3.0, 4.0};
  EXPECT_EQ(corrected_t_test(a, b, 0.3).p, 0);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::array with_gap = {1.0, nan, 3.0};
  EXPECT_DOUBLE_EQ(corrected_t_test(with_gap, b, 0.3).difference, -1);
}

TEST(Holm, StepsDownAndKeepsTheOrder) {
  const std::array p = {0.04, 0.01, 0.03};
  const std::vector<double> adjusted = holm(p);
  EXPECT_DOUBLE_EQ(adjusted[1], 0.03);  // 3 x 0.01
  EXPECT_DOUBLE_EQ(adjusted[2], 0.06);  // 2 x 0.03
  EXPECT_DOUBLE_EQ(adjusted[0], 0.06);  // never below the one before
}

TEST(Friedman, FindsTheRanksAndTheCriticalDifference) {
  // Demšar's figures: 4 methods, 14 data sets, level 0.05: 2.569 sqrt(4 · 5 / (6 · 14)) = 1.25.
  const std::vector<std::vector<double>> errors(14, {0.1, 0.2, 0.3, 0.3});
  const RankTest test = friedman_nemenyi(errors);
  EXPECT_EQ(test.mean_ranks, (std::vector<double>{1, 2, 3.5, 3.5}));
  EXPECT_NEAR(test.critical_difference, 1.25, 0.01);
  EXPECT_LT(test.p, 1e-6);
  EXPECT_LT(test.pair_p[0][3], 0.001);
  EXPECT_EQ(test.pair_p[2][3], 1);
  EXPECT_EQ(indistinct_groups(test), (std::vector<std::vector<int>>{{0, 1}, {2, 3}}));
}

TEST(Friedman, MatchesAPublishedExample) {
  // Ranks of three methods on four data sets, without ties: chi² = 12 N / (k (k + 1)) ·
  // (Σ R² - k (k + 1)² / 4), by hand 12 · 4 / 12 · (1.75² + 1.25² + 3² - 12) = 6.5.
  const RankTest test = friedman_nemenyi({{2, 1, 3}, {2, 1, 3}, {2, 1, 3}, {1, 2, 3}});
  EXPECT_NEAR(test.chi_squared, 6.5, 1e-9);
}

// Simulated comparisons: linear models that read three inputs that matter and each two that do
// not. No method is better than another, their splits overlap as real ones do, and what one draw
// of the data holds against a method, it holds against it on every split.
constexpr int kInputs = 3, kIdle = 2, kSplits = 10;

struct SimulatedMethod {
  double worse = 0;  ///< share by which its errors are larger
};

Matrix seen_by(int method, const Matrix& x) {
  Matrix seen(x.rows(), kInputs + kIdle + 1);
  seen << x.leftCols(kInputs), x.middleCols(kInputs + kIdle * method, kIdle),
      Vector::Ones(x.rows());
  return seen;
}

double error_of(const Matrix& seen, const Vector& y, const std::vector<int>& order) {
  const std::size_t tested = order.size() / 4;
  const std::vector<int> test(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(tested));
  const std::vector<int> train(order.begin() + static_cast<std::ptrdiff_t>(tested), order.end());
  const Vector beta = Matrix(seen(train, Eigen::all)).householderQr().solve(Vector(y(train)));
  const Vector off = seen(test, Eigen::all) * beta - y(test);
  return std::sqrt(off.squaredNorm() / static_cast<double>(tested));
}

Comparison simulated(std::uint64_t seed, const std::vector<SimulatedMethod>& methods,
                     int rows = 120) {
  const int count = static_cast<int>(methods.size());
  Rng rng(mix_seed({seed, 0x51}));
  Matrix x(rows, kInputs + kIdle * count);
  Vector y(rows);
  for (int row = 0; row < rows; ++row) {
    for (Eigen::Index i = 0; i < x.cols(); ++i) x(row, i) = rng.normal();
    y[row] = x.row(row).head(kInputs).sum() + rng.normal();
  }
  Comparison comparison{.data = "simulated", .rows = rows, .targets = {{"y", "", 1}}};
  for (int m = 0; m < count; ++m) comparison.methods.push_back({"method " + std::to_string(m)});
  for (int split = 0; split < kSplits; ++split) {
    comparison.splits.push_back({rows - rows / 4, rows / 4});
    const std::vector<int> order = rng.permutation(rows);
    for (int m = 0; m < count; ++m) {
      MethodScore score;
      score.error = error_of(seen_by(m, x), y, order) * (1 + methods[m].worse);
      comparison.methods[m].splits.push_back(std::move(score));
    }
  }
  return comparison;
}

bool any_difference(const Verdict& verdict) {
  for (const TestedPair& pair : verdict.recipes)
    if (pair.different()) return true;
  return false;
}

TEST(Judge, FindsFalseDifferencesNoMoreOftenThanItsLevel) {
  constexpr int kSimulations = 500;
  int found = 0;
  for (int k = 0; k < kSimulations; ++k)
    found += any_difference(judge(simulated(static_cast<std::uint64_t>(k), {{}, {}, {}, {}})));
  RecordProperty("false_differences_in_500", found);
  // 5 % of 500 and three standard errors of that count.
  EXPECT_LE(found, 25 + 3 * std::sqrt(500 * 0.05 * 0.95)) << "of 500 simulations";
}

TEST(Judge, AnUncorrectedTestWouldFindThemTooOften) {
  // The twin that shows what the correction is for: splits taken as independent.
  constexpr int kSimulations = 500;
  int found = 0;
  for (int k = 0; k < kSimulations; ++k) {
    const Comparison comparison = simulated(static_cast<std::uint64_t>(k), {{}, {}, {}, {}});
    std::vector<double> p;
    for (int a = 0; a < 4; ++a)
      for (int b = 0; b < a; ++b)
        p.push_back(
            corrected_t_test(errors_of(comparison.methods[a]), errors_of(comparison.methods[b]), 0)
                .p);
    for (const double adjusted : holm(p))
      if (adjusted < kTestLevel) {
        ++found;
        break;
      }
  }
  RecordProperty("uncorrected_false_differences_in_500", found);
  int corrected = 0;
  for (int k = 0; k < kSimulations; ++k)
    corrected += any_difference(judge(simulated(static_cast<std::uint64_t>(k), {{}, {}, {}, {}})));
  EXPECT_GT(found, 25 + 3 * std::sqrt(500 * 0.05 * 0.95));
  EXPECT_GT(found, 2 * corrected);
}

TEST(Judge, FindsPlantedDifferencesOfTenPercent) {
  constexpr int kSimulations = 100;
  int found = 0, wrong = 0;
  for (int k = 0; k < kSimulations; ++k) {
    const Comparison comparison =
        simulated(static_cast<std::uint64_t>(k), {{}, {.worse = 0.1}}, 240);
    const Verdict verdict = judge(comparison);
    found += verdict.recipes.front().different() && verdict.best_recipe == 0;
    wrong += verdict.best_recipe != 0;
  }
  RecordProperty("planted_found_in_100", found);
  EXPECT_GE(found, 95);
  EXPECT_EQ(wrong, 0);
}

Comparison with_errors(const std::vector<std::pair<std::string, std::vector<double>>>& recipes,
                       const std::vector<std::pair<std::string, std::vector<double>>>& simple) {
  Comparison comparison{.data = "plant.csv", .rows = 100, .targets = {{"yield", "%", 10}}};
  for (const bool recipe : {true, false})
    for (const auto& [name, errors] : recipe ? recipes : simple) {
      MethodScores method{name, recipe, {}};
      for (const double error : errors) {
        MethodScore score{.test = {{.rmse = 10 * error}}, .error = error, .parameters = 20};
        if (std::isnan(error)) score = {.failure = "it could not be trained"};
        method.splits.push_back(score);
      }
      comparison.methods.push_back(method);
    }
  comparison.splits.assign(comparison.methods.front().splits.size(), {75, 25});
  return comparison;
}

TEST(Judge, SaysWhenNoNetworkIsNeeded) {
  const Verdict verdict = judge(
      with_errors({{"qnn", {0.50, 0.52, 0.49, 0.51}}}, {{"linear", {0.50, 0.51, 0.50, 0.51}}}));
  EXPECT_FALSE(verdict.network_needed);
  EXPECT_NE(verdict.sentences[1].find("You do not need a network here: linear"), std::string::npos);
}

TEST(Judge, SaysWhenANetworkIsWorthIt) {
  const Verdict verdict = judge(
      with_errors({{"qnn", {0.30, 0.32, 0.29, 0.31}}}, {{"linear", {0.50, 0.51, 0.50, 0.51}}}));
  EXPECT_TRUE(verdict.network_needed);
  EXPECT_NE(verdict.sentences[1].find("A network is worth it here"), std::string::npos);
}

TEST(Judge, AdvisesNoSmallerNetworksOfFarLargerErrors) {
  // None can be told from the best: one errs five percent more, one two and a half times as much.
  Comparison comparison = with_errors(
      {{"best", {0.3, 0.5, 0.2}}, {"near", {0.32, 0.52, 0.21}}, {"far", {0.1, 1.9, 0.4}}},
      {{"mean", {1, 1.1, 1}}});
  const int sizes[] = {20, 10, 5};
  for (int m = 0; m < 3; ++m)
    for (MethodScore& score : comparison.methods[static_cast<std::size_t>(m)].splits)
      score.parameters = sizes[m];
  const Verdict verdict = judge(comparison);
  ASSERT_EQ(verdict.equals.size(), 3u);
  EXPECT_NE(verdict.sentences[0].find("near errs at most 10 % more and gives smaller networks (10"),
            std::string::npos)
      << verdict.sentences[0];
  EXPECT_NE(verdict.sentences[0].find("3 splits tell little"), std::string::npos);
}

TEST(Judge, LeavesOutWhatFailedAndSaysSo) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Verdict verdict = judge(with_errors(
      {{"qnn", {0.30, 0.32, 0.29}}, {"broken", {0.1, nan, 0.1}}}, {{"mean", {1, 1.1, 1}}}));
  EXPECT_EQ(verdict.best_recipe, 0);
  EXPECT_TRUE(verdict.recipes.empty());
  EXPECT_NE(verdict.sentences.back().find("broken is left out"), std::string::npos);
}

TEST(Comparison, SurvivesJson) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Comparison comparison = with_errors({{"qnn", {0.3, nan}}}, {{"mean", {1, 1.1}}});
  const Json json = to_json(comparison);
  EXPECT_EQ(dump_json(to_json(comparison_from_json(json))), dump_json(json));
  EXPECT_DOUBLE_EQ(json.at("baselines").as_array()[0].at("mean").as_number(), 10.5);
}

TEST(AcrossData, RanksOnlyMethodsThatRanOnAll) {
  const std::vector<double> low = {0.1, 0.1}, high = {0.2, 0.2};
  const Comparison a = with_errors({{"qnn", low}, {"oa", high}}, {{"mean", {1, 1}}});
  const Comparison b = with_errors({{"qnn", low}}, {{"mean", {1, 1}}});
  const AcrossData across = across_data({a, b, b});
  EXPECT_EQ(across.methods, (std::vector<std::string>{"qnn", "mean"}));
  EXPECT_EQ(across.ranks.mean_ranks, (std::vector<double>{1, 2}));
}

}  // namespace
}  // namespace cupel
