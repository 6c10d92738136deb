// Where a model has seen data: the box of each input's training range, widened by a tenth of
// its width. Beyond it a prediction is an extrapolation, and a row says why.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/encoder.hpp"

namespace cupel {

struct ValidRegion {
  double margin = 0.1;  ///< share of the training range added at both ends
};

/// The reason why a row lies outside; empty when it lies inside. `cells`: the row's value of
/// each encoder column (numbers as read; words as index into `inputs[k].words`).
/// Names the input, its value with unit and the training range; unseen words likewise. A missing
/// cell is not outside: it is filled and counted (EncodingNotes).
std::string outside_reason(const ValidRegion& region, const Encoder& encoder,
                           const std::vector<Column>& inputs, int row);

/// The same for one input.
std::string outside_reason(const ValidRegion& region, const EncodedColumn& column,
                           const Column& input, int row);

Json to_json(const ValidRegion& region);
ValidRegion region_from_json(const Json& json);

}  // namespace cupel
