// Which settings to compute: a Latin hypercube (McKay, Beckman & Conover 1979: in every setting
// one point in each of n equal slices) or a full grid; and noise on what was computed.
#pragma once

#include "cupel/base/rng.hpp"
#include "cupel/simulators/simulator.hpp"

namespace cupel {

struct SettingRange {
  double low = 0, up = 0;  ///< equal: fixed
};

std::vector<SettingRange> usual_ranges(const Plant& plant);

/// [rows x settings], rounded to the plant's decimals: exactly what a file will say.
Matrix latin_hypercube(const Plant& plant, std::span<const SettingRange> ranges, int rows,
                       Rng& rng);
/// All combinations of `levels` evenly spaced values (one where a range is fixed), the last
/// setting fastest.
Matrix full_grid(const Plant& plant, std::span<const SettingRange> ranges, int levels);

/// Each value times 1 + share x a standard normal draw.
void add_noise(Matrix& results, double share, Rng& rng);

}  // namespace cupel
