// The processor's own energy counters, as Linux shows them (RAPL, /sys/class/powercap).
#pragma once

#include <string>
#include <vector>

namespace cupel {

struct EnergyCounter {
  std::string path;  ///< of its energy_uj
  std::string name;  ///< "package-0"
  double range_uj = 0;
};

/// The counters that together are the processors' energy, each readable: all packages, or psys
/// where there is no package. Nested domains (core, uncore) and memory are left out; a package
/// that is listed twice (mmio and msr) counts once. Empty when a counter of the choice cannot
/// be read, which is usual for users other than root.
std::vector<EnergyCounter> find_energy_counters(const std::string& powercap);

/// Micro-joules; NaN when it cannot be read.
double read_counter(const EnergyCounter& counter);

}  // namespace cupel
