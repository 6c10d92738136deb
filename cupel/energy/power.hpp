// The arithmetic of energy and carbon, apart from where its numbers are read: counters that
// wrap, power from a processor's design power and its load, kWh, kg of CO2. Rules and constants
// are those of CodeCarbon (mlco2/codecarbon, 2026); docs/methods/energy.md repeats them.
#pragma once

namespace cupel {

constexpr double kJoulesPerKwh = 3.6e6;
constexpr double kWattsPerLogicalProcessor = 4;  ///< when the design power is unknown
constexpr double kWorldGramsPerKwh = 475;        ///< world average, IEA 2019

/// Joules between two readings in µJ of a counter that starts again behind `range_uj`; one
/// wrap at most.
double counter_joules(double before_uj, double after_uj, double range_uj);

/// Mean W of one process: design power x its share of the machine's processor time.
double process_watts(double design_w, double cpu_s, double wall_s, int logical_processors);

/// Mean W of the whole machine at a busy share of 0 … 1: design power x (0.1 + 0.9 u³).
double machine_watts(double design_w, double busy_share);

/// W of memory modules that hold `gigabytes` (x86): 5 W a module, less for many, 10 W at least.
double memory_watts(double gigabytes);

/// kg of CO2 for `joules`, on a grid with that carbon intensity.
double carbon_kg(double joules, double grams_per_kwh);

}  // namespace cupel
