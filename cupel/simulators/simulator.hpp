// Plants that can be computed: a table of {settings with ranges, results, function}.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cupel/base/matrix.hpp"

namespace cupel {

struct PlantVariable {
  std::string_view name, unit, meaning;
  double low = 0, up = 0;  ///< settings: the range that data is drawn from
  int decimals = 4;        ///< settings: those that data is written with
};

struct Plant {
  std::string_view name, summary;
  std::span<const PlantVariable> settings, results;
  /// One result each, own units. Throws Error{runtime} naming the settings where the balances
  /// have no solution (choked flow), Error{usage} for impossible settings (a negative flow).
  std::vector<double> (*compute)(std::span<const double> settings);
};

std::span<const Plant> plants();
/// Throws Error{usage} listing the names when there is no such plant.
const Plant& find_plant(std::string_view name);

}  // namespace cupel
