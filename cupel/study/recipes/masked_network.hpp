// Networks with one hidden layer of which a mask removes connections: what they read, how they are
// told, and as members of a model. Shared by both ways of recipe oa-ann.
#pragma once

#include "cupel/study/design.hpp"
#include "cupel/study/held_out.hpp"

namespace cupel {

/// Features that a connection leads from, in increasing order.
std::vector<int> features_read(const Mlp& network);

/// "4 inputs, 2 tanh".
std::string masked_structure(const Mlp& network);

/// What a network predicts and how it was trained.
struct MaskedRole {
  int target = 0;
  double weight = 1;                 ///< in the model's sum
  double ridge = 0, bias_ridge = 0;  ///< as Member has them
};

/// The network without the features it has no connection to.
Member masked_member(const Mlp& network, const MaskedRole& role);

/// Fills size, structure, held-out errors and objectives of a member that has its networks.
void describe_masked(FrontMember& member, const HeldOut& held_out);

}  // namespace cupel
