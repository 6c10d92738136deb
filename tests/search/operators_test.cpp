#include "cupel/search/operators.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/support/test_problems.hpp"
#include "tests/support/test_spaces.hpp"

namespace cupel {
namespace {

using test::mixed_space;
using test::unit_space;

bool allowed(const Space& space, const Candidate& candidate) {
  Candidate repaired = candidate;
  repair(space, repaired);
  return repaired == candidate;
}

TEST(Operators, LeaveEveryGeneAtAnAllowedValue) {
  const Space space = mixed_space();
  Rng rng(1);
  for (int i = 0; i < 4000; ++i) {
    const MethodOptions options{.thesis_operators = i % 2 == 0,
                                .mutation_probability = 0.5,
                                .crossover_eta = 2,
                                .mutation_eta = 2,
                                .jumping_gene_probability = 0.5};
    Candidate a = random_candidate(space, rng), b = random_candidate(space, rng);
    make_children(space, options, a, b, rng);
    ASSERT_TRUE(allowed(space, a) && allowed(space, b));
  }
}

TEST(SimulatedBinaryCrossover, KeepsTheMeanOfTheParentsFarFromTheBounds) {
  const Space space = test::real_space({{-1e6, 1e6}});
  Rng rng(2);
  for (int i = 0; i < 1000; ++i) {
    Candidate a{1}, b{3};
    simulated_binary_crossover(space, 20, a, b, rng);
    ASSERT_NEAR(a[0] + b[0], 4, 1e-6);
  }
}

/// The spread factor |c1 - c2| / |p1 - p2| is below 1 for half of the children, and its
/// distribution function there is b^(eta + 1) / 2.
TEST(SimulatedBinaryCrossover, SpreadsAsItsDistributionSays) {
  const Space space = test::real_space({{-1e6, 1e6}});
  Rng rng(3);
  int crossed = 0, within = 0, narrow = 0;
  for (int i = 0; i < 40000; ++i) {
    Candidate a{1}, b{3};
    simulated_binary_crossover(space, 2, a, b, rng);
    const double spread = std::abs(a[0] - b[0]) / 2;
    if ((a[0] == 1 && b[0] == 3) || (a[0] == 3 && b[0] == 1)) continue;
    ++crossed;
    within += spread <= 1;
    narrow += spread <= 0.8;
  }
  EXPECT_NEAR(crossed, 20000, 500);
  EXPECT_NEAR(within, 0.5 * crossed, 400);
  EXPECT_NEAR(narrow, 0.5 * 0.8 * 0.8 * 0.8 * crossed, 400);
}

TEST(PolynomialMutation, ChangesTheGivenShareOfGenes) {
  const Space space = unit_space(30);
  Rng rng(4);
  int changed = 0;
  for (int i = 0; i < 1000; ++i) {
    Candidate candidate(30, 0.5);
    polynomial_mutation(space, 20, 0.1, candidate, rng);
    changed += static_cast<int>(30 - std::count(candidate.begin(), candidate.end(), 0.5));
  }
  EXPECT_NEAR(changed, 3000, 200);
}

TEST(PolynomialMutation, ReachesEveryNeighborOfGenesWithFewValues) {
  const Space space = test::tiny_space();
  Rng rng(5);
  std::set<Candidate> reached;
  for (int i = 0; i < 200; ++i) {
    Candidate candidate{1, 0, 40};
    polynomial_mutation(space, 20, 1, candidate, rng);
    ASSERT_EQ(candidate[0], 2) << "an integer of two values goes to the other one";
    reached.insert({candidate[1], candidate[2]});
  }
  EXPECT_EQ(reached, (std::set<Candidate>{{0, 4}, {0, 90}, {1, 4}, {1, 90}}));
}

TEST(ArithmeticCrossover, BlendsFromTheCutOnAndKeepsTheSum) {
  const Space space = unit_space(8);
  Rng rng(6);
  std::set<int> cuts;
  for (int i = 0; i < 400; ++i) {
    Candidate a(8, 0.0), b(8, 1.0);
    arithmetic_crossover(space, a, b, rng);
    int cut = 0;
    while (cut < 8 && a[cut] == 0.0) ++cut;
    cuts.insert(cut);
    for (int g = 0; g < 8; ++g) ASSERT_NEAR(a[g] + b[g], 1, 1e-12);
    for (int g = cut; g < 8; ++g) ASSERT_TRUE(a[g] > 0 && a[g] < 1);
    if (cut < 7) {
      ASSERT_NE(a[cut], a[cut + 1]) << "each gene has its own coefficient";
    }
  }
  EXPECT_EQ(cuts.size(), 8u);
}

TEST(ResetMutation, DrawsUniformlyOverTheWholeRange) {
  const Space space = unit_space(1);
  Rng rng(7);
  int changed = 0, low = 0;
  for (int i = 0; i < 10000; ++i) {
    Candidate candidate{0.9};
    reset_mutation(space, 0.3, candidate, rng);
    changed += candidate[0] != 0.9;
    low += candidate[0] < 0.5;
  }
  EXPECT_NEAR(changed, 3000, 150);
  EXPECT_NEAR(low, 1500, 120);
}

TEST(JumpGenes, RedrawsARunOfOneOrBlendsARunOfBoth) {
  const Space space = unit_space(6);
  Rng rng(8);
  int redrawn = 0, blended = 0;
  for (int i = 0; i < 1000; ++i) {
    Candidate a(6, 0.25), b(6, 0.75);
    jump_genes(space, a, b, rng);
    std::vector<int> changed;
    for (int g = 0; g < 6; ++g)
      if (a[g] != 0.25 || b[g] != 0.75) changed.push_back(g);
    ASSERT_FALSE(changed.empty());
    ASSERT_EQ(changed.back() - changed.front() + 1, std::ssize(changed)) << "not one run";
    const bool one =
        std::count(a.begin(), a.end(), 0.25) == 6 || std::count(b.begin(), b.end(), 0.75) == 6;
    ++(one ? redrawn : blended);
    if (!one) {
      ASSERT_NEAR(a[changed[0]] + b[changed[0]], 1, 1e-12);
    }
  }
  EXPECT_NEAR(redrawn, 500, 80);
  EXPECT_NEAR(blended, 500, 80);
}

TEST(JumpGenes, RedrawsWhenTheTwoAreEqual) {
  const Space space = unit_space(6);
  Rng rng(9);
  for (int i = 0; i < 100; ++i) {
    Candidate a(6, 0.5), b(6, 0.5);
    jump_genes(space, a, b, rng);
    ASSERT_NE(a, b);
  }
}

}  // namespace
}  // namespace cupel
