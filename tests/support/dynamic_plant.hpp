// A plant with known delays, to check what a dynamic model finds: each input acts on the output
// through a dead time and two lags in series (second order),
//   y(t) = Σ_j K_j G_j(s) u_j(t - d_j) + noise,   G_j = 1 / ((T1_j s + 1)(T2_j s + 1)),
// the noise an autoregression of first order ("colored"). Inputs are steps of random height and
// length, smoothed as operators and controllers do. The last channel has no effect on the output.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "cupel/base/matrix.hpp"
#include "cupel/base/rng.hpp"

namespace cupel::test {

struct Channel {
  double gain = 1;
  int dead_rows = 0;          ///< dead time, in sampling steps
  double lag1 = 3, lag2 = 2;  ///< time constants, in sampling steps
};

struct DynamicPlantOptions {
  int rows = 2000;
  std::vector<Channel> channels = {
      {1.0, 4, 3, 2}, {-0.8, 9, 2, 2}, {0.6, 14, 4, 1.5}, {0, 0, 1, 1}};
  double noise = 0.1;         ///< deviation of the noise, as a share of the output's own
  double noise_memory = 0.8;  ///< of the autoregression
  /// Output + curvature x output² : 0 is a linear plant.
  double curvature = 0.15;
  std::uint64_t seed = 1;
};

struct DynamicPlantData {
  Matrix inputs;  ///< [rows x channels]
  Vector output;  ///< as measured
  Vector truth;   ///< without the noise
};

/// Rows before the first that is given: the lags' start is forgotten by then.
constexpr int kWarmUp = 200;

/// Held for 8 to 40 rows each, then smoothed a little.
inline Vector operated_input(int rows, Rng& rng) {
  constexpr double kSmoothing = 0.5;
  Vector values(rows);
  double level = 0, now = 0;
  int left = 0;
  for (int k = 0; k < rows; ++k) {
    if (left-- == 0) {
      level = rng.uniform(-1, 1);
      left = 8 + static_cast<int>(rng.below(33));
    }
    now += kSmoothing * (level - now);
    values[k] = now + 0.05 * rng.normal();
  }
  return values;
}

/// First-order lag of an input that is held between samples.
inline Vector lagged(Vector values, double time_constant) {
  const double share = 1 - std::exp(-1 / time_constant);
  double state = 0;
  for (double& value : values) value = state += share * (value - state);
  return values;
}

inline Vector colored_noise(int rows, double memory, Rng& rng) {
  Vector noise(rows);
  double state = 0;
  for (int k = 0; k < rows; ++k) {
    state = memory * state + std::sqrt(1 - memory * memory) * rng.normal();
    noise[k] = state;
  }
  return noise;
}

inline DynamicPlantData simulate_dynamic_plant(const DynamicPlantOptions& options) {
  Rng rng(mix_seed({options.seed, 0xD9A3}));
  const int all = options.rows + kWarmUp;
  DynamicPlantData data{.inputs = Matrix(options.rows, std::ssize(options.channels)),
                        .output = {},
                        .truth = Vector::Zero(options.rows)};
  for (std::size_t c = 0; c < options.channels.size(); ++c) {
    const Channel& channel = options.channels[c];
    const Vector input = operated_input(all, rng);
    const Vector response = lagged(lagged(input, channel.lag1), channel.lag2);
    data.inputs.col(static_cast<Eigen::Index>(c)) = input.tail(options.rows);
    data.truth += channel.gain * response.segment(kWarmUp - channel.dead_rows, options.rows);
  }
  data.truth.array() += options.curvature * data.truth.array().square();
  const double deviation = std::sqrt((data.truth.array() - data.truth.mean()).square().mean());
  data.output = data.truth +
                options.noise * deviation * colored_noise(options.rows, options.noise_memory, rng);
  return data;
}

}  // namespace cupel::test
