// Algorithm 1 of the recipe tcnas: random networks of the whole space show which cells the good
// ones are made of; the others leave the space (docs/methods/tcnas.md).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "cupel/network/cnn/cell_table.hpp"

namespace cupel {

/// Places of a chain share three sub-spaces: the first three cells, the next normal three, and the
/// two reductions (fourth and eighth).
constexpr int kChainCells = 8;
constexpr int kSubSpaces = 3;
constexpr int sub_space_of(int place) { return place % 4 == 3 ? 2 : place < 4 ? 0 : 1; }

/// Names of the cells that each sub-space offers.
using CellChoice = std::array<std::vector<std::string>, kSubSpaces>;

/// Every cell of a table, the empty one not among them.
CellChoice all_cells(const CellTable& table);

/// With the empty cell in the normal sub-spaces, so that networks may be shorter.
CellChoice with_empty_cell(CellChoice choice);

struct Effectiveness {
  CellChoice cells;
  std::array<std::vector<int>, kSubSpaces> uses, best_uses;  ///< among all, among the best
  /// best_uses / uses; 0 for a cell that was never used.
  double probability(int sub_space, std::size_t cell) const;
};

/// `networks`: the cells of each, the best first; the first `best` count as good.
Effectiveness effectiveness_of(const CellChoice& cells,
                               const std::vector<std::vector<std::string>>& networks, int best);

/// The `keep` cells of highest probability in each sub-space, the best first (of equals the one
/// that stands first); then the empty cell joins the normal sub-spaces.
CellChoice keep_best_cells(const Effectiveness& effectiveness, int keep);
/// Positions of the `keep` largest, the largest first.
std::vector<std::size_t> largest(const std::vector<double>& values, int keep);

/// S = β Acc_norm + (1 - β)(1 - cost_norm), each scaled to 0 … 1 by its limits.
struct WeightedScore {
  double beta = 0.6;
  double accuracy_low = 0.5, accuracy_up = 1;
  double cost_low = 0, cost_up = 1;
  double operator()(double accuracy, double cost) const {
    return beta * (accuracy - accuracy_low) / (accuracy_up - accuracy_low) +
           (1 - beta) * (1 - (cost - cost_low) / (cost_up - cost_low));
  }
};

}  // namespace cupel
