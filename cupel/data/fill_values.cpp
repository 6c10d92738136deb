#include "cupel/data/fill_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "cupel/data/csv_cells.hpp"

namespace cupel {
namespace {

/// How much a number looks like a stand-in for a missing value.
enum class Likeness {
  none,
  round,    ///< -1, -50, -200: only below values that are never negative, or far away
  typical,  ///< 999, 9999.9, 8888, 1e10
  certain,  ///< -999.25, 1e20, 32767, 3.4e38
};

bool is_one_of(double value, const double* begin, const double* end) {
  return std::find(begin, end, value) != end;
}

/// 99, 999.9, 9999.99, 777, 8888: one digit throughout, at least three times.
bool repeats_a_digit(double magnitude) {
  for (const double digit : {9.0, 8.0, 7.0, 6.0})
    for (double digits = 111; digits < 1e9; digits = 10 * digits + 1)
      for (const double parts : {1.0, 10.0, 100.0, 1000.0})
        if (std::abs(magnitude * parts - digit * digits) < 1e-6 * magnitude * parts) return true;
  return false;
}

bool is_power_of_ten(double magnitude) {
  const double exponent = std::log10(magnitude);
  return std::abs(exponent - std::round(exponent)) < 1e-12;
}

bool is_round(double magnitude) {
  const double scale = std::pow(10.0, std::floor(std::log10(magnitude)));
  const double lead = magnitude / scale;
  return magnitude >= 1 && std::abs(lead - std::round(lead)) < 1e-12;
}

Likeness likeness(double value) {
  constexpr std::array kMachine = {
      32767.0,    32768.0,      65535.0,       65536.0,      8388607.0,
      16777215.0, 2147483647.0, 2147483648.0,  4294967295.0, 999.25,
      9999.25,    99999.25,     3.40282347e38, 3.4028235e38, 1.7976931348623157e308};
  const double magnitude = std::abs(value);
  if (magnitude == 0 || !std::isfinite(value)) return Likeness::none;
  if (is_one_of(magnitude, kMachine.data(), kMachine.data() + kMachine.size()) || magnitude > 1e29)
    return Likeness::certain;
  if (is_power_of_ten(magnitude) && magnitude >= 1e9) return Likeness::certain;
  if (magnitude >= 99 && (repeats_a_digit(magnitude) || magnitude == 99)) return Likeness::typical;
  if (is_power_of_ten(magnitude) && magnitude >= 1e5) return Likeness::typical;
  return is_round(magnitude) ? Likeness::round : Likeness::none;
}

struct Level {
  double value = 0;
  int count = 0;
};

std::vector<Level> levels_of(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  std::sort(values.begin(), values.end());
  std::vector<Level> levels;
  for (const double value : values) {
    if (levels.empty() || levels.back().value != value) levels.push_back({value, 0});
    ++levels.back().count;
  }
  return levels;
}

struct Rest {
  double low = 0, high = 0;
  int rows = 0, levels = 0, most_alike = 0;  ///< most_alike: rows of the most frequent value
};

Rest rest_of(const std::vector<Level>& levels, std::size_t begin, std::size_t end) {
  Rest rest{levels[begin].value, levels[end - 1].value, 0, static_cast<int>(end - begin)};
  for (std::size_t k = begin; k < end; ++k) {
    rest.rows += levels[k].count;
    rest.most_alike = std::max(rest.most_alike, levels[k].count);
  }
  return rest;
}

/// The smallest distance from the rest, as a share of its span, at which the value is believed.
std::optional<double> least_gap(Likeness kind, double value, const Rest& rest, bool elsewhere) {
  const bool below_positive = value < 0 && rest.low >= 0;
  if (elsewhere) return 0.0;
  switch (kind) {
    case Likeness::certain:
      return 0.02;
    case Likeness::typical:
      if (std::abs(value) < 100) return below_positive ? 0.1 : 2.0;
      return value > 0 && value < 10 * std::abs(rest.high) ? 0.5 : 0.1;
    case Likeness::round:
      if (value > 0) return std::nullopt;
      return below_positive ? 0.1 : 1.0;
    case Likeness::none:
      return std::nullopt;
  }
  return std::nullopt;
}

/// -999 and its kin need not repeat: nobody measures them.
bool is_far_sentinel(double value, const Rest& rest) {
  const double distance = rest.low - value;
  return is_sentinel(value) && distance > 0 &&
         distance > std::min(rest.high - rest.low, 20 * std::abs(rest.low)) &&
         distance > 0.1 * std::abs(value);
}

/// Over decades the next value lies far away, too: a stand-in lies farther.
bool continues_decades(double value, const Rest& rest) {
  if (!(rest.low > 0) || rest.high < 1000 * rest.low || value < rest.high) return false;
  return value / rest.high < std::pow(rest.high / rest.low, 0.25);
}

bool is_fill(const Level& level, const Rest& rest, bool elsewhere) {
  if (is_far_sentinel(level.value, rest)) return true;
  constexpr int kContinuous = 10;
  const Likeness kind = likeness(level.value);
  if (kind == Likeness::none || continues_decades(level.value, rest)) return false;
  const double span = rest.high - rest.low;
  const double gap = level.value < rest.low ? rest.low - level.value : level.value - rest.high;
  const auto least = least_gap(kind, level.value, rest, elsewhere);
  if (!least || gap < *least * span || gap < 0.02 * std::abs(level.value)) return false;
  // One value may be a slip; that it comes again and others do not is what a stand-in does.
  const bool strange = gap > 20 * std::max(span, std::abs(rest.high)) && kind >= Likeness::typical;
  if (level.count < 2 && !elsewhere && !strange) return false;
  if (rest.levels < kContinuous || rest.rows < kContinuous)
    return kind == Likeness::certain || (kind == Likeness::typical && strange) ||
           (elsewhere && kind >= Likeness::typical);
  if (kind == Likeness::round && !elsewhere)
    return level.count >= 3 && (level.count > rest.most_alike || 20 * level.count > rest.rows ||
                                rest.levels > rest.rows / 2);
  return true;
}

}  // namespace

namespace {

/// Whether an end of the column may be a fill at all: sorting takes longer than this look.
bool may_hold_fills(const std::vector<double>& values, const std::vector<double>& elsewhere) {
  double low = INFINITY, high = -INFINITY;
  for (const double value : values) {
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  const auto is_known = [&](double value) {
    return std::find(elsewhere.begin(), elsewhere.end(), value) != elsewhere.end();
  };
  return is_known(low) || is_known(high) || likeness(high) >= Likeness::typical ||
         (low < 0 && likeness(low) != Likeness::none) || likeness(low) >= Likeness::typical;
}

}  // namespace

std::vector<double> find_fills(const std::vector<double>& values,
                               const std::vector<double>& elsewhere) {
  if (!may_hold_fills(values, elsewhere)) return {};
  const std::vector<Level> levels = levels_of(values);
  std::vector<double> fills;
  std::size_t begin = 0, end = levels.size();
  for (bool again = true; again && end - begin > 2;) {
    again = false;
    for (const bool lowest : {true, false}) {
      if (end - begin < 3) break;
      const Level& level = levels[lowest ? begin : end - 1];
      const Rest rest = rest_of(levels, begin + lowest, end - !lowest);
      const bool known =
          std::find(elsewhere.begin(), elsewhere.end(), level.value) != elsewhere.end();
      if (!is_fill(level, rest, known)) continue;
      fills.push_back(level.value);
      (lowest ? ++begin : --end);
      again = true;
    }
  }
  return fills;
}

}  // namespace cupel
