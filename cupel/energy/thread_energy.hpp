// Estimated energy of one thread's work, where several kinds of work run beside each other and
// counters of the whole machine cannot tell them apart: processor time of the thread x the design
// power of one logical processor (stated, or 4 W) x the stated PUE. Memory is not counted.
#pragma once

#include "cupel/energy/energy_meter.hpp"

namespace cupel {

class ThreadEnergy {
 public:
  explicit ThreadEnergy(const EnergyOptions& options = energy_options_of_environment());

  /// Of the calling thread, which must be the one that made it, since then.
  double joules() const;

 private:
  double watts_, start_s_;
};

}  // namespace cupel
