// Where a model has seen data: the box of each input's training range, widened by a tenth of its
// width, and in it the cloud of the training rows (data_cloud.hpp). Beyond them a prediction is an
// extrapolation, and a row says why.
#pragma once

#include <string>
#include <vector>

#include "cupel/data/encoder.hpp"
#include "cupel/trust/data_cloud.hpp"

namespace cupel {

/// An input that was offered and that no network can read, since it was constant or a copy.
struct WatchedInput {
  std::string name, unit;
  double low = 0, up = 0;  ///< smallest and largest value in training
};

struct ValidRegion {
  double margin = 0.1;  ///< share of the training range added at both ends
  DataCloud cloud;
  std::vector<WatchedInput> watched = {};
};

/// How far an input that no network reads may leave its training range, in widths of the range:
/// what it did nothing to inside, it may well do something to far away. Of one that was constant,
/// half of its value.
constexpr double kFarWidths = 3;

/// Up to 1 not far; 0 inside the range and for missing values.
double far_ratio(double low, double up, double value);

/// Why a row whose unread input has this value is not to be trusted; empty when it is not far.
std::string far_reason(const WatchedInput& input, double value);

/// The reason why a row lies outside; empty when it lies inside. `cells`: the row's value of
/// each encoder column (numbers as read; words as index into `inputs[k].words`).
/// Names the input, its value with unit and the training range; unseen words likewise. A missing
/// cell is not outside: it is filled and counted (EncodingNotes).
std::string outside_reason(const ValidRegion& region, const Encoder& encoder,
                           const std::vector<Column>& inputs, int row);

/// The same for one input.
std::string outside_reason(const ValidRegion& region, const EncodedColumn& column,
                           const Column& input, int row);

/// Why a row inside the box lies outside the cloud, with the inputs that put it there; empty when
/// it does not. `features`: the row's, of the encoder.
std::string cloud_reason(const ValidRegion& region, const Encoder& encoder,
                         ConstVectorRef features);

/// Distance from the middle of an input's allowed range, in halves of it: inside up to 1. 0 for
/// words and missing values.
double range_ratio(const ValidRegion& region, const EncodedColumn& column, double value);

Json to_json(const ValidRegion& region);
ValidRegion region_from_json(const Json& json, int encoder_features);

}  // namespace cupel
