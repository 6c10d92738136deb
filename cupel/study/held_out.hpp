// Predictions on rows that a network was not trained on, gathered fold by fold, and what is
// measured on them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cupel/store/trial.hpp"
#include "cupel/study/study_data.hpp"
#include "cupel/training/metrics.hpp"

namespace cupel {

/// Rows of errors are gathered into this many blocks at most, so that a trial's record stays small.
constexpr int kErrorBlocks = 100;

class HeldOut {
 public:
  explicit HeldOut(const StudyData& data);

  /// scaled_predictions [fold's validation rows x targets].
  void add(const FoldData& fold, const Matrix& scaled_predictions);

  /// Of some of the fold's validation rows, by position, only; for the errors of all targets.
  void add(const FoldData& fold, const std::vector<int>& some, const Matrix& scaled_predictions);

  /// [held-out rows x targets] in own units; rows in the order in which they were added.
  Matrix measured() const;
  Matrix predicted() const;
  /// Positions in Split::design of those rows.
  const std::vector<int>& rows() const { return rows_; }
  /// Mean over targets of squared error / variance, averaged in blocks of rows: neighbors in time
  /// share a block where rows are ordered, and repeats anywhere, so that blocks are nearly
  /// independent.
  std::vector<double> block_errors() const;
  /// The same, of each fold in turn, in so many groups of rows that stand beside each other.
  std::vector<double> fold_errors(int groups) const;
  int folds() const { return static_cast<int>(predicted_.size()); }

 private:
  Vector row_errors() const;
  /// Of each design row, from 0; repeats, whose errors are alike, share one.
  std::vector<int> places() const;

  const StudyData* data_;
  std::vector<int> rows_;
  std::vector<Matrix> predicted_;
};

/// r - (MSE + NMSE), on scaled data: 1 for a perfect network.
inline double perf_index(double correlation, double mse, double nmse) {
  return correlation - (mse + nmse);
}

/// perf_index averaged over targets; MSE is the training error where one is given (as published),
/// otherwise that of the same rows. A target that is constant on these rows has NMSE 1.
double performance_index(const Encoder& encoder, const Matrix& measured, const Matrix& predicted,
                         std::optional<double> training_mse);

/// measures["validation"]: figures of each target by name; measures["nmse"]: their mean.
void record_errors(const StudyData& data, const Matrix& measured, const Matrix& predicted,
                   Trial& trial);

/// Columns of a matrix, in order.
Matrix pick_columns(const Matrix& matrix, const std::vector<int>& columns);

/// Outputs in own units [rows x targets] for encoded inputs.
Matrix predict_values(const Encoder& encoder, std::span<const Member> networks,
                      const Matrix& inputs);

/// Names of the input columns that the features come from, each once.
std::vector<std::string> input_names(const Encoder& encoder, const std::vector<int>& features);

/// "mse", "log-cosh", "huber", or "alpha-mix" with its alpha.
Loss loss_named(std::string_view name, double alpha);
/// The training loss that the options name.
Loss loss_of(const DesignOptions& options);

}  // namespace cupel
