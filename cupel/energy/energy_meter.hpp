// What a stretch of computation used: starts when made, and tells at any time since. Measured by
// the processor's counters where they can be read; else estimated from processor time, and
// labelled so. Counters are of the machine: this process gets its share of the busy time.
#pragma once

#include <memory>
#include <string>

#include "cupel/base/json.hpp"

namespace cupel {

struct EnergyOptions {
  std::string powercap = "/sys/class/powercap";  ///< where the counters are
  std::string proc = "/proc";                    ///< where load, memory and model name are
  double design_w = 0;                           ///< design power of the processors; 0: unknown
  double grams_per_kwh = 0;                      ///< of the grid; 0: world average
  double pue = 1;  ///< energy of the whole building over that of its computers
};

struct EnergyUse {
  std::string method;  ///< "rapl_package", "tdp_load_process"
  bool measured = false;
  double duration_s = 0;
  double cpu_s = 0;                ///< processor time of this process and its children
  double cpu_j = 0, memory_j = 0;  ///< with the PUE
  double share = 1;                ///< of the machine's busy time; 1 for an estimate
  double design_w = 0;             ///< 0 when measured
  std::string design_origin;       ///< "stated", "4 W a logical processor"
  double grams_per_kwh = 0;
  std::string carbon_origin;  ///< "stated", "world average (IEA 2019)"
  double pue = 1;
  int processors = 0;
  std::string processor;  ///< model name
  double memory_gb = 0;   ///< of the machine

  double joules() const { return cpu_j + memory_j; }
  double carbon_kg() const;
};

/// Options of this machine as its user states them: CUPEL_TDP_W, CUPEL_CO2_G_PER_KWH, CUPEL_PUE.
/// Throws Error{usage} for one that is not a positive number.
EnergyOptions energy_options_of_environment();

class EnergyMeter {
 public:
  explicit EnergyMeter(EnergyOptions options = {});
  ~EnergyMeter();
  EnergyMeter(const EnergyMeter&) = delete;
  EnergyMeter& operator=(const EnergyMeter&) = delete;

  /// Since it was made.
  EnergyUse use() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Json to_json(const EnergyUse& use);
/// For people: "1.2 kJ, 0.16 g of CO2 (estimated from processor time)".
std::string energy_text(const EnergyUse& use);

/// The columns that CodeCarbon writes, then our own: method, tdp_w, … One line with a line end.
std::string emissions_header();
/// `timestamp`: ISO 8601; `run`: what was run, such as "design"; `name`: of the project.
std::string emissions_row(const EnergyUse& use, const std::string& timestamp,
                          const std::string& run, const std::string& name);
/// Appends a row; a new file gets the header first, one with other columns stays as it is. Returns
/// why it could not be done; empty: it was.
std::string append_emissions(const std::string& path, const std::string& row);

}  // namespace cupel
