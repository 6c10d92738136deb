#include "cupel/study/full_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "cupel/base/evenly_spaced.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/parallel/parallel_for.hpp"
#include "cupel/study/finish.hpp"
#include "cupel/study/held_out.hpp"
#include "cupel/training/train.hpp"

namespace cupel {
namespace {

constexpr int kHidden = 10, kStarts = 2, kIterations = 300;
constexpr Eigen::Index kMostRows = 5000;
constexpr std::array kRidges = {0.01, 0.1, 1.0, 10.0};
constexpr double kFixedRidge = 1;

Matrix few_rows(const Matrix& rows) {
  return rows(evenly_spaced(rows.rows(), kMostRows), Eigen::all);
}

/// Predictions for `inputs` of a network trained on the given rows; empty: it failed.
Matrix predicted(const Matrix& train_inputs, const Matrix& train_targets, const Matrix& inputs,
                 const TrainOptions& options) {
  const Topology topology{
      static_cast<int>(train_inputs.cols()),
      {{kHidden, Activation::tanh}, {static_cast<int>(train_targets.cols()), Activation::linear}}};
  const PackedSamples samples(few_rows(train_inputs), few_rows(train_targets));
  const TrainResult trained = train(topology, samples, nullptr, options, mix_seed({0xF0117E7}));
  if (trained.reason == StopReason::not_finite) return {};
  return predict(trained.network, inputs);
}

/// Predictions of one ridge's networks on each fold's held-out rows.
struct Tried {
  double ridge = 1;
  std::vector<Matrix> folds;
};

TrainOptions training(const DesignOptions& options, double ridge) {
  return {
      .ridge = ridge, .starts = kStarts, .max_iterations = kIterations, .kernels = options.kernels};
}

std::vector<Tried> tried_ridges(const StudyData& data, const DesignOptions& options) {
  const auto& folds = data.repeats.front();
  const int parts = static_cast<int>(folds.size());
  std::vector<Tried> all;
  for (const double ridge : kRidges)
    if (!options.as_published() || ridge == kFixedRidge) all.push_back({ridge, {}});
  for (Tried& one : all) one.folds.resize(folds.size());
  const int jobs = options.jobs > 0 ? options.jobs : processor_count();
  parallel_for(static_cast<int>(all.size()) * parts, jobs, [&](int piece) {
    const FoldData& fold = folds[static_cast<std::size_t>(piece % parts)];
    Tried& one = all[static_cast<std::size_t>(piece / parts)];
    one.folds[static_cast<std::size_t>(piece % parts)] =
        predicted(fold.train_inputs, fold.train_targets, fold.validation_inputs,
                  training(options, one.ridge));
  });
  std::erase_if(all, [](const Tried& one) {
    return std::any_of(one.folds.begin(), one.folds.end(),
                       [](const Matrix& fold) { return fold.size() == 0; });
  });
  return all;
}

std::string explanation(const StudyData& data, const DesignOptions& options, double ridge) {
  const int weights = kHidden * (data.encoder.inputs() + 1) + (kHidden + 1) * data.targets();
  std::string text =
      fmt::format("a network of {} tanh neurons that keeps all of its {} weights; ridge {:g}",
                  kHidden, weights, ridge);
  if (!options.as_published()) text += ", chosen by the error on held-out rows";
  if (data.design_inputs.rows() > kMostRows)
    text += fmt::format("; trained on {} of the rows", kMostRows);
  return text;
}

}  // namespace

std::optional<BaselineResult> measure_full_network(const StudyData& data,
                                                   const DesignOptions& options) {
  const auto& folds = data.repeats.front();
  BaselineResult result{.name = "fully connected"};
  double least = INFINITY, ridge = 0;
  for (const Tried& one : tried_ridges(data, options)) {
    HeldOut held_out(data);
    for (std::size_t k = 0; k < folds.size(); ++k) held_out.add(folds[k], one.folds[k]);
    const std::vector<double> blocks = held_out.block_errors();
    const double error = std::accumulate(blocks.begin(), blocks.end(), 0.0);
    if (!(error < least)) continue;
    least = error;
    ridge = one.ridge;
    result.validation = target_figures(held_out.measured(), held_out.predicted());
  }
  if (result.validation.empty()) return std::nullopt;
  result.explanation = explanation(data, options, ridge);
  if (data.test_inputs.rows() == 0) return result;
  const Matrix scaled = predicted(data.design_inputs, data.design_targets, data.test_inputs,
                                  training(options, ridge));
  if (scaled.size() == 0) return std::nullopt;
  result.test = target_figures(data.test_values, decode_targets(data.encoder, scaled));
  return result;
}

}  // namespace cupel
