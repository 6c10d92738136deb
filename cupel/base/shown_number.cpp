#include "cupel/base/shown_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cupel {

int shown_digits(double value, double width, int least) {
  if (!std::isfinite(value) || value == 0 || !std::isfinite(width) || !(width > 0)) return least;
  const double orders = std::floor(std::log10(std::abs(value))) - std::floor(std::log10(width));
  return static_cast<int>(std::clamp(3 + orders, static_cast<double>(least), 17.0));
}

std::string shown_number(double value, double width, int least) {
  return fmt::format("{:.{}g}", value, shown_digits(value, width, least));
}

}  // namespace cupel
