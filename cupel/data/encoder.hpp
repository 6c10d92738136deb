// From cells to the numbers a network sees, and back. One input column becomes one feature
// (number) or one feature a level but one (text: the most frequent level is the one dropped).
// Missing numbers become the median of the training rows, missing or unseen words the most
// frequent level; both are counted, never silent.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/base/matrix.hpp"
#include "cupel/data/split.hpp"

namespace cupel {

enum class Scaling {
  min_max,   ///< [low, up] from the training rows' smallest and largest value
  standard,  ///< mean 0, deviation 1 on the training rows
};

struct EncodingOptions {
  Scaling input_scaling = Scaling::min_max;
  double input_low = -1, input_up = 1;
  bool log_skewed = true;  ///< sign(x) log1p(|x|/scale) on inputs whose |skewness| > 1
  Scaling target_scaling = Scaling::standard;
  double target_low = -0.9, target_up = 0.9;  ///< min_max only
};

/// scaled = offset + factor * transformed.
struct Feature {
  std::string name;  ///< "T", or "load=medium" for a level
  int column = 0;    ///< index into Encoder::columns
  int level = -1;    ///< text: index into EncodedColumn::levels; numbers: -1
  double offset = 0, factor = 1;
};

struct EncodedColumn {
  std::string name, unit;
  bool text = false;
  double fill = 0;                  ///< numbers: value put for a missing cell
  double log_scale = 0;             ///< > 0: x becomes sign(x) log1p(|x|/log_scale) first
  double low = 0, up = 0;           ///< numbers: smallest and largest value in training
  std::vector<std::string> levels;  ///< text: [0] is the dropped one and the fill
};

struct TargetScale {
  std::string name, unit;
  double offset = 0, factor = 1;  ///< scaled = offset + factor * y
  double low = 0, up = 0;         ///< smallest and largest value in training
  /// scaled = offset + factor * ln y: for a target above 0 whose errors are a share of its value.
  bool log = false;
};

/// d value / d scaled, at a value.
double target_slope(const TargetScale& target, double value);

struct Encoder {
  std::vector<EncodedColumn> columns;
  std::vector<Feature> features;
  std::vector<TargetScale> targets;

  int inputs() const { return static_cast<int>(features.size()); }
};

/// Decides levels, fill values, logarithms and scales from the training rows alone. A feature
/// that is constant there gets factor 0.
Encoder fit_encoder(const Dataset& data, const TrainRows& rows, const EncodingOptions& options);

/// Learns fill values and scales anew from `rows`, keeping the features of `plan` (its levels
/// and logarithms): folds must agree on what the network's inputs are.
Encoder refit_encoder(const Encoder& plan, const Dataset& data, const TrainRows& rows,
                      const EncodingOptions& options);

/// What encoding met in one row, for the user's warning.
struct EncodingNotes {
  int filled = 0;         ///< missing cells replaced
  int unseen_levels = 0;  ///< words that training never had
};

/// Features of the given rows, [rows.size() x features]. Columns are matched by position:
/// `inputs` must be those the encoder was fitted on, in order.
Matrix encode_inputs(const Encoder& encoder, const std::vector<Column>& inputs,
                     std::span<const int> rows, EncodingNotes* notes = nullptr);

/// Scaled targets of the given rows, [rows.size() x targets].
Matrix encode_targets(const Encoder& encoder, const Dataset& data, std::span<const int> rows);

/// Targets in their own units of the given rows, [rows.size() x targets].
Matrix target_values(const Dataset& data, std::span<const int> rows);

/// Values [rows x targets] as errors are counted in: logarithms of the targets that are modelled by
/// theirs, so that an error is a share of the value; the others as they are.
Matrix comparable_values(const Encoder& encoder, Matrix values);

/// Back from scaled to the targets' own units, [samples x targets].
Matrix decode_targets(const Encoder& encoder, const Matrix& scaled);

Json to_json(const Encoder& encoder);
Encoder encoder_from_json(const Json& json);

}  // namespace cupel
