// The training rows most similar to a sample, by a k-d tree (Friedman, Bentley & Finkel 1977): the
// very rows that a comparison with every one would find.
#pragma once

#include <array>
#include <limits>
#include <vector>

#include "cupel/base/matrix.hpp"

namespace cupel {

constexpr int kNeighbors = 5;

struct Neighbor {
  double distance = std::numeric_limits<double>::infinity();  ///< squared
  int row = -1;                                               ///< -1: none found
};
/// In rising order of distance; of equal ones the earlier row comes first.
using Neighbors = std::array<Neighbor, kNeighbors>;

class NearestRows {
 public:
  /// rows [training rows x features]; copied.
  explicit NearestRows(ConstMatrixRef rows);

  /// sample: one value a feature.
  Neighbors find(ConstVectorRef sample) const;

 private:
  struct Node {
    int feature = -1;  ///< -1: a leaf
    double low = 0;    ///< largest value of the first child's rows
    double up = 0;     ///< smallest value of the second child's rows
    int first = 0;     ///< node of the first child; the second one follows it. Leaf: first place
    int count = 0;     ///< of rows in a leaf
  };
  struct Search;

  void build(int node, int first, int end, ConstMatrixRef rows);
  void make_leaf(Node& node, int first, int end, ConstMatrixRef rows);
  void visit(int node, double bound, Search& search) const;

  Eigen::Index features_;
  std::vector<Node> nodes_;
  std::vector<int> order_;      ///< rows, leaf by leaf
  std::vector<double> values_;  ///< leaf by leaf, in each feature by feature
};

}  // namespace cupel
