#include "cupel/simulators/cracker_gas.hpp"

#include <cmath>

namespace cupel {
namespace {

constexpr Flows kFormation = {-74520, 228200, 52510, -83820, 20230, -104680, 109240, 0, -241814};
// Heat capacity, J/kmol/K: C1 + C2 ((C3/T)/sinh(C3/T))² + C4 ((C5/T)/cosh(C5/T))².
constexpr double kHeat[species_count][5] = {
    {0.33298e5, 0.79933e5, 2.0869e3, 0.41602e5, 991.96},
    {0.3199e5, 0.5424e5, 1.594e3, 0.4325e5, 607.1},
    {0.3338e5, 0.9479e5, 1.596e3, 0.551e5, 740.8},
    {0.40326e5, 1.3422e5, 1.6555e3, 0.73223e5, 752.87},
    {0.43852e5, 1.506e5, 1.3988e3, 0.75754e5, 616.46},
    {0.5192e5, 1.9245e5, 1.6265e3, 1.168e5, 723.6},
    {0.5095e5, 1.705e5, 1.5324e3, 1.337e5, 685.6},
    {0.27617e5, 0.0956e5, 2.466e3, 0.0376e5, 567.6},
    {0.33363e5, 0.2679e5, 2.6105e3, 0.08896e5, 1169.0},
};
// Viscosity, Pa s: V1 T^V2 / (1 + V3/T + V4/T²).
constexpr double kViscosity[species_count][4] = {
    {5.2546e-7, 0.59006, 105.67, 0}, {1.2025e-6, 0.4952, 291.4, 0},  {2.0789e-6, 0.4163, 352.7, 0},
    {2.5906e-7, 0.67988, 98.902, 0}, {7.3919e-7, 0.5423, 263.73, 0}, {4.9054e-8, 0.90125, 0, 0},
    {2.696e-7, 0.6715, 134.7, 0},    {1.797e-7, 0.685, -0.59, 140},  {1.7096e-8, 1.1146, 0, 0},
};

double sensible(int species, double t) {
  const double* c = kHeat[species];
  return (c[0] * t + c[1] * c[2] / std::tanh(c[2] / t) - c[3] * c[4] * std::tanh(c[4] / t)) / 1e3;
}

double rate_constant(double factor, double energy, double t) {
  return factor * std::exp(-energy / (kGasConstant * t));
}

}  // namespace

double total(const Flows& flows) {
  double sum = 0;
  for (const double flow : flows) sum += flow;
  return sum;
}

double heat_capacity(int species, double t) {
  const double* c = kHeat[species];
  const double a = c[2] / t, b = c[4] / t;
  const double rising = a / std::sinh(a), falling = b / std::cosh(b);
  return (c[0] + c[1] * rising * rising + c[3] * falling * falling) / 1e3;
}

double enthalpy(int species, double t) {
  static const Flows reference = [] {
    Flows at{};
    for (int s = 0; s < species_count; ++s) at[s] = sensible(s, 298.15);
    return at;
  }();
  return kFormation[species] + sensible(species, t) - reference[species];
}

double viscosity(int species, double t) {
  const double* v = kViscosity[species];
  return v[0] * std::pow(t, v[1]) / (1 + v[2] / t + v[3] / (t * t));
}

Flows production(const Flows& flows, double t, double p_kpa) {
  const double per_flow = p_kpa / (kGasConstant * t) / total(flows);
  const auto c = [&](Species s) { return flows[s] * per_flow; };
  const double r1 = rate_constant(4.65e13, 273020, t) * c(c2h6);            // -> C2H4 + H2
  const double r2 = rate_constant(8.75e8, 136870, t) * c(c2h4) * c(h2);     // its reverse
  const double r3 = rate_constant(3.85e11, 273190, t) * c(c2h6);            // 2 -> C3H8 + CH4
  const double r4 = rate_constant(9.81e8, 154580, t) * c(c3h6);             // -> C2H2 + CH4
  const double r5 = rate_constant(5.87e4, 29480, t) * c(c2h2) * c(ch4);     // its reverse
  const double r6 = rate_constant(1.03e12, 172750, t) * c(c2h2) * c(c2h4);  // -> C4H6
  const double r7 = rate_constant(7.08e13, 253010, t) * c(c2h4) * c(c2h6);  // -> C3H6 + CH4
  Flows made{};
  made[ch4] = r3 + r4 - r5 + r7;
  made[c2h2] = r4 - r5 - r6;
  made[c2h4] = r1 - r2 - r6 - r7;
  made[c2h6] = r2 - r1 - 2 * r3 - r7;
  made[c3h6] = r5 - r4 + r7;
  made[c3h8] = r3;
  made[c4h6] = r6;
  made[h2] = r1 - r2;
  return made;
}

double enthalpy_kw(const Flows& flows, double temperature_k) {
  double sum = 0;
  for (int s = 0; s < species_count; ++s) sum += flows[s] * enthalpy(s, temperature_k);
  return sum;
}

}  // namespace cupel
