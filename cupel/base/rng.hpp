// Random numbers that are the same on every machine and with every standard library:
// xoshiro256++ (Blackman & Vigna 2019) seeded by SplitMix64, with our own distributions.
// Randomness always arrives as an argument: an Rng& or a seed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace cupel {

/// One seed out of several numbers, such as {study seed, trial number, fold}.
std::uint64_t mix_seed(std::initializer_list<std::uint64_t> parts);

class Rng {
 public:
  explicit Rng(std::uint64_t seed);

  std::uint64_t next();
  /// Uniform in [0, 1), 53 bits.
  double uniform();
  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform integer in [0, n), n >= 1, without bias.
  int below(int n);
  bool chance(double probability) { return uniform() < probability; }
  /// Standard normal (Marsaglia's polar method).
  double normal();
  /// A permutation of 0 … n-1 (Fisher-Yates).
  std::vector<int> permutation(int n);

 private:
  std::uint64_t state_[4];
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace cupel
