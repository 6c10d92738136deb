// Free-radical bulk (suspension) polymerisation of styrene with AIBN, isothermal batch:
// quasi-steady radicals, moments of the dead chains, gel effect (Hui & Hamielec 1972), glass
// effect (form of Marten & Hamielec). Constants and sources: docs/methods/simulators.md.
#pragma once

#include <span>
#include <vector>

#include "cupel/simulators/simulator.hpp"

namespace cupel {

struct StyreneSettings {
  double initiator_mol_m3 = 25;
  double temperature_c = 70;
  double time_min = 300;
};

struct StyreneOptions {
  bool gel = true, glass = true, thermal = true, transfer = true;
  bool contraction = true;  ///< off: the polymer is as dense as the monomer
  double relative_tolerance = 1e-9;
};

struct StyreneResult {
  double conversion = 0;  ///< of the monomer, 0 … 1
  double mn_g_mol = 0, mw_g_mol = 0;
  double closure = 0;  ///< μ1 / (M0 x) - 1: 0 but for rounding
};

/// At time 0 the limits of the molar masses.
StyreneResult simulate_styrene(const StyreneSettings& settings, const StyreneOptions& options = {});

/// One batch at several times (increasing, min; the time of `settings` is not used).
std::vector<StyreneResult> simulate_batch(const StyreneSettings& settings,
                                          std::span<const double> times_min,
                                          const StyreneOptions& options = {});

const Plant& styrene_plant();

}  // namespace cupel
