// Random bounded least-squares problems of small networks: sparse or full, with and without ridge,
// linear or tanh output, wide and narrow boxes. Targets come from a network of the same shape, with
// noise. The test of the solvers and their benchmark share them.
#pragma once

#include <algorithm>
#include <cmath>

#include "cupel/base/rng.hpp"
#include "cupel/training/levenberg_marquardt.hpp"

namespace cupel::test {

struct BoxProblem {
  explicit BoxProblem(std::uint64_t number) : BoxProblem(Rng(mix_seed({number, 0xB0C5}))) {}
  BoxProblem(const BoxProblem&) = delete;  // problem points into it

  Topology topology;
  std::vector<std::uint8_t> mask;
  PackedSamples samples;
  MlpEvaluator evaluator;
  LeastSquaresProblem problem;
  Vector start;

 private:
  explicit BoxProblem(Rng rng)
      : topology{2 + rng.below(12),
                 {{1 + rng.below(6), Activation::tanh},
                  {1, rng.chance(0.25) ? Activation::tanh : Activation::linear}}},
        mask(static_cast<std::size_t>(parameter_count(topology)), 1),
        samples(make_samples(topology, rng)),
        evaluator(topology) {
    const int inputs = topology.inputs, hidden = topology.layers.front().units;
    const double kept = rng.chance(0.3) ? 1 : 0.6;
    for (int j = 0; j < hidden; ++j)
      for (int i = 0; i < inputs; ++i) mask[j * inputs + i] = i == j || rng.chance(kept);
    const double ridges[] = {0, 0.1, 0.3, 1, 3}, bounds[] = {1, 2, 4};
    const double ridge = ridges[rng.below(5)];
    problem = {&evaluator, &samples, Vector::Constant(parameter_count(topology), ridge),
               bounds[rng.below(3)], &mask};
    if (ridge > 0) problem.ridge.segment(hidden * inputs, hidden).setConstant(1e-3);
    if (ridge > 0) problem.ridge.tail(1)[0] = 1e-3;
    start.resize(parameter_count(topology));
    for (double& value : start) value = rng.uniform(-0.5, 0.5);
  }

  static PackedSamples make_samples(const Topology& topology, Rng& rng) {
    const int rows = 60 + rng.below(340);
    Matrix inputs(rows, topology.inputs);
    for (double& value : inputs.reshaped()) value = rng.uniform(-1, 1);
    Mlp teacher{.topology = topology};
    teacher.parameters.resize(parameter_count(topology));
    for (double& value : teacher.parameters) value = 1.5 * rng.normal();
    Matrix targets = predict(teacher, inputs);
    const double mean = targets.mean();
    const double deviation =
        std::max(std::sqrt((targets.array() - mean).square().sum() / rows), 1e-6);
    const double noise = rng.uniform(0.1, 0.6);
    const double scale = topology.layers.back().activation == Activation::tanh ? 0.3 : 1;
    for (double& value : targets.reshaped())
      value = scale * ((value - mean) / deviation + noise * rng.normal());
    return {inputs, targets};
  }
};

/// Largest |θ - P(θ - ∇cost)|, P the nearest point of the box: 0 where the conditions of
/// optimality (KKT) hold.
inline double optimality_residual(const LeastSquaresProblem& problem, const Vector& x) {
  Matrix gram;
  Vector half_gradient;
  normal_equations(problem, x, gram, half_gradient);
  double largest = 0;
  for (int k = 0; k < x.size(); ++k) {
    if (problem.mask && !(*problem.mask)[k]) continue;
    const double to = std::clamp(x[k] - 2 * half_gradient[k], -problem.bound, problem.bound);
    largest = std::max(largest, std::abs(x[k] - to));
  }
  return largest;
}

}  // namespace cupel::test
