// Steam cracking of ethane in one tubular furnace coil: molecular scheme of Sundaram & Froment
// (1977), balances of amount, enthalpy and momentum along the coil, energy and carbon per tonne
// of ethylene. Constants, equations and boundaries: docs/methods/simulators.md.
#pragma once

#include <array>

#include "cupel/simulators/simulator.hpp"

namespace cupel {

enum Species { ch4, c2h2, c2h4, c2h6, c3h6, c3h8, c4h6, h2, h2o, species_count };
using Flows = std::array<double, species_count>;  ///< kmol/s

struct CoilInlet {
  double feed_kg_h = 0;     ///< hydrocarbons
  double steam_kg_kg = 0;   ///< steam over hydrocarbons
  double heat_kw_m2 = 0;    ///< mean over the coil's inner surface
  double pressure_bar = 0;  ///< at the inlet, absolute
};

struct CoilOutlet {
  Flows inlet{}, outlet{};
  double temperature_c = 0, pressure_bar = 0, residence_s = 0;
  bool choked = false;  ///< the gas became too fast; the rest is where that happened
};

struct CrackerSettings {
  double feed_kg_h = 1900;
  double steam_kg_kg = 0.4;
  double outlet_c = 840;
  double outlet_bar = 1.9;
};

struct CrackerResult {
  double heat_kw_m2, inlet_bar, residence_s;
  double conversion;   ///< of ethane
  double ethylene;     ///< yield, kg/kg hydrocarbon feed, as the next ones
  double selectivity;  ///< mol ethylene made / mol ethane gone
  double methane, hydrogen, c3, butadiene, acetylene;
  double ethylene_kg_h;
  double fired_gj_t, fired_co2_t_t;  ///< fuel of the furnace alone, per t ethylene
  double energy_gj_t, co2_t_t;       ///< hot section and compression, net of steam raised
};

/// Along the coil from its inlet: one initial-value problem.
CoilOutlet run_coil(const CoilInlet& inlet, double relative_tolerance = 1e-8);
/// Energy and yields of a coil that was run.
CrackerResult coil_result(const CoilInlet& inlet, const CoilOutlet& outlet);
/// Enthalpy flow at a temperature, kW, with heats of formation.
double enthalpy_kw(const Flows& flows, double temperature_k);
/// Heat flux and inlet pressure that give the outlet asked for (Newton with Broyden's updates).
/// Throws Error{runtime} when there are none, Error{usage} for impossible settings.
CrackerResult simulate_cracker(const CrackerSettings& settings, double relative_tolerance = 1e-8);

const Plant& cracker_plant();

}  // namespace cupel
