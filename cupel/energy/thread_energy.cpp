#include "cupel/energy/thread_energy.hpp"

#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "cupel/energy/power.hpp"

namespace cupel {
namespace {

double thread_cpu_s() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double watts_of_one(const EnergyOptions& options) {
  const auto processors = static_cast<double>(std::max<long>(1, sysconf(_SC_NPROCESSORS_ONLN)));
  const double one =
      options.design_w > 0 ? options.design_w / processors : kWattsPerLogicalProcessor;
  return one * options.pue;
}

}  // namespace

ThreadEnergy::ThreadEnergy(const EnergyOptions& options)
    : watts_(watts_of_one(options)), start_s_(thread_cpu_s()) {}

double ThreadEnergy::joules() const { return watts_ * (thread_cpu_s() - start_s_); }

}  // namespace cupel
