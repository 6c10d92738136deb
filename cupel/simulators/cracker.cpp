#include "cupel/simulators/cracker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "cupel/base/error.hpp"
#include "cupel/simulators/cracker_gas.hpp"
#include "cupel/simulators/integrate.hpp"

namespace cupel {
namespace {

using std::numbers::pi;

// The coil of the ethane cracker in Froment & Bischoff.
constexpr double kDiameter = 0.108, kPassLength = 9.5;  // m
constexpr int kPasses = 10;
constexpr double kArea = pi * kDiameter * kDiameter / 4, kPerimeter = pi * kDiameter;
constexpr double kBendRadius = 0.178, kBendLength = 0.55;  // m
constexpr double kBendFactor = (0.7 + 0.35 * 180 / 90) * (0.051 + 0.19 * kDiameter / kBendRadius);
constexpr double kBendLoss = kBendFactor / (pi * kBendRadius) * kBendLength / kPassLength;  // 1/m
constexpr double kFluxShape[kPasses] = {23, 20, 19, 17, 15, 15, 15, 15, 15, 15};
constexpr double kFluxMean = 16.9;
constexpr double kInletK = 680 + 273.15;
constexpr double kChoked = 0.5;  // G² R T / (P² M): the square of the isothermal Mach number

enum State { temperature = species_count, pressure, residence, states };

Flows flows_of(std::span<const double> y) {
  Flows flows{};
  std::copy_n(y.begin(), species_count, flows.begin());
  return flows;
}

Flows inlet_flows(const CoilInlet& inlet) {
  Flows flows{};
  flows[c2h6] = 0.982;
  flows[c2h4] = 0.010;
  flows[c3h6] = 0.008;
  double mass = 0;
  for (int s = 0; s < species_count; ++s) mass += flows[s] * kMolarMass[s];
  const double feed = inlet.feed_kg_h / 3600;
  for (double& flow : flows) flow *= feed / mass;
  flows[h2o] = inlet.steam_kg_kg * feed / kMolarMass[h2o];
  return flows;
}

/// G, kg/m2/s.
double mass_flux(const CoilInlet& inlet) {
  return inlet.feed_kg_h / 3600 * (1 + inlet.steam_kg_kg) / kArea;
}

double mach_squared(std::span<const double> y, double flux) {
  const double n = total(flows_of(y));
  return flux * kGasConstant * y[temperature] * n / (kArea * y[pressure] * y[pressure]) / 1e3;
}

/// Derivatives along the coil, per m.
void slope(double flux_kw_m2, double mass, std::span<const double> y, std::span<double> d) {
  const Flows flows = flows_of(y);
  const double t = y[temperature], p = y[pressure], n = total(flows);
  const Flows made = production(flows, t, p);
  double heat = flux_kw_m2 * kPerimeter, capacity = 0, grown = 0, mu = 0;
  for (int s = 0; s < species_count; ++s) {
    d[s] = kArea * made[s];
    grown += d[s];
    heat -= enthalpy(s, t) * d[s];
    capacity += flows[s] * heat_capacity(s, t);
    mu += flows[s] / n * viscosity(s, t);
  }
  d[temperature] = heat / capacity;
  const double friction = 0.046 * std::pow(kDiameter * mass / mu, -0.2);            // Fanning
  const double amount = n / (mass * kArea), amount_grown = grown / (mass * kArea);  // kmol/kg
  const double a = mass * mass * kGasConstant / p / 1e3;
  d[pressure] = -a *
                (t * amount_grown + amount * d[temperature] +
                 amount * t * (2 * friction / kDiameter + kBendLoss)) /
                (1 - a * amount * t / p);
  d[residence] = kArea * p / (n * kGasConstant * t);
}

// Efficiencies and temperatures of the energy balance: choices, typical of such plants.
constexpr double kRadiant = 0.42, kFurnace = 0.92, kBoiler = 0.90, kCompressor = 0.72;
constexpr double kMotor = 0.95, kPowerPlant = 0.40, kRefrigeration = 0.60;
constexpr double kFeedK = 313.15, kSteamK = 453.15, kExchangerK = 623.15, kSuctionK = 313.15;
constexpr double kSteamKjKg = 2530, kDischargeKpa = 3700, kLossKpa = 30;
constexpr double kFuelCo2 = 44.0095 / 16.0425 / 50.03;  // t/GJ, methane
constexpr double kGridCo2 = 0.400 / 3.6;                // t/GJ

void add_energy(const CoilInlet& inlet, const CoilOutlet& coil, CrackerResult& result) {
  const double ethylene = coil.outlet[c2h4] * kMolarMass[c2h4];                  // kg/s
  const double radiant = inlet.heat_kw_m2 * kPerimeter * kPasses * kPassLength;  // kW, as all
  const double fired = radiant / kRadiant;
  Flows hydrocarbons = coil.inlet, steam{};
  std::swap(hydrocarbons[h2o], steam[h2o]);
  const double preheat = enthalpy_kw(hydrocarbons, kInletK) - enthalpy_kw(hydrocarbons, kFeedK) +
                         enthalpy_kw(steam, kInletK) - enthalpy_kw(steam, kSteamK);
  const double convection = std::max(0.0, (kFurnace - kRadiant) * fired - preheat);
  const double outlet_k = coil.temperature_c + 273.15;
  const double exchanger =
      enthalpy_kw(coil.outlet, outlet_k) - enthalpy_kw(coil.outlet, kExchangerK);
  const double steam_raising = steam[h2o] * kMolarMass[h2o] * kSteamKjKg;
  const double dry = total(coil.outlet) - coil.outlet[h2o];
  const double work = dry * kGasConstant * kSuctionK *
                      std::log(kDischargeKpa / (100 * coil.pressure_bar - kLossKpa)) / kCompressor *
                      (1 + kRefrigeration);
  const double fuel = fired + (steam_raising - exchanger - convection) / kBoiler;
  const double electric = work / kMotor;
  result.fired_gj_t = fired / ethylene / 1e3;
  result.fired_co2_t_t = result.fired_gj_t * kFuelCo2;
  result.energy_gj_t = (fuel + electric / kPowerPlant) / ethylene / 1e3;
  result.co2_t_t = (fuel * kFuelCo2 + electric * kGridCo2) / ethylene / 1e3;
}

}  // namespace

CoilOutlet run_coil(const CoilInlet& inlet, double relative_tolerance) {
  CoilOutlet out{.inlet = inlet_flows(inlet)};
  OdeState state{.t = 0, .y = std::vector<double>(states, 0.0)};
  std::copy(out.inlet.begin(), out.inlet.end(), state.y.begin());
  state.y[temperature] = kInletK;
  state.y[pressure] = 100 * inlet.pressure_bar;
  const double mass = mass_flux(inlet);
  OdeProblem problem{
      .relative_tolerance = relative_tolerance,
      .absolute_tolerance = std::vector<double>(states, 1e-12),
      .guard = [&](double, std::span<const double> y) { return kChoked - mach_squared(y, mass); }};
  problem.absolute_tolerance[temperature] = problem.absolute_tolerance[pressure] = 1e-6;
  problem.absolute_tolerance[residence] = 1e-10;
  out.choked = mach_squared(state.y, mass) >= kChoked;
  for (int pass = 0; pass < kPasses && !out.choked; ++pass) {  // the flux jumps between passes
    const double flux = inlet.heat_kw_m2 * kFluxShape[pass] / kFluxMean;
    problem.slope = [&](double, std::span<const double> y, std::span<double> d) {
      slope(flux, mass, y, d);
    };
    state = integrate(problem, std::move(state), (pass + 1) * kPassLength);
    out.choked = state.guarded;
  }
  out.outlet = flows_of(state.y);
  out.temperature_c = state.y[temperature] - 273.15;
  out.pressure_bar = state.y[pressure] / 100;
  out.residence_s = state.y[residence];
  return out;
}

CrackerResult coil_result(const CoilInlet& inlet, const CoilOutlet& coil) {
  const Flows &in = coil.inlet, &out = coil.outlet;
  const double feed = inlet.feed_kg_h / 3600;
  const auto yield = [&](Species s) { return out[s] * kMolarMass[s] / feed; };
  CrackerResult result{.heat_kw_m2 = inlet.heat_kw_m2,
                       .inlet_bar = inlet.pressure_bar,
                       .residence_s = coil.residence_s,
                       .conversion = 1 - out[c2h6] / in[c2h6],
                       .ethylene = yield(c2h4),
                       .selectivity = (out[c2h4] - in[c2h4]) / (in[c2h6] - out[c2h6]),
                       .methane = yield(ch4),
                       .hydrogen = yield(h2),
                       .c3 = yield(c3h6) + yield(c3h8),
                       .butadiene = yield(c4h6),
                       .acetylene = yield(c2h2),
                       .ethylene_kg_h = out[c2h4] * kMolarMass[c2h4] * 3600};
  add_energy(inlet, coil, result);
  return result;
}

namespace {

struct Miss {
  double temperature, pressure;
  double size() const { return std::hypot(temperature / 50, pressure); }
};

/// The search for heat flux and inlet pressure.
struct Shooting {
  CrackerSettings settings;
  double relative_tolerance;
  CoilInlet inlet = {};
  CoilOutlet coil = {};

  /// How far the outlet lies from the one asked for; nothing when the flow chokes.
  std::optional<Miss> miss(double heat, double inlet_bar) {
    inlet = {settings.feed_kg_h, settings.steam_kg_kg, heat, inlet_bar};
    coil = run_coil(inlet, relative_tolerance);
    if (coil.choked) return std::nullopt;
    return Miss{coil.temperature_c - settings.outlet_c, coil.pressure_bar - settings.outlet_bar};
  }

  [[noreturn]] void give_up(std::string_view why) const {
    throw Error(
        ErrorKind::runtime,
        fmt::format("the cracker has no solution at feed {} kg/h, steam {} kg/kg, outlet {} "
                    "degC and {} bar ({})",
                    settings.feed_kg_h, settings.steam_kg_kg, settings.outlet_c,
                    settings.outlet_bar, why),
        "choose less feed or more pressure");
  }

  /// Columns: by heat, by pressure.
  std::array<double, 4> jacobian(double heat, double bar, const Miss& at) {
    const double dh = 1e-3 * heat, db = 1e-3 * bar;
    const auto hotter = miss(heat + dh, bar), tighter = miss(heat, bar + db);
    if (!hotter || !tighter) give_up("choked");
    return {(hotter->temperature - at.temperature) / dh,
            (tighter->temperature - at.temperature) / db, (hotter->pressure - at.pressure) / dh,
            (tighter->pressure - at.pressure) / db};
  }

  void solve() {
    const double flux = mass_flux({settings.feed_kg_h, settings.steam_kg_kg, 0, 0});
    double heat = 70.7 * settings.feed_kg_h / 2265 * (1 + 0.006 * (settings.outlet_c - 845)) *
                  (0.8 + 0.5 * settings.steam_kg_kg);
    double bar =
        std::sqrt(settings.outlet_bar * settings.outlet_bar + 8.35e-4 * flux * flux) + 0.05;
    auto now = miss(heat, bar);
    for (int tries = 0; !now && tries < 40; ++tries) now = miss(heat, bar += 0.4);
    if (!now) give_up("choked");
    std::array<double, 4> j{};
    bool stale = true;
    for (int step = 0; step < 60; ++step) {
      if (std::abs(now->temperature) < 1e-6 && std::abs(now->pressure) < 1e-8) return;
      if (stale) j = jacobian(heat, bar, *now);
      const double det = j[0] * j[3] - j[1] * j[2];
      double dh = -(j[3] * now->temperature - j[1] * now->pressure) / det;
      double db = -(j[0] * now->pressure - j[2] * now->temperature) / det;
      double cut = std::min({1.0, 0.3 * heat / std::max(std::abs(dh), 1e-30),
                             0.3 * bar / std::max(std::abs(db), 1e-30)});
      auto next = miss(heat + cut * dh, bar + cut * db);
      stale = false;
      for (int k = 0; k < 12 && (!next || next->size() > 1.5 * now->size()); ++k) {
        cut /= 2;
        stale = true;  // a cut step calls for a fresh Jacobian
        next = miss(heat + cut * dh, bar + cut * db);
      }
      if (!next) give_up("choked");
      dh *= cut;
      db *= cut;
      const double length = dh * dh + db * db;
      const double off_t = next->temperature - now->temperature - (j[0] * dh + j[1] * db);
      const double off_p = next->pressure - now->pressure - (j[2] * dh + j[3] * db);
      j = {j[0] + off_t * dh / length, j[1] + off_t * db / length, j[2] + off_p * dh / length,
           j[3] + off_p * db / length};
      heat += dh;
      bar += db;
      now = next;
    }
    give_up("the search for heat flux and inlet pressure does not end");
  }
};

std::vector<double> compute(std::span<const double> s) {
  const CrackerResult r = simulate_cracker({s[0], s[1], s[2], s[3]});
  return {r.heat_kw_m2, r.inlet_bar,     r.residence_s, r.conversion, r.ethylene,  r.selectivity,
          r.methane,    r.hydrogen,      r.c3,          r.butadiene,  r.acetylene, r.ethylene_kg_h,
          r.fired_gj_t, r.fired_co2_t_t, r.energy_gj_t, r.co2_t_t};
}

constexpr std::array<PlantVariable, 4> kSettings = {{
    {"feed_kg_h", "kg/h", "hydrocarbon feed of the coil", 1400, 2400, 1},
    {"S_kg_kg", "kg/kg", "steam to hydrocarbon", 0.25, 0.55, 4},
    {"COT_C", "degC", "coil outlet temperature", 800, 875, 2},
    {"P_out_bar", "bar", "coil outlet pressure, absolute", 1.4, 2.4, 4},
}};
constexpr std::array<PlantVariable, 16> kResults = {{
    {"q_kW_m2", "kW/m2", "mean heat flux"},
    {"P_in_bar", "bar", "coil inlet pressure"},
    {"tau_s", "s", "residence time"},
    {"conversion", "-", "conversion of ethane"},
    {"yield_C2H4", "kg/kg", "ethylene from feed"},
    {"select", "mol/mol", "ethylene made from ethane gone"},
    {"yield_CH4", "kg/kg", "methane from feed"},
    {"yield_H2", "kg/kg", "hydrogen from feed"},
    {"yield_C3p", "kg/kg", "propylene and propane from feed"},
    {"yield_C4H6", "kg/kg", "butadiene, for all heavier products, from feed"},
    {"yield_C2H2", "kg/kg", "acetylene from feed"},
    {"ethylene_kg_h", "kg/h", "ethylene at the outlet"},
    {"SEC_fired", "GJ/t", "fuel of the furnace per ethylene"},
    {"CO2_fired", "t/t", "CO2 of that fuel"},
    {"SEC", "GJ/t", "energy of hot section and compression per ethylene"},
    {"CO2", "t/t", "CO2 of that energy"},
}};

}  // namespace

CrackerResult simulate_cracker(const CrackerSettings& settings, double relative_tolerance) {
  if (!(settings.feed_kg_h > 0) || !(settings.steam_kg_kg >= 0) || !(settings.outlet_c > 680) ||
      !(settings.outlet_c < 1200) || !(settings.outlet_bar > 0.4) || !(settings.outlet_bar < 50))
    throw Error(
        ErrorKind::usage,
        fmt::format("cracker: feed {} kg/h, steam {} kg/kg, outlet {} degC and {} bar is no "
                    "possible operation",
                    settings.feed_kg_h, settings.steam_kg_kg, settings.outlet_c,
                    settings.outlet_bar),
        "feed above 0, steam from 0, outlet 680 ... 1200 degC and 0.4 ... 50 bar");
  Shooting shooting{settings, relative_tolerance};
  shooting.solve();
  return coil_result(shooting.inlet, shooting.coil);
}

const Plant& cracker_plant() {
  static constexpr Plant plant{"ethane-cracker", "steam cracking of ethane in one furnace coil",
                               kSettings, kResults, compute};
  return plant;
}

}  // namespace cupel
