#include "cupel/study/recipes/elimination.hpp"

#include <gtest/gtest.h>

#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

constexpr int kRows = 150;

/// Four inputs; the target depends on the first two alone.
struct Plant {
  Matrix inputs{kRows, 4}, targets{kRows, 1};
  explicit Plant(std::uint64_t seed = 4) {
    Rng rng(seed);
    for (int row = 0; row < kRows; ++row) {
      for (int i = 0; i < 4; ++i) inputs(row, i) = rng.uniform(-1, 1);
      targets(row, 0) = std::sin(2 * inputs(row, 0)) - 0.7 * inputs(row, 1) + 0.1 * rng.normal();
    }
  }
  PackedSamples samples() const { return {inputs, targets}; }
};

double mean_square(const Mlp& network, const Plant& plant) {
  return (predict(network, plant.inputs) - plant.targets).squaredNorm() / kRows;
}

TEST(Elimination, GoesDownToFourConnectionsAndNeverUp) {
  const auto path = elimination_path(Plant().samples(), {.hidden = 4, .ridge = 0.1}, 1);
  ASSERT_FALSE(path.empty());
  EXPECT_EQ(path.back().connections, 4);
  for (std::size_t k = 0; k < path.size(); ++k) {
    EXPECT_LE(path[k].connections, 40);
    if (k > 0) {
      EXPECT_LT(path[k].connections, path[k - 1].connections);
    }
  }
}

TEST(Elimination, KeepsWeightsInTheBoxAndRemovedOnesAtZero) {
  for (const PathNetwork& one :
       elimination_path(Plant().samples(), {.hidden = 4, .ridge = 0.01}, 2)) {
    ASSERT_EQ(one.connections, connection_count(one.network));
    EXPECT_LE(one.network.parameters.cwiseAbs().maxCoeff(), 4);
    for (Eigen::Index k = 0; k < one.network.parameters.size(); ++k)
      if (!one.network.mask[k]) {
        EXPECT_EQ(one.network.parameters[k], 0);
      }
  }
}

TEST(Elimination, DropsInputsThatDoNotMatterBeforeThoseThatDo) {
  const Plant plant;
  const auto path = elimination_path(plant.samples(), {.hidden = 4, .ridge = 0.1}, 3);
  const auto small = std::find_if(path.begin(), path.end(),
                                  [](const PathNetwork& one) { return one.connections <= 10; });
  ASSERT_NE(small, path.end());
  const int units = small->network.topology.layers.front().units;
  for (int u = 0; u < units; ++u)
    for (int i : {2, 3}) EXPECT_EQ(small->network.mask[u * 4 + i], 0) << "unit " << u;
  EXPECT_LT(mean_square(small->network, plant), 0.02);
}

TEST(Elimination, ReportsTheErrorOfTheNetworkItHandsOut) {
  const Plant plant;
  for (const PathNetwork& one : elimination_path(plant.samples(), {.hidden = 3, .ridge = 0.3}, 4))
    EXPECT_NEAR(one.sse / kRows, mean_square(one.network, plant), 1e-12);
}

/// The leverage formula against training without each row in turn.
TEST(Elimination, EstimatesTheLeaveOneOutError) {
  const Plant plant;
  const EliminationOptions options{.hidden = 3, .ridge = 0.3};
  const auto path = elimination_path(plant.samples(), options, 5);
  const auto one = std::find_if(path.begin(), path.end(),
                                [](const PathNetwork& p) { return p.connections <= 12; });
  ASSERT_NE(one, path.end());
  double sum = 0;
  for (int row = 0; row < kRows; ++row) {
    Matrix inputs(kRows - 1, 4), targets(kRows - 1, 1);
    inputs << plant.inputs.topRows(row), plant.inputs.bottomRows(kRows - 1 - row);
    targets << plant.targets.topRows(row), plant.targets.bottomRows(kRows - 1 - row);
    const Mlp without = train_on(one->network, PackedSamples(inputs, targets), options);
    const double off = predict(without, plant.inputs.row(row))(0, 0) - plant.targets(row, 0);
    sum += off * off / kRows;
  }
  EXPECT_NEAR(one->loo, sum, 0.1 * sum);
  EXPECT_GT(one->loo, one->sse / kRows);
}

TEST(Elimination, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const auto samples = Plant().samples();
  const auto a = elimination_path(samples, {.hidden = 4}, 7);
  const auto b = elimination_path(samples, {.hidden = 4}, 7);
  const auto c = elimination_path(samples, {.hidden = 4}, 8);
  EXPECT_EQ(a.front().network.parameters, b.front().network.parameters);
  EXPECT_NE(a.front().network.parameters, c.front().network.parameters);
}

TEST(Elimination, TakesAConstantAndACopiedInput) {
  Plant plant;
  plant.inputs.col(2).setZero();
  plant.inputs.col(3) = plant.inputs.col(0);
  const auto path = elimination_path(plant.samples(), {.hidden = 3, .ridge = 0.1}, 6);
  ASSERT_FALSE(path.empty());
  for (const PathNetwork& one : path) EXPECT_TRUE(std::isfinite(one.loo));
  EXPECT_EQ(path.back().connections, 4);
}

TEST(Elimination, EndsWhenAskedToStop) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(elimination_path(Plant().samples(), {.stop = stop.get_token()}, 1).empty());
}

}  // namespace
}  // namespace cupel
