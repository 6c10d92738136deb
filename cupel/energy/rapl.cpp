#include "cupel/energy/rapl.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <sstream>

#include "cupel/base/file_reader.hpp"

namespace cupel {
namespace {

namespace fs = std::filesystem;

constexpr double kUnreadable = std::numeric_limits<double>::quiet_NaN();

double number_in(const fs::path& path) {
  std::istringstream file(read_machine_file(path.string()).value_or(""));
  double value = 0;
  return file >> value ? value : kUnreadable;
}

bool starts_with(const std::string& text, const char* start) { return text.rfind(start, 0) == 0; }

/// Top-level domains, those of mmio first.
std::vector<EnergyCounter> top_domains(const std::string& powercap) {
  std::vector<fs::path> folders;
  std::error_code problem;
  for (fs::directory_iterator entry(powercap, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    const std::string name = entry->path().filename().string();
    const bool is_rapl = starts_with(name, "intel-rapl:") || starts_with(name, "intel-rapl-mmio:");
    if (is_rapl && std::count(name.begin(), name.end(), ':') == 1) folders.push_back(entry->path());
  }
  std::sort(folders.begin(), folders.end());  // '-' sorts before ':', so mmio comes first
  std::vector<EnergyCounter> domains;
  for (const fs::path& folder : folders) {
    EnergyCounter counter{.path = (folder / "energy_uj").string()};
    std::istringstream(read_machine_file((folder / "name").string()).value_or("")) >> counter.name;
    counter.range_uj = number_in(folder / "max_energy_range_uj");
    const bool known = std::any_of(domains.begin(), domains.end(),
                                   [&](const auto& other) { return other.name == counter.name; });
    if (!known && !counter.name.empty()) domains.push_back(counter);
  }
  return domains;
}

}  // namespace

std::vector<EnergyCounter> find_energy_counters(const std::string& powercap) {
  const std::vector<EnergyCounter> domains = top_domains(powercap);
  std::vector<EnergyCounter> chosen;
  for (const char* kind : {"package", "psys"}) {
    for (const EnergyCounter& domain : domains)
      if (starts_with(domain.name, kind)) chosen.push_back(domain);
    if (!chosen.empty()) break;
  }
  for (const EnergyCounter& counter : chosen)
    if (std::isnan(read_counter(counter)) || std::isnan(counter.range_uj)) return {};
  return chosen;
}

double read_counter(const EnergyCounter& counter) { return number_in(counter.path); }

}  // namespace cupel
