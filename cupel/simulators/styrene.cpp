#include "cupel/simulators/styrene.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cupel/base/error.hpp"
#include "cupel/simulators/integrate.hpp"

namespace cupel {
namespace {

// Units in here: mol, L, s, K, cal, g.
constexpr double kGas = 1.987, kMonomerMass = 104.15, kEfficiency = 0.6;
constexpr double kCriticalFreeVolume = 0.036;

enum State { conversion, initiator, moment0, moment1, moment2, states };

double arrhenius(double factor, double energy, double t) {
  return factor * std::exp(-energy / (kGas * t));
}

/// What temperature alone decides.
struct Constants {
  double t;                      // K
  double kd, kp, kt, ktrm, kth;  // 1/s, L/mol/s, L2/mol2/s
  double gel[3];
  double density_ratio, m0;  // monomer over polymer; mol/L at the start
};

Constants constants_at(double temperature_c, const StyreneOptions& options) {
  const double t = temperature_c + 273.15;
  const double monomer = 924.0 - 0.918 * temperature_c, polymer = 1084.8 - 0.605 * temperature_c;
  Constants c{.t = t,
              .kd = arrhenius(1.58e15, 30800, t),
              .kp = arrhenius(1.051e7, 7067.8, t),
              .kt = arrhenius(1.255e9, 1680, t),
              .ktrm = options.transfer ? arrhenius(2.31e6, 12670, t) : 0,
              .kth = options.thermal ? arrhenius(2.19e5, 27440.5, t) : 0,
              .gel = {2.57 - 5.05e-3 * t, 9.56 - 1.76e-2 * t, -3.03 + 7.85e-3 * t},
              .density_ratio = options.contraction ? monomer / polymer : 1,
              .m0 = monomer / kMonomerMass};
  if (!options.gel) std::fill(std::begin(c.gel), std::end(c.gel), 0.0);
  return c;
}

/// Factor on propagation and transfer in the glass, 1 before it.
double glass_factor(const Constants& c, double x, double volume) {
  const double monomer = (1 - x) / volume;
  const double free_volume =
      monomer * (0.025 + 1.0e-3 * (c.t - 185)) + (1 - monomer) * (0.025 + 4.8e-4 * (c.t - 366.7));
  return free_volume < kCriticalFreeVolume ? std::exp(-(1 / free_volume - 1 / kCriticalFreeVolume))
                                           : 1;
}

void slope(const Constants& c, bool glass, std::span<const double> y, std::span<double> dydt) {
  const double x = std::clamp(y[conversion], 0.0, 1.0);
  const double volume = 1 + x * (c.density_ratio - 1);
  const double m = c.m0 * (1 - x) / volume;
  const double kt = c.kt * std::exp(-2 * x * (c.gel[0] + x * (c.gel[1] + x * c.gel[2])));
  const double factor = glass ? glass_factor(c, x, volume) : 1;
  const double kp = c.kp * factor, ktrm = c.ktrm * factor;
  const double started = 2 * kEfficiency * c.kd * y[initiator] / volume + 2 * c.kth * m * m * m;
  const double live0 = std::sqrt(std::max(0.0, started) / kt);
  const double ended = kt * live0 + ktrm * m;
  const double live1 = ended > 0 ? (started + (kp + ktrm) * m * live0) / ended : 0;
  const double live2 =
      ended > 0 ? (started + ktrm * m * live0 + kp * m * (2 * live1 + live0)) / ended : 0;
  dydt[conversion] = volume / c.m0 * ((kp + ktrm) * m * live0 + started);
  dydt[initiator] = -c.kd * y[initiator];
  dydt[moment0] = volume * (ktrm * m * live0 + 0.5 * kt * live0 * live0);
  dydt[moment1] = volume * (ktrm * m * live1 + kt * live0 * live1);
  dydt[moment2] = volume * (ktrm * m * live2 + kt * (live0 * live2 + live1 * live1));
}

StyreneResult result_of(std::span<const double> y, const Constants& c) {
  return {.conversion = std::min(1.0, y[conversion]),
          .mn_g_mol = kMonomerMass * y[moment1] / y[moment0],
          .mw_g_mol = kMonomerMass * y[moment2] / y[moment1],
          .closure = y[moment1] / (c.m0 * y[conversion]) - 1};
}

std::vector<double> compute(std::span<const double> s) {
  const StyreneResult r = simulate_styrene({s[0], s[1], s[2]});
  return {r.conversion, r.mn_g_mol, r.mw_g_mol};
}

constexpr std::array<PlantVariable, 3> kSettings = {{
    {"I0_mol_m3", "mol/m3", "AIBN at the start", 10, 55, 3},
    {"T_C", "degC", "temperature", 60, 90, 3},
    {"t_min", "min", "time", 0, 2000, 2},
}};
constexpr std::array<PlantVariable, 3> kResults = {{
    {"x", "-", "conversion of the monomer"},
    {"Mn_g_mol", "g/mol", "number-average molar mass"},
    {"Mw_g_mol", "g/mol", "weight-average molar mass"},
}};

}  // namespace

std::vector<StyreneResult> simulate_batch(const StyreneSettings& settings,
                                          std::span<const double> times_min,
                                          const StyreneOptions& options) {
  const double end_min = times_min.empty() ? 0 : times_min.back();
  if (!(settings.initiator_mol_m3 > 0) || !(settings.temperature_c > -50) ||
      !(settings.temperature_c < 200) || !(end_min >= 0))
    throw Error(ErrorKind::usage,
                fmt::format("styrene: initiator {} mol/m3, temperature {} degC, time {} min is no "
                            "possible batch",
                            settings.initiator_mol_m3, settings.temperature_c, end_min),
                "initiator above 0, temperature -50 ... 200, time from 0");
  const Constants c = constants_at(settings.temperature_c, options);
  OdeState state{.t = 0, .y = std::vector<double>(states, 0.0)};
  state.y[initiator] = settings.initiator_mol_m3 / 1000;
  std::vector<double> first(states);
  slope(c, options.glass, state.y, first);
  StyreneResult limit = result_of(first, c);
  limit.conversion = limit.closure = 0;

  std::vector<StyreneResult> results;
  std::vector<double> times_s;
  for (const double time : times_min)
    if (time > 0)
      times_s.push_back(60 * time);
    else
      results.push_back(limit);
  if (times_s.empty()) return results;
  const double rtol = options.relative_tolerance;
  const OdeProblem problem{
      .slope = [&](double, std::span<const double> y,
                   std::span<double> dydt) { slope(c, options.glass, y, dydt); },
      .relative_tolerance = rtol,
      .absolute_tolerance = {rtol * 1e-5, rtol * 1e-7, rtol * 1e-10, rtol * 1e-6, rtol * 1e-2},
      .largest_step = 600};
  std::vector<OdeState> seen;
  integrate(problem, state, times_s.back(), times_s, &seen);
  for (const OdeState& at : seen) results.push_back(result_of(at.y, c));
  return results;
}

StyreneResult simulate_styrene(const StyreneSettings& settings, const StyreneOptions& options) {
  const double time = settings.time_min;
  return simulate_batch(settings, std::span(&time, 1), options).front();
}

const Plant& styrene_plant() {
  static constexpr Plant plant{"styrene", "polymerisation of styrene with AIBN, isothermal batch",
                               kSettings, kResults, compute};
  return plant;
}

}  // namespace cupel
