#include <fmt/format.h>
#include <sys/utsname.h>

#include <array>
#include <cmath>
#include <string_view>

#include "cupel/base/csv_cell.hpp"
#include "cupel/base/rng.hpp"
#include "cupel/base/side_file.hpp"
#include "cupel/base/version.hpp"
#include "cupel/energy/energy_meter.hpp"
#include "cupel/energy/power.hpp"

namespace cupel {
namespace {

std::string system_name() {
  utsname name{};
  return uname(&name) == 0 ? fmt::format("{} {}", name.sysname, name.release) : "";
}

/// Text of a run: the same for the same name and time.
std::string run_id(const std::string& timestamp, const std::string& name) {
  std::uint64_t hash = 0;
  for (const char c : timestamp + name)
    hash = mix_seed({hash, static_cast<std::uint64_t>(static_cast<unsigned char>(c))});
  return fmt::format("{:016x}", hash);
}

struct Cell {
  std::string_view column;
  std::string value;
};

/// What is not modelled (GPU, water, place) is empty or 0, as in CodeCarbon's own files.
std::vector<Cell> cells(const EnergyUse& use, const std::string& timestamp, const std::string& run,
                        const std::string& name) {
  const double time = use.duration_s;
  const auto watts = [&](double joules) { return csv_number(time > 0 ? joules / time : 0); };
  const auto kwh = [](double joules) { return csv_number(joules / kJoulesPerKwh); };
  const double busy = time > 0 ? use.cpu_s / (time * std::max(1, use.processors)) : 0;
  return {{"timestamp", timestamp},
          {"project_name", csv_text(name)},
          {"run_id", run_id(timestamp, name)},
          {"experiment_id", csv_text(run)},
          {"duration", csv_number(time)},
          {"emissions", csv_number(use.carbon_kg())},
          {"emissions_rate", csv_number(time > 0 ? use.carbon_kg() / time : 0)},
          {"cpu_power", watts(use.cpu_j)},
          {"gpu_power", "0"},
          {"ram_power", watts(use.memory_j)},
          {"cpu_energy", kwh(use.cpu_j)},
          {"gpu_energy", "0"},
          {"ram_energy", kwh(use.memory_j)},
          {"energy_consumed", kwh(use.joules())},
          {"water_consumed", "0"},
          {"country_name", ""},
          {"country_iso_code", ""},
          {"region", ""},
          {"cloud_provider", ""},
          {"cloud_region", ""},
          {"os", csv_text(system_name())},
          {"python_version", ""},
          {"codecarbon_version", ""},
          {"cpu_count", fmt::format("{}", use.processors)},
          {"cpu_model", csv_text(use.processor)},
          {"gpu_count", "0"},
          {"gpu_model", ""},
          {"longitude", ""},
          {"latitude", ""},
          {"ram_total_size", csv_number(use.memory_gb)},
          {"tracking_mode", "process"},
          {"cpu_utilization_percent", csv_number(100 * std::min(1.0, busy))},
          {"gpu_utilization_percent", "0"},
          {"ram_utilization_percent", ""},
          {"ram_used_gb", ""},
          {"on_cloud", "N"},
          {"pue", csv_number(use.pue)},
          {"wue", "0"},
          {"method", use.method},
          {"tdp_w", csv_number(use.design_w)},
          {"tdp_origin", csv_text(use.design_origin)},
          {"ci_g_per_kwh", csv_number(use.grams_per_kwh)},
          {"ci_origin", csv_text(use.carbon_origin)},
          {"cpu_seconds", csv_number(use.cpu_s)},
          {"share_of_machine", csv_number(use.share)},
          {"cupel_version", std::string(kVersion)}};
}

std::string scaled(double value, std::string_view unit) {
  static constexpr std::array prefixes = {"m", "", "k", "M", "G"};
  std::size_t k = 1;
  if (value > 0 && value < 1) value *= 1000, k = 0;
  while (value >= 1000 && k + 1 < prefixes.size()) value /= 1000, ++k;
  return fmt::format("{:.3g} {}{}", value, prefixes[k], unit);
}

}  // namespace

Json to_json(const EnergyUse& use) {
  Json json;
  json["joules"] = use.joules();
  json["cpu_joules"] = use.cpu_j;
  json["memory_joules"] = use.memory_j;
  json["co2_kg"] = use.carbon_kg();
  json["method"] = use.method;
  json["measured"] = use.measured;
  json["duration_s"] = use.duration_s;
  json["cpu_s"] = use.cpu_s;
  json["share"] = use.share;
  json["tdp_w"] = use.design_w;
  json["tdp_origin"] = use.design_origin;
  json["ci_g_per_kwh"] = use.grams_per_kwh;
  json["ci_origin"] = use.carbon_origin;
  json["pue"] = use.pue;
  return json;
}

std::string energy_text(const EnergyUse& use) {
  return fmt::format("{}, {} of CO2 ({})", scaled(use.joules(), "J"),
                     scaled(1000 * use.carbon_kg(), "g"),
                     use.measured ? "measured by the processor's energy counters"
                                  : "estimated from processor time");
}

std::string emissions_header() {
  std::string line;
  for (const Cell& cell : cells({}, "", "", ""))
    line += (line.empty() ? "" : ",") + std::string(cell.column);
  return line + '\n';
}

std::string emissions_row(const EnergyUse& use, const std::string& timestamp,
                          const std::string& run, const std::string& name) {
  std::string line;
  for (const Cell& cell : cells(use, timestamp, run, name))
    line += (line.empty() ? "" : ",") + cell.value;
  return line + '\n';
}

std::string append_emissions(const std::string& path, const std::string& row) {
  return append_to_side_file(path, emissions_header(), row);
}

}  // namespace cupel
