// What Bayesian optimization believes about scores it has not seen: one Gaussian process for each
// objective, and from them what a candidate promises for given weights of the objectives.
#pragma once

#include "cupel/base/gaussian_process.hpp"
#include "cupel/search/method.hpp"

namespace cupel {

/// Genes as coordinates in [0, 1]: ranges scaled, members of a set by their place, a category as
/// one coordinate a label.
Vector coordinates(const Space& space, const Candidate& candidate);

/// Objectives that a process can learn: [rows x objectives], each compressed above its median
/// (y -> m + s log(1 + (y - m) / s), s = median - least), so that bad candidates do not hide the
/// differences among the good ones, then 0 … 1 over the range of the front. Failed and infeasible
/// candidates get the worst value, plus a share for what they violate.
Matrix learnable(std::span<const Evaluated> all);

/// Chebyshev: max_m w_m z_m + 0.05 Σ w_m z_m.
double scalarized(ConstVectorRef weights, ConstVectorRef objectives);
/// Uniform over the weights that sum to 1.
Vector random_weights(int objectives, Rng& rng);

class Surrogate {
 public:
  /// Learns from what was evaluated: all, or the best and the latest where there are many.
  /// Hyper-parameters start from the last ones; now and then they are sought from new starts.
  void learn(const Space& space, std::span<const Evaluated> all, std::uint64_t seed);
  /// As if the candidate had been evaluated with the scores that are expected of it, so that the
  /// next one of a batch goes elsewhere.
  void suppose(const Vector& at);
  /// What each row of `at` promises: the lower, the better.
  Vector promise(const Matrix& at, const Vector& weights, const MethodOptions& options) const;

  int objectives() const { return static_cast<int>(models_.size()); }
  /// Learned rows with the lowest scalarized objectives first, as positions in `all`.
  std::vector<int> best_rows(const Vector& weights) const;

 private:
  struct Model {
    GaussianProcess process;
    double middle = 0, scale = 1;  ///< of the targets it was given
  };
  std::vector<Model> models_;
  std::vector<int> rows_;  ///< positions in `all`
  Matrix targets_;         ///< of these rows [rows x objectives], grows with suppose()
  int sought_at_ = 0;      ///< rows when hyper-parameters were last sought from new starts
  Matrix draws_;           ///< fixed normals, for several objectives
};

}  // namespace cupel
