// The range of a formula over a box of outputs, extrema inside the box included.
//
// Interval arithmetic gives bounds that hold; where a name occurs more than once they are wide.
// Slopes tell in which names the formula rises or falls on all of the box (an end of its interval
// then stands for it) and give a second bound (mean value form); what is still wide is halved and
// looked at again, until the bounds are tight or the allowance of pieces is used up. Bounds hold
// at any moment (Hansen and Walster, Global Optimization Using Interval Analysis, 2004).
#pragma once

#include <vector>

#include "cupel/process/formulas.hpp"
#include "cupel/process/interval.hpp"

namespace cupel {

/// So many outputs may a formula read.
constexpr int kMostFreeNames = 10;

/// A name that lies anywhere in an interval.
struct FreeName {
  int name = 0;
  double low = 0, up = 0;
};

/// A formula, the free names that it reads, and the named formulas that come before it, in order;
/// all other names have the value that `Formulas` holds.
struct RangeQuery {
  struct Named {
    int name = 0, formula = 0;
  };
  int formula = 0;
  std::vector<Named> named = {};
  std::vector<FreeName> free = {};
};

/// Holds all values of the formula on the box; reaches beyond them by about 1e-4 of their
/// width, by more where the formula is too tangled. The whole line where it may have no value
/// (division by what may be 0, root of what may be negative).
Interval range_of(const Formulas& formulas, const RangeQuery& query);

}  // namespace cupel
