#include "cupel/energy/energy_meter.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <sstream>
#include <thread>

#include "cupel/base/error.hpp"
#include "cupel/base/file_reader.hpp"
#include "cupel/energy/power.hpp"
#include "cupel/energy/rapl.hpp"

namespace cupel {
namespace {

using Clock = std::chrono::steady_clock;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

/// Of this process, its threads and its ended children.
double own_cpu_s() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    if (getrusage(who, &usage) == 0) sum += seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  return sum;
}

/// All processors' time that was neither idle nor waiting; NaN where /proc/stat is not there.
double busy_cpu_s(const std::string& proc) {
  std::istringstream file(read_machine_file(proc + "/stat").value_or(""));
  std::string word;
  if (!(file >> word) || word != "cpu") return std::nan("");
  double busy = 0, ticks = 0;
  for (int field = 0; field < 8 && file >> ticks; ++field)
    if (field != 3 && field != 4) busy += ticks;  // idle, iowait
  return busy / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// The text behind `key :` in a file of such lines; empty when it is not there.
std::string line_value(const std::string& path, const std::string& key) {
  std::istringstream file(read_machine_file(path).value_or(""));
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(key, 0) != 0) continue;
    const auto start = line.find_first_not_of(" \t", line.find(':') + 1);
    return start == std::string::npos ? "" : line.substr(start);
  }
  return {};
}

double gigabytes(const std::string& kilobytes) {
  return std::atof(kilobytes.c_str()) / (1024 * 1024);
}

double stated(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return 0;
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  if (end == text || *end != '\0' || !(value > 0) || !std::isfinite(value))
    throw Error(ErrorKind::usage, fmt::format("{}='{}' is not a positive number", variable, text),
                "correct the environment variable, or unset it");
  return value;
}

}  // namespace

struct EnergyMeter::State {
  EnergyOptions options;
  Clock::time_point start = Clock::now();
  double cpu_s = own_cpu_s(), busy_s = 0;
  std::vector<EnergyCounter> counters;
  std::vector<double> last_uj;
  double joules = 0;
  std::mutex guard;
  std::condition_variable_any wake;
  std::jthread sampler;

  /// Often enough that no counter wraps twice.
  void sample() {
    const std::lock_guard lock(guard);
    for (std::size_t k = 0; k < counters.size(); ++k) {
      const double now_uj = read_counter(counters[k]);
      if (std::isnan(now_uj)) continue;
      joules += counter_joules(last_uj[k], now_uj, counters[k].range_uj);
      last_uj[k] = now_uj;
    }
  }

  void keep_sampling(std::stop_token stop) {
    std::mutex alone;
    std::unique_lock lock(alone);
    while (!wake.wait_for(lock, stop, std::chrono::seconds(15), [] { return false; }) &&
           !stop.stop_requested())
      sample();
  }
};

double EnergyUse::carbon_kg() const { return cupel::carbon_kg(joules(), grams_per_kwh); }

EnergyOptions energy_options_of_environment() {
  EnergyOptions options;
  options.design_w = stated("CUPEL_TDP_W");
  options.grams_per_kwh = stated("CUPEL_CO2_G_PER_KWH");
  if (const double pue = stated("CUPEL_PUE"); pue > 0) options.pue = pue;
  return options;
}

EnergyMeter::EnergyMeter(EnergyOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
  state_->busy_s = busy_cpu_s(state_->options.proc);
  state_->counters = find_energy_counters(state_->options.powercap);
  for (const EnergyCounter& counter : state_->counters)
    state_->last_uj.push_back(read_counter(counter));
  if (!state_->counters.empty())
    state_->sampler =
        std::jthread([state = state_.get()](std::stop_token stop) { state->keep_sampling(stop); });
}

EnergyMeter::~EnergyMeter() = default;

EnergyUse EnergyMeter::use() const {
  const EnergyOptions& options = state_->options;
  EnergyUse use{.pue = options.pue};
  use.duration_s = std::chrono::duration<double>(Clock::now() - state_->start).count();
  use.cpu_s = own_cpu_s() - state_->cpu_s;
  use.processors = static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  use.processor = line_value(options.proc + "/cpuinfo", "model name");
  use.memory_gb = gigabytes(line_value(options.proc + "/meminfo", "MemTotal"));
  use.grams_per_kwh = options.grams_per_kwh > 0 ? options.grams_per_kwh : kWorldGramsPerKwh;
  use.carbon_origin = options.grams_per_kwh > 0 ? "stated" : "world average (IEA 2019)";
  use.measured = !state_->counters.empty();
  if (use.measured) {
    state_->sample();
    const double busy = busy_cpu_s(options.proc) - state_->busy_s;
    if (busy > 0) use.share = std::min(1.0, use.cpu_s / busy);
    use.method = "rapl_package";
    use.cpu_j = state_->joules * use.share;
  } else {
    use.method = "tdp_load_process";
    use.design_w =
        options.design_w > 0 ? options.design_w : kWattsPerLogicalProcessor * use.processors;
    use.design_origin = options.design_w > 0 ? "stated" : "4 W a logical processor";
    use.cpu_j =
        process_watts(use.design_w, use.cpu_s, use.duration_s, use.processors) * use.duration_s;
  }
  const double resident_gb = gigabytes(line_value(options.proc + "/self/status", "VmRSS"));
  use.cpu_j *= options.pue;
  use.memory_j = memory_watts(resident_gb) * use.duration_s * options.pue;
  return use;
}

}  // namespace cupel
