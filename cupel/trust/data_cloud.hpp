// Where training rows lie inside the box of their ranges, and how far from them a row is: by
// Mahalanobis' distance (do the inputs go together as they did in training?) and by the distance
// to the nearest of a stored subset of rows (is there anything like it?). Both limits are the
// distance that 98 % of rows keep when they are left out, in five parts, of what is stored.
#pragma once

#include <vector>

#include "cupel/base/json.hpp"
#include "cupel/base/matrix.hpp"

namespace cupel {

struct DataCloud {
  std::vector<int> features;  ///< of the encoder: used by a network and not constant in training
  Vector mean, deviation;     ///< of each feature
  /// Mahalanobis' distance of z = (x - mean) / deviation is |whitening z|. Directions in which
  /// the training rows hardly vary (variance below 1e-4) count as varying by that much.
  Matrix whitening;  ///< [features x features]
  Matrix rows;       ///< z of at most kKept training rows that cover all others, [rows x features]
  double mean_limit = 0, row_limit = 0;

  static constexpr int kKept = 400;
  bool known() const { return !features.empty(); }
};

struct CloudOptions {
  bool ordered = false;  ///< rows in time order: parts are blocks of neighbors
  std::uint64_t seed = 0;
  /// One number a row: rows that belong together are left out together, and so are rows that are
  /// alike in every feature, where rows have no order. Empty: no groups.
  std::vector<int> groups = {};
};

/// features [rows x features of the encoder] of the training rows; used: those that networks read.
/// Unknown with fewer than 10 rows or without a feature that varies.
DataCloud fit_cloud(ConstMatrixRef features, const std::vector<int>& used,
                    const CloudOptions& options);

/// How far one row of features is out, in shares of the limits: valid up to 1.
struct CloudDistance {
  double mean_ratio = 0, row_ratio = 0;
  /// Each used feature's part in the larger of the two; they sum to about 1.
  Vector shares;
  /// Derivative of the larger ratio by all features of the encoder.
  Vector gradient;
};
CloudDistance cloud_distance(const DataCloud& cloud, ConstVectorRef features);

/// max(mean_ratio, row_ratio) of each row.
Vector cloud_ratios(const DataCloud& cloud, ConstMatrixRef features);

Json to_json(const DataCloud& cloud);
/// Throws Error{runtime} when sizes do not fit, or one another.
DataCloud cloud_from_json(const Json& json, int encoder_features);

}  // namespace cupel
