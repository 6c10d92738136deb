#include "cupel/study/images/cell_choice.hpp"

#include <gtest/gtest.h>

namespace cupel {
namespace {

using Names = std::vector<std::string>;

std::string best_four(const std::string& names, const std::vector<double>& probabilities) {
  std::string kept;
  for (const std::size_t k : largest(probabilities, 4)) kept += names[k];
  return kept;
}

TEST(CellChoice, KeepsTheCellsThatThePublishedTableKeeps) {
  EXPECT_EQ(best_four("ABCDEFGH", {.223, .128, .175, .200, .206, .176, .242, .245}), "HGAE");
  EXPECT_EQ(best_four("ABCDEFGH", {.165, .222, .216, .158, .179, .242, .247, .167}), "GFBC");
  EXPECT_EQ(best_four("IJKLMNOP", {.241, .207, .210, .081, .268, .035, .339, .186}), "OMIK");
}

TEST(CellChoice, CountsUsesAmongTheBestOverUsesAmongAll) {
  const CellChoice cells = {Names{"A", "B"}, Names{"A", "B"}, Names{"I", "J"}};
  const std::vector<Names> networks = {{"A", "A", "B", "I", "B", "B", "B", "I"},
                                       {"A", "B", "B", "J", "A", "B", "B", "I"},
                                       {"B", "B", "B", "J", "A", "A", "A", "J"}};
  const Effectiveness effect = effectiveness_of(cells, networks, 1);
  EXPECT_DOUBLE_EQ(effect.probability(0, 0), 2.0 / 3);
  EXPECT_DOUBLE_EQ(effect.probability(0, 1), 1.0 / 6);
  EXPECT_DOUBLE_EQ(effect.probability(1, 0), 0);
  EXPECT_DOUBLE_EQ(effect.probability(1, 1), 3.0 / 5);
  EXPECT_DOUBLE_EQ(effect.probability(2, 0), 2.0 / 3);
  EXPECT_EQ(keep_best_cells(effect, 1), (CellChoice{Names{"A", "Q"}, Names{"B", "Q"}, Names{"I"}}));
}

TEST(CellChoice, OffersEveryCellOfTheTable) {
  const CellChoice all = all_cells(standard_cells());
  EXPECT_EQ(all[0], (Names{"A", "B", "C", "D", "E", "F", "G", "H"}));
  EXPECT_EQ(all[1], all[0]);
  EXPECT_EQ(all[2], (Names{"I", "J", "K", "L", "M", "N", "O", "P"}));
}

TEST(WeightedScore, ReproducesThePublishedRows) {
  const WeightedScore score{.beta = 0.6, .accuracy_low = 50, .accuracy_up = 90, .cost_up = 5.55e6};
  EXPECT_NEAR(score(83.3, 155'487), 0.8883, 1e-4);
  EXPECT_NEAR(score(82.5, 205'967), 0.8726, 1e-4);
  EXPECT_NEAR(score(82.5, 236'747), 0.8704, 1e-4);
  EXPECT_NEAR(score(82.4, 281'285), 0.8657, 1e-4);
  EXPECT_NEAR(score(81.6, 128'171), 0.8647, 1e-4);
}

}  // namespace
}  // namespace cupel
