// The only file that knows XGBoost; built where the library is (CUPEL_XGBOOST).
#include "cupel/baselines/boosted_trees.hpp"

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <limits>
#include <utility>
#include <vector>

#include "cupel/base/error.hpp"
#include "cupel/base/evenly_spaced.hpp"
#include "cupel/baselines/standardized.hpp"

namespace cupel {
namespace {

constexpr int kTrees = 400;
/// Values that it learns from at most, and rows in any case: trees take seconds, not minutes.
constexpr Eigen::Index kMostValues = 1'000'000, kRows = 40'000;

void expect_success(int code) {
  if (code == 0) return;
  throw Error(ErrorKind::runtime, fmt::format("gradient boosting failed: {}", XGBGetLastError()));
}

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Owns a table of XGBoost's.
class Rows {
 public:
  explicit Rows(ConstMatrixRef features) {
    const RowMajor values = features.cast<float>();
    expect_success(XGDMatrixCreateFromMat_omp(
        values.data(), static_cast<bst_ulong>(values.rows()), static_cast<bst_ulong>(values.cols()),
        std::numeric_limits<float>::quiet_NaN(), &handle_, 1));
  }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() { XGDMatrixFree(handle_); }
  DMatrixHandle handle() const { return handle_; }

 private:
  DMatrixHandle handle_ = nullptr;
};

class Booster {
 public:
  explicit Booster(const Rows& rows) {
    const DMatrixHandle handle = rows.handle();
    expect_success(XGBoosterCreate(&handle, 1, &handle_));
    constexpr std::pair<const char*, const char*> kSettings[] = {
        {"nthread", "1"},        {"verbosity", "0"},          {"seed", "1"},
        {"tree_method", "hist"}, {"max_depth", "4"},          {"eta", "0.05"},
        {"subsample", "0.5"},    {"colsample_bytree", "0.7"}, {"min_child_weight", "2"}};
    for (const auto& [name, value] : kSettings)
      expect_success(XGBoosterSetParam(handle_, name, value));
  }
  Booster(const Booster&) = delete;
  Booster& operator=(const Booster&) = delete;
  ~Booster() { XGBoosterFree(handle_); }

  void learn(const Rows& rows) {
    for (int tree = 0; tree < kTrees; ++tree)
      expect_success(XGBoosterUpdateOneIter(handle_, tree, rows.handle()));
  }
  Vector predict(const Rows& rows) const {
    bst_ulong count = 0;
    const float* values = nullptr;
    expect_success(XGBoosterPredict(handle_, rows.handle(), 0, 0, 0, &count, &values));
    return Eigen::Map<const Eigen::VectorXf>(values, static_cast<Eigen::Index>(count))
        .cast<double>();
  }

 private:
  BoosterHandle handle_ = nullptr;
};

}  // namespace

Matrix predict_boosted(ConstMatrixRef train_inputs, ConstMatrixRef train_targets,
                       ConstMatrixRef inputs) {
  check_baseline_rows(train_inputs, train_targets, inputs);
  if (inputs.cols() == 0 || inputs.rows() == 0)
    return train_targets.colwise().mean().replicate(inputs.rows(), 1);
  const std::vector<int> used =
      evenly_spaced(train_inputs.rows(), std::max(kRows, kMostValues / inputs.cols()));
  const Rows train(train_inputs(used, Eigen::all)), wanted(inputs);
  Matrix predicted(inputs.rows(), train_targets.cols());
  for (Eigen::Index t = 0; t < train_targets.cols(); ++t) {
    const Eigen::VectorXf target = train_targets(used, t).cast<float>();
    expect_success(XGDMatrixSetFloatInfo(train.handle(), "label", target.data(),
                                         static_cast<bst_ulong>(target.size())));
    Booster booster(train);
    booster.learn(train);
    predicted.col(t) = booster.predict(wanted);
  }
  return predicted;
}

}  // namespace cupel
