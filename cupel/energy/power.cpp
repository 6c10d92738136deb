#include "cupel/energy/power.hpp"

#include <algorithm>
#include <cmath>

namespace cupel {
namespace {

int memory_modules(double gigabytes) {
  if (gigabytes <= 2) return 1;
  if (gigabytes <= 16) return 2;
  if (gigabytes <= 64) return 4;
  if (gigabytes <= 128) return 8;
  double size = 4;
  while (size < 128 && 2 * size <= gigabytes / 8) size *= 2;
  return std::min(32, static_cast<int>(std::ceil(gigabytes / size)));
}

}  // namespace

double counter_joules(double before_uj, double after_uj, double range_uj) {
  const double difference = after_uj < before_uj ? after_uj + range_uj - before_uj  //
                                                 : after_uj - before_uj;
  return difference * 1e-6;
}

double process_watts(double design_w, double cpu_s, double wall_s, int logical_processors) {
  if (wall_s <= 0 || logical_processors < 1) return 0;
  return design_w * std::min(1.0, cpu_s / (wall_s * logical_processors));
}

double machine_watts(double design_w, double busy_share) {
  return design_w * (0.1 + 0.9 * std::pow(std::clamp(busy_share, 0.0, 1.0), 3));
}

double memory_watts(double gigabytes) {
  double watts = 0;
  for (int module = 0; module < memory_modules(gigabytes); ++module)
    watts += 5 * (module < 4 ? 1 : module < 8 ? 0.9 : module < 16 ? 0.8 : 0.7);
  return std::max(10.0, watts);
}

double carbon_kg(double joules, double grams_per_kwh) {
  return joules / kJoulesPerKwh * grams_per_kwh / 1000;
}

}  // namespace cupel
