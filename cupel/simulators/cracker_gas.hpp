// Properties and kinetics of the cracked gas: DIPPR heat capacities and viscosities, heats of
// formation, the seven reactions. Units: kmol, m, s, kPa, K, kJ.
#pragma once

#include "cupel/simulators/cracker.hpp"

namespace cupel {

constexpr double kGasConstant = 8.314462;  ///< kJ/kmol/K
constexpr Flows kMolarMass = {16.043, 26.038, 28.054, 30.070, 42.081,
                              44.097, 54.092, 2.016,  18.015};  ///< kg/kmol

double heat_capacity(int species, double t);  ///< kJ/kmol/K
double enthalpy(int species, double t);       ///< kJ/kmol, with the heat of formation
double viscosity(int species, double t);      ///< Pa s
/// Amounts made per volume, kmol/m3/s, at T and P.
Flows production(const Flows& flows, double t, double p_kpa);

double total(const Flows& flows);

}  // namespace cupel
