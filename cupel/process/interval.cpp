#include "cupel/process/interval.hpp"

#include <algorithm>
#include <cfloat>

namespace cupel {
namespace {

constexpr double kPi = 3.14159265358979323846;
/// Libraries err by less than four units in the last place.
constexpr double kLibraryError = 4 * DBL_EPSILON;

double below(double value) { return std::nextafter(value, -INFINITY); }
double above(double value) { return std::nextafter(value, INFINITY); }

/// Rounded outwards, given the sign of what rounding took away (NaN: not known).
double rounded_down(double value, double error) {
  if (value == INFINITY) return DBL_MAX;  // of finite operands
  return error >= 0 ? value : below(value);
}
double rounded_up(double value, double error) {
  if (value == -INFINITY) return -DBL_MAX;
  return error <= 0 ? value : above(value);
}

/// What a sum of two lacks (Knuth).
double error_of_sum(double a, double b, double sum) {
  const double part = sum - a;
  return (a - (sum - part)) + (b - part);
}

double error_of_product(double a, double b, double product) {
  if (std::abs(product) < 1e-280) return a == 0 || b == 0 ? 0 : NAN;
  return std::fma(a, b, -product);
}

struct Ends {
  double low, up;
};

Ends sum_of(double a, double b) {
  const double sum = a + b;
  if (std::isinf(a) || std::isinf(b)) return {sum, sum};
  const double error = error_of_sum(a, b, sum);
  return {rounded_down(sum, error), rounded_up(sum, error)};
}

/// Infinite ends are limits: 0 times them is 0.
Ends product_of(double a, double b) {
  if (a == 0 || b == 0) return {0, 0};
  const double product = a * b;
  if (std::isinf(a) || std::isinf(b)) return {product, product};
  const double error = error_of_product(a, b, product);
  return {rounded_down(product, error), rounded_up(product, error)};
}

/// b is not 0.
Ends quotient_of(double a, double b) {
  if (a == 0 || std::isinf(b)) return {0, 0};
  const double quotient = a / b;
  if (std::isinf(a)) return {quotient, quotient};
  const double rest = std::abs(quotient) < 1e-280 ? NAN : -std::fma(quotient, b, -a);
  const double error = b < 0 ? -rest : rest;
  return {rounded_down(quotient, error), rounded_up(quotient, error)};
}

template <class Operation>
Interval of_corners(const Interval& a, const Interval& b, Operation operation) {
  Interval all{INFINITY, -INFINITY, a.defined && b.defined};
  for (const double left : {a.low, a.up})
    for (const double right : {b.low, b.up}) {
      const Ends ends = operation(left, right);
      all.low = std::min(all.low, ends.low);
      all.up = std::max(all.up, ends.up);
    }
  return all;
}

bool is_infinite(const Interval& a) { return std::isinf(a.low) || std::isinf(a.up); }

Interval undefined() { return {-INFINITY, INFINITY, false}; }

Ends from_library(double value) {
  if (std::isinf(value)) return {value, value};
  const double error = kLibraryError * std::abs(value) + DBL_TRUE_MIN;
  return {value - error, value + error};
}

/// A rising function between the ends, cut at the values it cannot leave.
template <class Function>
Interval rising(const Interval& a, Function function, Interval range = kWholeLine) {
  const Ends low = from_library(function(a.low)), up = from_library(function(a.up));
  return {std::max(range.low, low.low == INFINITY ? DBL_MAX : low.low),
          std::min(range.up, up.up == -INFINITY ? -DBL_MAX : up.up), a.defined};
}

/// Whether a - offset may hold a whole multiple of `period`.
bool may_hold_multiple(const Interval& a, double offset, double period) {
  const double slack = 1e-9 + 4 * DBL_EPSILON * std::max(std::abs(a.low), std::abs(a.up));
  return std::floor((a.up + slack - offset) / period) >=
         std::ceil((a.low - slack - offset) / period);
}

/// sin and cos: crests at crest + 2 pi n, troughs half a period on.
template <class Function>
Interval wave(const Interval& a, Function function, double crest) {
  if (is_infinite(a)) return {-1, 1, false};
  if (a.up - a.low >= 2 * kPi || std::abs(a.low) > 1e9) return {-1, 1, a.defined};
  const Ends one = from_library(function(a.low)), other = from_library(function(a.up));
  Interval result{std::max(-1.0, std::min(one.low, other.low)),
                  std::min(1.0, std::max(one.up, other.up)), a.defined};
  if (may_hold_multiple(a, crest, 2 * kPi)) result.up = 1;
  if (may_hold_multiple(a, crest + kPi, 2 * kPi)) result.low = -1;
  return result;
}

Interval tangent(const Interval& a) {
  if (is_infinite(a)) return undefined();
  if (a.up - a.low >= kPi || may_hold_multiple(a, kPi / 2, kPi))
    return {-INFINITY, INFINITY, a.defined};
  return rising(a, [](double x) { return std::tan(x); });
}

/// The part of `a` inside the function's domain; not defined when some of it is outside.
Interval inside(const Interval& a, double low, double up) {
  if (a.up < low || a.low > up) return {low, up, false};
  return {std::clamp(a.low, low, up), std::clamp(a.up, low, up),
          a.defined && a.low >= low && a.up <= up};
}

Interval root(const Interval& a) {
  const Interval of = inside(a, 0, INFINITY);
  const auto ends = [](double x) -> Ends {
    const double value = std::sqrt(x);
    if (std::isinf(x)) return {value, value};
    const double error = x > 0 && x < 1e-280 ? NAN : -std::fma(value, value, -x);
    return {rounded_down(value, error), rounded_up(value, error)};
  };
  return {std::max(0.0, ends(of.low).low), ends(of.up).up, of.defined};
}

Interval absolute(const Interval& a) {
  if (a.low >= 0) return a;
  if (a.up <= 0) return negate(a);
  return {0, std::max(-a.low, a.up), a.defined};
}

double sign_of(double value) { return value < 0 ? -1 : value > 0 ? 1 : 0; }
double rounded(double value) { return std::floor(value + 0.5); }

}  // namespace

Interval hull(const Interval& a, const Interval& b) {
  return {std::min(a.low, b.low), std::max(a.up, b.up), a.defined && b.defined};
}

Interval negate(const Interval& a) { return {-a.up, -a.low, a.defined}; }

Interval add(const Interval& a, const Interval& b) {
  const bool opposite =
      (a.up == INFINITY && b.low == -INFINITY) || (a.low == -INFINITY && b.up == INFINITY);
  const double low = sum_of(a.low, b.low).low, up = sum_of(a.up, b.up).up;
  return {std::isnan(low) ? -INFINITY : low, std::isnan(up) ? INFINITY : up,
          a.defined && b.defined && !opposite};
}

Interval subtract(const Interval& a, const Interval& b) { return add(a, negate(b)); }

Interval multiply(const Interval& a, const Interval& b) {
  Interval product = of_corners(a, b, product_of);
  if ((a.holds(0) && is_infinite(b)) || (b.holds(0) && is_infinite(a))) product.defined = false;
  return product;
}

Interval divide(const Interval& a, const Interval& b) {
  if (b.holds(0)) return {-INFINITY, INFINITY, a.defined && b.defined && !a.holds(0)};
  Interval quotient = of_corners(a, b, quotient_of);
  if (is_infinite(a) && is_infinite(b)) {
    quotient = undefined();
  }
  return quotient;
}

namespace {

/// a ^ n for a whole n that is not 0.
Interval whole_power(const Interval& a, double n) {
  if (n < 0) return divide({1, 1, a.defined}, whole_power(a, -n));
  const bool is_even = std::fmod(n, 2) == 0;
  const auto raised = [n](double x) { return n == 1 ? x : std::pow(x, n); };
  if (n == 1) return a;
  if (n == 2) {
    const Interval size = absolute(a);
    return {std::max(0.0, product_of(size.low, size.low).low), product_of(size.up, size.up).up,
            a.defined};
  }
  if (is_even) return rising(absolute(a), raised, {0, INFINITY});
  return rising(a, raised);
}

}  // namespace

Interval power(const Interval& a, const Interval& b) {
  const bool defined = a.defined && b.defined;
  if (b.is_point() && b.low == 0) return {1, 1, defined};
  if (b.is_point() && std::isfinite(b.low) && b.low == std::rint(b.low)) {
    Interval result = whole_power(a, b.low);
    result.defined = result.defined && defined;
    return result;
  }
  if (is_infinite(b)) return undefined();
  const Interval base = inside(a, 0, INFINITY);
  Interval all = of_corners(base, b, [](double x, double y) {
    const double value = std::pow(x, y);
    if (value == INFINITY && x > 0 && std::isfinite(x)) return Ends{DBL_MAX, INFINITY};
    return from_library(value);
  });
  all.low = std::max(0.0, all.low);
  all.defined = base.defined && defined;
  return all;
}

Interval arctangent(const Interval& y, const Interval& x) {
  if (x.low <= 0 && y.low <= 0 && y.up >= 0)
    return {from_library(-kPi).low, from_library(kPi).up, x.defined && y.defined};
  return of_corners(y, x, [](double a, double b) { return from_library(std::atan2(a, b)); });
}

Interval smaller(const Interval& a, const Interval& b) {
  return {std::min(a.low, b.low), std::min(a.up, b.up), a.defined && b.defined};
}
Interval larger(const Interval& a, const Interval& b) {
  return {std::max(a.low, b.low), std::max(a.up, b.up), a.defined && b.defined};
}

Interval apply(FunctionKind function, const Interval& a) {
  const auto positive = [&] { return inside(a, 0, INFINITY); };
  switch (function) {
    case FunctionKind::sin:
      return wave(
          a, [](double x) { return std::sin(x); }, kPi / 2);
    case FunctionKind::cos:
      return wave(
          a, [](double x) { return std::cos(x); }, 0);
    case FunctionKind::tan:
      return tangent(a);
    case FunctionKind::asin:
      return rising(inside(a, -1, 1), [](double x) { return std::asin(x); });
    case FunctionKind::acos:
      return negate(rising(inside(a, -1, 1), [](double x) { return -std::acos(x); }));
    case FunctionKind::atan:
      return rising(a, [](double x) { return std::atan(x); });
    case FunctionKind::sinh:
      return rising(a, [](double x) { return std::sinh(x); });
    case FunctionKind::cosh:
      return rising(absolute(a), [](double x) { return std::cosh(x); }, {1, INFINITY});
    case FunctionKind::tanh:
      return rising(a, [](double x) { return std::tanh(x); }, {-1, 1});
    case FunctionKind::asinh:
      return rising(a, [](double x) { return std::asinh(x); });
    case FunctionKind::acosh:
      return rising(inside(a, 1, INFINITY), [](double x) { return std::acosh(x); }, {0, INFINITY});
    case FunctionKind::atanh:
      return rising(inside(a, -1, 1), [](double x) { return std::atanh(x); });
    case FunctionKind::log2:
      return rising(positive(), [](double x) { return std::log2(x); });
    case FunctionKind::log10:
      return rising(positive(), [](double x) { return std::log10(x); });
    case FunctionKind::ln:
      return rising(positive(), [](double x) { return std::log(x); });
    case FunctionKind::exp:
      return rising(a, [](double x) { return std::exp(x); }, {0, INFINITY});
    case FunctionKind::sqrt:
      return root(a);
    case FunctionKind::sign:
      return {sign_of(a.low), sign_of(a.up), a.defined};
    case FunctionKind::rint:
      return {rounded(a.low), rounded(a.up), a.defined};
    case FunctionKind::abs:
      return absolute(a);
  }
  return undefined();
}

Interval derivative(FunctionKind function, const Interval& a) {
  const auto one_over = [](const Interval& b) {  // b reaches from 0 or more
    return b.low <= 0 ? Interval{b.up > 0 ? below(1 / b.up) : 0, INFINITY} : divide(point(1), b);
  };
  const auto positive = [&] { return inside(a, 0, INFINITY); };
  switch (function) {
    case FunctionKind::sin:
      return apply(FunctionKind::cos, a);
    case FunctionKind::cos:
      return negate(apply(FunctionKind::sin, a));
    case FunctionKind::tan:
      if (is_infinite(tangent(a))) return kWholeLine;
      return add(point(1), power(tangent(a), point(2)));
    case FunctionKind::asin:
    case FunctionKind::atanh:
      return {1, INFINITY};
    case FunctionKind::acos:
      return {-INFINITY, -1};
    case FunctionKind::atan:
      return one_over(add(point(1), power(a, point(2))));
    case FunctionKind::sinh:
      return apply(FunctionKind::cosh, a);
    case FunctionKind::cosh:
      return apply(FunctionKind::sinh, a);
    case FunctionKind::tanh:
    case FunctionKind::asinh:
      return {0, 1};
    case FunctionKind::acosh:
      return {0, INFINITY};
    case FunctionKind::log2:
      return multiply(one_over(positive()), {1.4426950408889, 1.4426950408890});
    case FunctionKind::log10:
      return multiply(one_over(positive()), {0.4342944819032, 0.4342944819033});
    case FunctionKind::ln:
      return one_over(positive());
    case FunctionKind::exp:
      return apply(FunctionKind::exp, a);
    case FunctionKind::sqrt:
      return multiply(point(0.5), one_over(root(a)));
    case FunctionKind::sign:
      return a.low > 0 || a.up < 0 ? point(0) : kWholeLine;
    case FunctionKind::rint:
      return rounded(a.low) == rounded(a.up) ? point(0) : kWholeLine;
    case FunctionKind::abs:
      return {a.low >= 0 ? 1.0 : -1.0, a.up <= 0 ? -1.0 : 1.0};
  }
  return kWholeLine;
}

}  // namespace cupel
