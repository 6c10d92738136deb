// Which rows are for training, for validation and for the final test. The test rows are read
// once, by the report. Training rows are a type: what is learned from data (scalers, fill
// values, levels) accepts nothing else.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cupel/data/dataset.hpp"

namespace cupel {

/// Row numbers (into a Dataset) that learning may see, in increasing order.
class TrainRows {
 public:
  std::span<const int> rows() const { return rows_; }
  int size() const { return static_cast<int>(rows_.size()); }

 private:
  friend struct Fold;
  friend struct Split;
  explicit TrainRows(std::vector<int> rows) : rows_(std::move(rows)) {}
  std::vector<int> rows_;
};

struct Fold {
  std::vector<int> train, validation;
  TrainRows train_rows() const { return TrainRows(train); }
};

enum class SplitKind {
  random,   ///< rows (whole groups, when there are groups) drawn at random
  ordered,  ///< the last rows, by time or as they stand, are the test
  fixed,    ///< the caller gives the rows
};

struct SplitOptions {
  SplitKind kind = SplitKind::random;
  double test_fraction = 0.25;
  /// Folds for scoring inside the design part: 1 = one validation part of
  /// `validation_fraction`; k > 1 = k-fold; 0 = chosen by the number of rows.
  int folds = 0;
  double validation_fraction = 0.2;
  /// Ordered data: rows left out on both sides where training meets validation or test.
  int gap = 0;
  std::uint64_t seed = 0;
  std::vector<int> train_rows = {}, test_rows = {};  ///< fixed only, Dataset rows
  bool ordered_folds = false;  ///< fixed only: rows are in time order, blocked folds
};

struct Split {
  SplitKind kind = SplitKind::random;
  std::vector<int> design;  ///< training and validation together: all that design may see
  std::vector<int> test;    ///< may be empty
  std::vector<Fold> folds;  ///< at least one, inside `design`
  TrainRows design_rows() const { return TrainRows(design); }
};

/// Every row of the dataset is in `design`, in `test` or (ordered data) in a gap between them.
/// Throws Error{usage} for impossible fractions, folds or rows.
Split make_split(const Dataset& data, const SplitOptions& options);

/// Other folds of the same design rows, drawn from `seed`, as `options` says. Ordered data have
/// one way to be folded: theirs come out the same.
std::vector<Fold> fold_again(const Dataset& data, const Split& split, const SplitOptions& options,
                             std::uint64_t seed);

/// Of rows in time order: each fifth of the design rows but the first two, predicted from all that
/// came before it, as the model will be used (rolling origin; Tashman, International Journal of
/// Forecasting 16, 2000). Without those that the gap leaves less than a fifth of the rows to learn
/// from; none of fewer than 25 design rows.
std::vector<Fold> later_folds(const Split& split, const SplitOptions& options);

/// Row numbers from a text file, one 0-based number a line. Throws Error{usage} naming the line.
std::vector<int> read_row_numbers(const std::string& path);

}  // namespace cupel
