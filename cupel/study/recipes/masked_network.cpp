#include "cupel/study/recipes/masked_network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cupel/study/pick.hpp"

namespace cupel {

std::vector<int> features_read(const Mlp& network) {
  std::vector<int> features;
  const int inputs = network.topology.inputs, units = network.topology.layers.front().units;
  for (int i = 0; i < inputs; ++i)
    for (int u = 0; u < units; ++u)
      if (network.mask[u * inputs + i]) {
        features.push_back(i);
        break;
      }
  return features;
}

std::string masked_structure(const Mlp& network) {
  const auto inputs = features_read(network).size();
  return fmt::format("{} input{}, {} tanh", inputs, inputs == 1 ? "" : "s",
                     network.topology.layers.front().units);
}

Member masked_member(const Mlp& network, const MaskedRole& role) {
  Member member{.weights = Vector::Constant(1, role.weight),
                .features = features_read(network),
                .targets = {role.target},
                .ridge = role.ridge,
                .bias_ridge = role.bias_ridge};
  const int from = network.topology.inputs, to = static_cast<int>(member.features.size());
  const int units = network.topology.layers.front().units;
  Mlp& small = member.network;
  small.topology = network.topology;
  small.topology.inputs = to;
  small.parameters.resize(parameter_count(small.topology));
  small.mask.resize(static_cast<std::size_t>(small.parameters.size()));
  for (int u = 0; u < units; ++u)
    for (int i = 0; i < to; ++i) {
      small.parameters[u * to + i] = network.parameters[u * from + member.features[i]];
      small.mask[u * to + i] = network.mask[u * from + member.features[i]];
    }
  const Eigen::Index rest = small.parameters.size() - units * to;
  small.parameters.tail(rest) = network.parameters.tail(rest);
  std::copy(network.mask.end() - rest, network.mask.end(), small.mask.end() - rest);
  return member;
}

void describe_masked(FrontMember& member, const HeldOut& held_out) {
  int units = 0;
  for (const Member& one : member.networks) {
    member.parameters += connection_count(one.network);
    units += one.network.topology.layers.front().units;
  }
  const auto inputs = features_of(member).size();
  member.structure = fmt::format("{} input{}, {} tanh", inputs, inputs == 1 ? "" : "s", units);
  if (member.networks.size() > 1)
    member.structure += fmt::format(" in {} networks", member.networks.size());
  const Matrix measured = held_out.measured(), predicted = held_out.predicted();
  for (Eigen::Index t = 0; t < measured.cols(); ++t)
    member.validation.push_back(error_figures(measured.col(t), predicted.col(t)));
  member.block_errors = held_out.block_errors();
  member.error = mean_error({0, member.block_errors});
  member.objectives = {member.error, static_cast<double>(member.parameters)};
}

}  // namespace cupel
