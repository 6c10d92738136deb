// The space of the recipes for images: eight cells N N N R N N N R, nine widths, the coefficients
// of L1 and L2, and the kind of augmentation. A candidate is one number a gene, always of the whole
// space, so that its meaning does not change when cells leave the space.
#pragma once

#include "cupel/network/cnn/complexity.hpp"
#include "cupel/search/space.hpp"
#include "cupel/study/images/cell_choice.hpp"

namespace cupel {

struct ImageSpace {
  CellTable table;
  CellChoice cells;      ///< that the candidates may have
  int most_width = 256;  ///< widths are multiples of 32 up to this
  /// Ours, for small budgets: also a width of 16, no fully connected hidden layer, and more L2.
  bool narrow = false;
  double most_flop = 0;        ///< of training on one image; 0: no limit
  double most_parameters = 0;  ///< 0: no limit
  int channels = 1, size = 32, classes = 2;
  int augmentation = 0;  ///< kind of augmentation that new candidates are trained with
};

/// What a candidate says.
struct ImageCandidate {
  CellChain chain;
  double l1 = 0, l2 = 0;
  int augmentation = 0;
};

/// Every cell of the table and the empty one, widths up to 256.
Space whole_space(const ImageSpace& space);
/// Only the cells and widths that are left.
Space reduced_space(const ImageSpace& space);

/// A candidate of the reduced space as one of the whole space.
Candidate in_whole_space(const ImageSpace& space, const Candidate& reduced);
ImageCandidate image_candidate(const ImageSpace& space, const Candidate& whole);

ImageTopology topology_of(const ImageSpace& space, const CellChain& chain);
/// Within the limits on work and parameters.
bool allowed(const ImageSpace& space, const ImageNetworkCost& cost);
/// Random, drawn again until allowed; where (nearly) all are too large, the cheapest of 500.
Candidate random_allowed(const ImageSpace& space, Rng& rng);

/// A chain of these cells and widths as a candidate of the whole space; cells that the table does
/// not have are replaced by its first ones.
Candidate candidate_of(const ImageSpace& space, const ImageCandidate& wanted);

/// Costs of the network of largest complexity in the whole space: full widths, and for each place
/// the cell that costs most.
ImageNetworkCost largest_cost(const ImageSpace& space);

}  // namespace cupel
