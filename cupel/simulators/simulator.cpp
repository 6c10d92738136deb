#include "cupel/simulators/simulator.hpp"

#include <fmt/format.h>

#include "cupel/base/error.hpp"
#include "cupel/simulators/cracker.hpp"
#include "cupel/simulators/styrene.hpp"

namespace cupel {

std::span<const Plant> plants() {
  static const Plant table[] = {cracker_plant(), styrene_plant()};
  return table;
}

const Plant& find_plant(std::string_view name) {
  std::string names;
  for (const Plant& plant : plants()) {
    if (plant.name == name) return plant;
    names += (names.empty() ? "" : ", ") + std::string(plant.name);
  }
  throw Error(ErrorKind::usage, fmt::format("there is no simulated plant '{}'", name),
              fmt::format("choose one of: {}", names));
}

}  // namespace cupel
