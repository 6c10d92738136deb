#include "cupel/training/penalized_loss.hpp"

namespace cupel {

PenalizedLoss::PenalizedLoss(const Topology& topology, MlpEvaluator& evaluator,
                             const PackedSamples& samples, const TrainOptions& options)
    : evaluator_(&evaluator),
      samples_(&samples),
      loss_(options.loss),
      ridge_(evaluator.parameters()),
      penalized_(options.ridge > 0 || options.bias_ridge > 0),
      mask_(options.mask) {
  ridge_.setConstant(options.bias_ridge);
  for (const ParameterBlock& block : parameter_blocks(topology))
    ridge_.segment(block.weights, block.units * block.inputs).setConstant(options.ridge);
}

double PenalizedLoss::on(const PackedSamples& samples, const Vector& parameters, Vector& gradient) {
  double value = evaluator_->loss_gradient(parameters, samples, loss_, gradient);
  if (penalized_) {
    const double scale = 1.0 / (static_cast<double>(samples_->rows()) * samples_->output_count());
    double penalty = 0;
    for (Eigen::Index k = 0; k < ridge_.size(); ++k) {
      penalty += ridge_[k] * parameters[k] * parameters[k];
      gradient[k] += 2 * scale * ridge_[k] * parameters[k];
    }
    value += scale * penalty;
  }
  if (!mask_.empty()) apply_mask(gradient);
  return value;
}

void PenalizedLoss::apply_mask(Vector& parameters) const {
  for (std::size_t k = 0; k < mask_.size(); ++k)
    if (!mask_[k]) parameters[static_cast<Eigen::Index>(k)] = 0;
}

}  // namespace cupel
