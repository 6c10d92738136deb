// Networks, the variance that their weights' uncertainty gives an output, and the distance from the
// training data, as cells with formulas. Layers go down and to the right in steps: a layer's
// neurons stand in a row or in a column, as the next one's weights need them.
#pragma once

#include <string>
#include <vector>

#include "cupel/deploy/sheets.hpp"
#include "cupel/model/model.hpp"

namespace cupel {

struct NetworkCells {
  std::vector<NumberCell> outputs;
  /// [output][parameter that exists]: the formula of its derivative, and its value; where asked
  /// for.
  struct Derivative {
    std::string formula;
    double value = 0;
  };
  std::vector<std::vector<Derivative>> derivatives;
  int next_row = 0;  ///< the first free one below
};

/// `corner`: where it begins.
NetworkCells write_network(Sheets& sheets, Cell corner, const Mlp& network,
                           const std::string& title, const std::vector<NumberCell>& inputs,
                           bool derivatives);

/// A sheet with the covariance; one variance an output.
std::vector<NumberCell> write_variances(Sheets& sheets, int sheet, const Member& member,
                                        const NetworkCells& network);

/// The distance by the cloud of training rows (data_cloud.hpp). `features`: of the encoder.
NumberCell write_cloud(Sheets& sheets, int sheet, const Model& model,
                       const std::vector<NumberCell>& features);

}  // namespace cupel
