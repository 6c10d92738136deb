// What training minimizes: mean loss + Σ ridge_k θ_k² / (rows x outputs), over the parameters
// that the mask leaves.
#pragma once

#include "cupel/training/train.hpp"

namespace cupel {

class PenalizedLoss {
 public:
  PenalizedLoss(const Topology& topology, MlpEvaluator& evaluator, const PackedSamples& samples,
                const TrainOptions& options);

  double operator()(const Vector& parameters, Vector& gradient) {
    return on(*samples_, parameters, gradient);
  }
  /// The same on other samples (a mini-batch); the penalty keeps its weight per row.
  double on(const PackedSamples& samples, const Vector& parameters, Vector& gradient);
  /// Sets removed parameters to zero.
  void apply_mask(Vector& parameters) const;
  /// The penalty of each parameter, on the scale of the sum of the loss.
  const Vector& ridge() const { return ridge_; }

 private:
  MlpEvaluator* evaluator_;
  const PackedSamples* samples_;
  Loss loss_;
  Vector ridge_;
  bool penalized_;
  std::vector<std::uint8_t> mask_;
};

}  // namespace cupel
