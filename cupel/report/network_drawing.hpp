// A feed-forward network as a picture: layers from left to right, the strongest connections as
// lines whose width follows |weight| and whose color and dashes tell the sign.
#pragma once

#include <string>
#include <vector>

#include "cupel/network/mlp/mlp.hpp"

namespace cupel::report {

struct NetworkLabels {
  std::vector<std::string> inputs, outputs;  ///< plain text
  std::vector<std::string> dropped;          ///< known features without a place in the network
};

struct NetworkDrawing {
  std::string svg;
  int connections = 0, drawn = 0;  ///< lines that exist, lines in the picture
  int hidden_units = 0;            ///< inputs and units left out because the picture would be full
};

/// Empty svg when the network has no layers or its parameters do not fit its topology.
NetworkDrawing draw_network(const Mlp& network, const NetworkLabels& labels);

}  // namespace cupel::report
