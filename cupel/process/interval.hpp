// Arithmetic of intervals: the result holds every value that the operation takes on the whole of
// its operands, rounding included (Moore, Interval Analysis, 1966). Where an operation may have no
// value (root of a negative number, 0/0), the result is not `defined`, and so are all built on it.
#pragma once

#include <cmath>

namespace cupel {

struct Interval {
  double low = 0, up = 0;
  bool defined = true;  ///< has a value everywhere

  bool is_point() const { return low == up; }
  bool holds(double value) const { return low <= value && value <= up; }
};

constexpr Interval point(double value) { return {value, value}; }
constexpr Interval kWholeLine{-INFINITY, INFINITY};

enum class FunctionKind {
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  log2,
  log10,
  ln,
  exp,
  sqrt,
  sign,
  rint,  ///< halves upwards, as formulas round
  abs,
};

Interval negate(const Interval& a);
Interval add(const Interval& a, const Interval& b);
Interval subtract(const Interval& a, const Interval& b);
Interval multiply(const Interval& a, const Interval& b);
/// The whole line where `b` holds 0.
Interval divide(const Interval& a, const Interval& b);
Interval power(const Interval& a, const Interval& b);
Interval arctangent(const Interval& y, const Interval& x);  ///< atan2
Interval smaller(const Interval& a, const Interval& b);
Interval larger(const Interval& a, const Interval& b);
Interval apply(FunctionKind function, const Interval& a);
/// Of the function on all of `a`, [-∞, ∞] where it jumps.
Interval derivative(FunctionKind function, const Interval& a);

/// The smallest interval that holds both.
Interval hull(const Interval& a, const Interval& b);

}  // namespace cupel
